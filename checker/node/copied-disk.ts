/**
 * Recognises a machine that starts with a copy of another machine's disk. Monitors know the content of the disk, but nothing of the new process. So
 * the new machine's record is that of the other machine after a death.
 */
import type { DeathEvent, RunEvent } from '../../core/events.ts';

export interface Copied {
  /** The node whose disk was copied. */
  readonly from: string;
  /** A death of the new machine, made up for its monitors. */
  readonly death: DeathEvent;
}

/** The copy that this event reports; undefined for any other event. */
export function copiedDisk(event: RunEvent): Copied | undefined {
  if (event.type !== 'fault' || event.kind !== 'disk copied') return undefined;
  const { index, time, node, life, cause } = event;
  const death: DeathEvent = {
    index,
    time,
    node,
    life,
    cause,
    type: 'death',
    kind: 'power',
    at: 'at once',
    image: 'none',
    lostBytes: 0,
  };
  return { from: String(event.detail['diskOf']), death };
}
