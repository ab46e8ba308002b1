/**
 * A machine that begins with a copy of another's disk: what is known of that disk is known of the copy, and of the process nothing. So its record is
 * that of the other machine, as if that one had just died.
 */
import type { DeathEvent, RunEvent } from '../../core/events.ts';

export interface Copied {
  readonly from: string;
  readonly death: DeathEvent;
}

/** Undefined where the event is no such copy. */
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
