/** Begins and ends of recorded calls in one order. */
import type { RecordedCall } from '../recording/calls.ts';

export interface CallEvent {
  readonly call: RecordedCall;
  readonly isEnd: boolean;
}

/** Begins and ends of all calls by their stamps; equal stamps stay in the order of the calls. */
export function inOrder(calls: readonly RecordedCall[]): readonly CallEvent[] {
  const events = calls.flatMap((call) => [
    { call, isEnd: false, stamp: call.begin },
    { call, isEnd: true, stamp: call.end },
  ]);
  return events.filter(({ stamp }) => stamp !== Number.POSITIVE_INFINITY).sort((a, b) => a.stamp - b.stamp);
}
