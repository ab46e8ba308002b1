/** The frames that a node had appended to its log before a death and did not find again after it, whatever its protocol says in them. */
import { framesIn } from '../../checker/tendermint/decode.ts';
import type { RunEvent } from '../../core/events.ts';
import { type Frame, isRemoval, notOnDisk, readAgain } from './frames-of-log.ts';

export interface LostFrames {
  readonly death: RunEvent;
  readonly restart: RunEvent;
  /** The append of the first one. */
  readonly first: RunEvent;
  /** How many there are and where they were lost, in words. */
  readonly lost: string;
}

/** Those of the life before the one in which this event happened. Undefined where there was no such life, or nothing was lost. */
export function lostFramesBefore(events: readonly RunEvent[], at: number): LostFrames | undefined {
  const event = events[at];
  if (event === undefined) return undefined;
  const ofNode = events.filter(({ node, index }) => node === event.node && index <= at);
  const restart = ofNode.findLast(({ type }) => type === 'restart');
  if (restart === undefined) return undefined;
  const before = ofNode.filter(({ index }) => index < restart.index);
  const death = before.findLast(({ type }) => type === 'death' || type === 'stopped');
  const lost = appendedIn(before, restart.life - 1).filter(({ payload }) => readAgain(ofNode, restart, payload) === undefined);
  const [first] = lost;
  if (death === undefined || first === undefined) return undefined;
  const where = notOnDisk(before, first, death);
  const others = lost.length === 1 ? where : `${lost.length} frames are gone from ${first.file}; of the first, ${where}`;
  return { death, restart, first: first.event, lost: others };
}

/** What one life appended to files of its log that it did not remove itself. */
function appendedIn(events: readonly RunEvent[], life: number): readonly Frame[] {
  return events.flatMap((event): readonly Frame[] => {
    if (event.life !== life || event.type !== 'effect' || event.effect.type !== 'disk') return [];
    const { operation } = event.effect;
    if (operation.type !== 'append' || !operation.file.startsWith('wal/')) return [];
    const { file } = operation;
    if (events.some((later) => later.index > event.index && isRemoval(later, file))) return [];
    return framesIn(operation.bytes).map(({ payload }) => ({ event, file, payload }));
  });
}
