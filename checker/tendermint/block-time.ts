/**
 * `block-time`: where values name the time at which they were made, times rise from block to block, and a correct proposer makes no value that is not later than
 * the block before. Judged are the blocks that nodes store and the new proposals that they send. The time is read from the name of the value.
 */
import type { Monitor, Property, RunEvent, Setting } from '../../core/events.ts';
import { emptyTable, fromHeight, type HeightTable, heightEntry, withHeight } from '../../core/height-table.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { blockIn, frameOf, framesIn } from './decode.ts';
import { signersIn } from './keys.ts';
import { noProgress, type Progress, progressAfter } from './progress.ts';
import { whereDecided } from './statements.ts';

interface Memory extends Judged {
  readonly progress: Progress;
  /** By height: the time of the block (ms) that was stored there first. */
  readonly times: HeightTable<number>;
}

function monitorOf(setting: Setting): Monitor<Memory> {
  return {
    watches: ['effect transmit', 'disk append', ...whereDecided, 'fault'],
    start: { ...unjudged, progress: noProgress(setting), times: emptyTable },
    look: (memory, event, observer) => {
      const next = event.type === 'effect' && !observer.isFaulty(event.node) ? looked(memory, event, setting) : memory;
      const progress = progressAfter(next.progress, event, setting);
      // The block before the lowest height is still compared with the next.
      return progress === next.progress ? next : { ...next, progress, times: fromHeight(next.times, progress.lowest - 1) };
    },
    finish: (memory) => verdictOf(memory, 'nobody stored two blocks'),
    relevant: relevantOf,
  };
}

function looked(memory: Memory, event: RunEvent & { readonly type: 'effect' }, setting: Setting): Memory {
  const { effect } = event;
  if (effect.type === 'transmit') return effect.to.length === 0 ? memory : proposed(memory, event, setting, effect.data);
  if (effect.type !== 'disk' || effect.operation.type !== 'append' || !effect.operation.file.startsWith('blocks/')) return memory;
  let next = memory;
  for (const { kind, payload } of framesIn(effect.operation.bytes)) {
    const decision = kind === frameOf.block ? blockIn(payload)?.decision : undefined;
    if (decision !== undefined) next = stored(next, event, decision.height, decision.value);
  }
  return next;
}

function stored(memory: Memory, event: RunEvent, height: number, value: string): Memory {
  const time = timeIn(value);
  const before = heightEntry(memory.times, height - 1);
  if (time === undefined)
    return wrong(memory, event, `stored the value ${value} at height ${height}, which names no time`, height);
  const known =
    heightEntry(memory.times, height) === undefined ? { ...memory, times: withHeight(memory.times, height, time) } : memory;
  if (before === undefined) return known;
  if (time <= before)
    return wrong(known, event, `stored a block of ${time} ms at height ${height}; the block before is of ${before} ms`, height);
  return known.isExercised ? known : { ...known, isExercised: true };
}

/** A value that a node proposes again was made by another, or before. */
function proposed(memory: Memory, event: RunEvent, setting: Setting, data: object): Memory {
  const { type, proposer, height, polRound, value } = data as Readonly<Record<string, unknown>>;
  if (type !== 'proposal' || polRound !== -1 || typeof height !== 'number' || typeof value !== 'string') return memory;
  if (proposer !== signersIn(setting)(event.node)) return memory;
  const time = timeIn(value) ?? -1;
  const before = heightEntry(memory.times, height - 1);
  if (before === undefined || time > before) return memory;
  return wrong(memory, event, `proposed a value of ${time} ms at height ${height}; the block before is of ${before} ms`, height);
}

function timeIn(value: string): number | undefined {
  const [, digits] = /@(\d+)/.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function wrong(memory: Memory, { node, index }: RunEvent, what: string, height: number): Memory {
  return withViolation({ ...memory, isExercised: true }, { message: `${node} ${what}`, event: index, nodes: [node], height });
}

export const blockTimes: Property = {
  name: 'block-time',
  says: 'the time of a block is later than that of the block before, and a correct proposer makes no other values',
  hint: 'a proposer takes its clock or the time after the block before, whichever is later; validators refuse an earlier time',
  monitor: monitorOf,
};
