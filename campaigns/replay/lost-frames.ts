/** Finds the frames that a node appended to its log before a death, and that it did not read after it. It works for every protocol. */
import { framesIn } from '../../checker/tendermint/decode.ts';
import type { RunEvent } from '../../core/events.ts';
import { type Frame, isRemoval, notOnDisk, readAgain } from './frames-of-log.ts';

export interface LostFrames {
  readonly death: RunEvent;
  readonly restart: RunEvent;
  /** The append of the first lost frame. */
  readonly first: RunEvent;
  /** How many frames were lost, and how, in words. */
  readonly lost: string;
}

/** The frames of the life before this event's life that were lost. Undefined if there was no earlier life, or nothing was lost. */
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

/** The frames that one life appended to its log. Frames in files that the node removed later are not included. */
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
