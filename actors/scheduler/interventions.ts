/** What somebody outside does to a node's process while it lives: pauses, clocks, slow disks, timers that elapse early. */

import type { Delivery } from './event-heap.ts';
import type { NodeRuntime } from './node-runtime.ts';
import type { Works } from './run-context.ts';

/** Tells of a fault that somebody put into the world (`detail` in words for people). */
export function noteFault(works: Works, node: NodeRuntime, kind: string, detail: Readonly<Record<string, unknown>>): void {
  works.emit({ type: 'fault', ...works.chronicle.common(works.time, node, -1), kind, detail });
}

/** From now on the node is owed nothing and owes nothing. */
export function markFaulty(works: Works, node: NodeRuntime, why: string): void {
  if (node.isFaulty) return;
  node.isFaulty = true;
  noteFault(works, node, 'counted as faulty', { why });
}

/** Nothing reaches the process until it is resumed (SIGSTOP, a long garbage collection, a frozen machine). */
export function pause(works: Works, node: NodeRuntime): void {
  if (!node.isUp || node.held !== undefined) return;
  node.held = [];
  noteFault(works, node, 'paused', {});
}

/** What came meanwhile arrives now, in its order. */
export function resume(works: Works, node: NodeRuntime): void {
  const { held } = node;
  if (held === undefined) return;
  node.held = undefined;
  noteFault(works, node, 'resumed', { messages: held.length });
  works.mailroom.release(works.time, held);
}

/** Timers set from now on elapse later by this share in thousandths, or earlier below 0. */
export function setDrift(works: Works, node: NodeRuntime, perMille: number): void {
  node.driftPerMille = perMille;
  noteFault(works, node, 'drift', { perMille });
}

/** Each sync issued from now on takes this many microseconds longer. */
export function setSyncDelay(works: Works, node: NodeRuntime, microseconds: number): void {
  node.syncDelay = microseconds;
  noteFault(works, node, 'slow-fsync', { microseconds });
}

/** An armed timer elapses now: the one whose name begins so, or (left out) the next one due. False where none is armed. */
export function fireTimer(works: Works, node: NodeRuntime, timer?: string): boolean {
  const armed = node.timers.filter((one) => timer === undefined || one.timer === timer || one.timer.startsWith(`${timer}/`));
  // Of two that are due at once the one of the actor that stands first, and of one actor the one that was set first.
  const [first] = armed.sort((a, b) => a.due - b.due || a.actor - b.actor);
  if (first === undefined) return false;
  const { due: _due, ...setting } = first;
  noteFault(works, node, 'timer', { timer: first.timer });
  const delivery: Delivery & { readonly type: 'timer' } = { type: 'timer', ...setting };
  works.mailroom.timer(works.time, node, works.chronicle.events - 1, delivery);
  return true;
}
