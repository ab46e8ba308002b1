/** Faults of a running process: pauses, drifting clocks, slow disks, timers that elapse early. Directors and tests call these functions. */

import type { Delivery } from './event-heap.ts';
import type { NodeRuntime } from './node-runtime.ts';
import type { RunContext } from './run-context.ts';

/** Emits the event of a fault. `detail` describes it. */
export function noteFault(context: RunContext, node: NodeRuntime, kind: string, detail: Readonly<Record<string, unknown>>): void {
  context.emit({ type: 'fault', ...context.recorder.common(context.time, node, -1), kind, detail });
}

/** Marks a node as faulty: from now on properties do not judge it. */
export function markFaulty(context: RunContext, node: NodeRuntime, why: string): void {
  if (node.isFaulty) return;
  node.isFaulty = true;
  noteFault(context, node, 'counted as faulty', { why });
}

/** Pauses the process: nothing reaches it until it is resumed (SIGSTOP, a long garbage collection, a frozen machine). */
export function pause(context: RunContext, node: NodeRuntime): void {
  if (!node.isUp || node.held !== undefined) return;
  node.held = [];
  noteFault(context, node, 'paused', {});
}

/** Resumes the process: everything that arrived meanwhile is delivered now, in order. */
export function resume(context: RunContext, node: NodeRuntime): void {
  const { held } = node;
  if (held === undefined) return;
  node.held = undefined;
  noteFault(context, node, 'resumed', { messages: held.length });
  context.deliveries.release(context.time, held);
}

/** Sets the drift of the clock: timers that are set from now on take this many thousandths longer, or shorter if below 0. */
export function setDrift(context: RunContext, node: NodeRuntime, perMille: number): void {
  node.driftPerMille = perMille;
  noteFault(context, node, 'drift', { perMille });
}

/** Makes each sync that is issued from now on take this many microseconds longer. */
export function setSyncDelay(context: RunContext, node: NodeRuntime, microseconds: number): void {
  node.syncDelay = microseconds;
  noteFault(context, node, 'slow-fsync', { microseconds });
}

/** Makes an armed timer elapse now, the next one due: of those named `timer` or `timer/...`, or of all. False if none is armed. */
export function fireTimer(context: RunContext, node: NodeRuntime, timer?: string): boolean {
  const armed = node.timers.filter((one) => timer === undefined || one.timer === timer || one.timer.startsWith(`${timer}/`));
  // If two timers are due at the same time, that of the first actor elapses, and for one actor the timer that was set first.
  const [first] = armed.sort((a, b) => a.due - b.due || a.actor - b.actor);
  if (first === undefined) return false;
  const { due: _due, ...setting } = first;
  noteFault(context, node, 'timer', { timer: first.timer });
  const delivery: Delivery & { readonly type: 'timer' } = { type: 'timer', ...setting };
  context.deliveries.timer(context.time, node, context.recorder.events - 1, delivery);
  return true;
}
