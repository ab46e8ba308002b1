/** What somebody outside does to a node's process while it lives: pauses, clocks, slow disks, timers that elapse early. */

import type { Delivery } from './event-heap.ts';
import type { NodeRuntime } from './node-runtime.ts';
import type { RunContext } from './run-context.ts';

/** Reports a fault that somebody put into the world (`detail` in words for people). */
export function noteFault(context: RunContext, node: NodeRuntime, kind: string, detail: Readonly<Record<string, unknown>>): void {
  context.emit({ type: 'fault', ...context.recorder.common(context.time, node, -1), kind, detail });
}

/** From now on the node is owed nothing and owes nothing. */
export function markFaulty(context: RunContext, node: NodeRuntime, why: string): void {
  if (node.isFaulty) return;
  node.isFaulty = true;
  noteFault(context, node, 'counted as faulty', { why });
}

/** Nothing reaches the process until it is resumed (SIGSTOP, a long garbage collection, a frozen machine). */
export function pause(context: RunContext, node: NodeRuntime): void {
  if (!node.isUp || node.held !== undefined) return;
  node.held = [];
  noteFault(context, node, 'paused', {});
}

/** What came meanwhile arrives now, in its order. */
export function resume(context: RunContext, node: NodeRuntime): void {
  const { held } = node;
  if (held === undefined) return;
  node.held = undefined;
  noteFault(context, node, 'resumed', { messages: held.length });
  context.deliveries.release(context.time, held);
}

/** Timers set from now on elapse later by this share in thousandths, or earlier below 0. */
export function setDrift(context: RunContext, node: NodeRuntime, perMille: number): void {
  node.driftPerMille = perMille;
  noteFault(context, node, 'drift', { perMille });
}

/** Each sync issued from now on takes this many microseconds longer. */
export function setSyncDelay(context: RunContext, node: NodeRuntime, microseconds: number): void {
  node.syncDelay = microseconds;
  noteFault(context, node, 'slow-fsync', { microseconds });
}

/** An armed timer elapses now: the one whose name begins so, or (without a name) the next one due. False where none is armed. */
export function fireTimer(context: RunContext, node: NodeRuntime, timer?: string): boolean {
  const armed = node.timers.filter((one) => timer === undefined || one.timer === timer || one.timer.startsWith(`${timer}/`));
  // When two are due at once, the one of the actor that comes first in the node is taken. For one actor it is the one that was set first.
  const [first] = armed.sort((a, b) => a.due - b.due || a.actor - b.actor);
  if (first === undefined) return false;
  const { due: _due, ...setting } = first;
  noteFault(context, node, 'timer', { timer: first.timer });
  const delivery: Delivery & { readonly type: 'timer' } = { type: 'timer', ...setting };
  context.deliveries.timer(context.time, node, context.recorder.events - 1, delivery);
  return true;
}
