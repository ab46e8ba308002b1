/**
 * `bounded-log`: in one life, a node logs at most rounds x (2n + 14) frames for a height, with n the number of validators. Two kinds of frames are not
 * counted. A liar's contradictions are kept as evidence, at most eight for each place. A slow node also logs votes of later rounds, in which its peers already
 * are. The content of the log distinguishes both from repetitions.
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
  /** One count for each node, in the order of the setting. A death clears the node's count, because the next life starts from zero. */
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
/** A vote that is at most this many rounds ahead is logged and counted at once. A vote further ahead waits without being logged. */
const roundsAhead = 8;
/** The most different messages of one signer at one place that are kept in addition to the first. */
const mostEvidence = 8;

/** The payloads of all frames in the file to which this event appends, including those that it appends. */
function logOf({ node, effect }: RunEvent & { readonly type: 'effect' }, observer: Observer): readonly Uint8Array[] {
  if (effect.type !== 'disk' || effect.operation.type !== 'append') return [];
  const { file, bytes } = effect.operation;
  const before = observer.fileBytes(node, file)?.subarray(headerBytes) ?? new Uint8Array();
  return [before, bytes].flatMap((part) => framesIn(part).map(({ payload }) => payload));
}

/** The number of uncounted frames among the last `count`: the first message of each signer in a later round, and evidence. */
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
