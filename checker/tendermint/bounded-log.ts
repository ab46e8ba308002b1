/**
 * `bounded-log`: the frames of a height in one life stay below a bound in rounds and validators: rounds x (2n + 14), with n the number of
 * validators. A liar adds frames: what contradicts an earlier message of its is kept as evidence, eight messages a place at most. A node that is slow
 * adds the votes of the rounds in which its peers are already. Both are told from repetitions by what is in the log.
 */
import type { Monitor, Observer, Property, RunEvent, Setting } from '../../core/events.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { framesIn, statementIn } from './decode.ts';

interface Count {
  readonly height: number;
  readonly rounds: number;
  readonly frames: number;
}

interface Memory extends Judged {
  /** In the order of the setting's nodes. The next life counts anew: two nodes that died with different counts are equal. */
  readonly counts: readonly (Count | undefined)[];
}

function boundedLogMonitor({ nodes, powers }: Setting): Monitor<Memory> {
  const places = new Map(nodes.map((node, place) => [node, place]));
  return {
    watches: ['disk append', 'death', 'stopped'],
    start: { ...unjudged, counts: nodes.map(() => undefined) },
    look: (memory, event, observer) => {
      const { node } = event;
      const place = places.get(node) as number;
      const before = memory.counts[place];
      if (event.type === 'death' || event.type === 'stopped')
        return before === undefined ? memory : { ...memory, counts: memory.counts.with(place, undefined) };
      if (event.type !== 'effect' || event.point === undefined) return memory;
      if (event.effect.type !== 'disk' || event.effect.site !== 'wal.append') return memory;
      const { height, round } = event.point;
      const isSame = before?.height === height;
      const rounds = Math.max(round + 1, isSame ? before.rounds : 1);
      const frames = (isSame ? before.frames : 0) + 1;
      const counts = memory.counts.with(place, { height, rounds, frames });
      const counted = { violations: memory.violations, isExercised: true, counts };
      const bound = rounds * (2 * powers(height).size + 14);
      if (frames <= bound || observer.isFaulty(node)) return counted;
      const free = freeFrames(logOf(event, observer), frames, rounds);
      if (frames - free <= bound) return counted;
      const besides = free === 0 ? '' : `, beside ${free} of later rounds and of evidence`;
      const message = `${node} appended ${frames - free} frames at height ${height} in ${rounds} rounds${besides}; the bound is ${bound}`;
      return withViolation(counted, { message, event: event.index, nodes: [node], height });
    },
    finish: (memory) => verdictOf(memory, 'nothing was appended'),
    relevant: relevantOf,
  };
}

const headerBytes = 48;
/** A vote this many rounds ahead is counted at once; one that is further ahead waits outside the log. */
const roundsAhead = 8;
/** Different messages of one signer at one place that are kept beside the first. */
const mostEvidence = 8;

/** The frames of the file to which this event appends, with those that it appends. */
function logOf({ node, effect }: RunEvent & { readonly type: 'effect' }, observer: Observer): readonly Uint8Array[] {
  if (effect.type !== 'disk' || effect.operation.type !== 'append') return [];
  const { file, bytes } = effect.operation;
  const before = observer.fileBytes(node, file)?.subarray(headerBytes) ?? new Uint8Array();
  return [before, bytes].flatMap((part) => framesIn(part).map(({ payload }) => payload));
}

/** Of the last `count` frames, how many the bound does not count: the first message of each signer in a later round, and evidence. */
function freeFrames(payloads: readonly Uint8Array[], count: number, rounds: number): number {
  const known = new Map<string, Set<string>>();
  let free = 0;
  for (const [index, payload] of payloads.entries()) {
    const said = statementIn(payload);
    if (said === undefined) continue;
    const place = `${said.round} ${said.kind} ${said.signer}`;
    const values = known.get(place) ?? new Set();
    const value = JSON.stringify([said.value, said.polRound]);
    const isAhead = values.size === 0 && said.round >= rounds && said.round < rounds + roundsAhead;
    const isEvidence = values.size > 0 && values.size <= mostEvidence && !values.has(value);
    if (index >= payloads.length - count && (isAhead || isEvidence)) free += 1;
    known.set(place, values.add(value));
  }
  return free;
}

export const boundedLog: Property = {
  name: 'bounded-log',
  says: 'frames of a height in one life stay below rounds x (2n + 14), not counting evidence against liars and votes of later rounds',
  monitor: boundedLogMonitor,
};
