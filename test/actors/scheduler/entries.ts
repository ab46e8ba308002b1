/** Entries of a queue, and as much of a world as the order by cause looks at. */
import { CausalOrder, type Waits } from '../../../actors/scheduler/causal-order.ts';
import type { Delivery, Entry } from '../../../actors/scheduler/event-heap.ts';
import type { World } from '../../../actors/scheduler/index.ts';

export const names: readonly string[] = ['A', 'B', 'C', 'D'];
let arrived = 0;

export function entry(delivery: Delivery, node: number, changes: Partial<Entry> = {}): Entry {
  arrived += 1;
  return { time: 5, tie: 0, order: arrived, node, life: 0, cause: -1, delivery, ...changes };
}
/** On the wire, from a node to another. */
export const wire = (from: string, node: number, changes: Partial<Entry> = {}): Entry =>
  entry({ type: 'message', actor: 4, message: { type: 'vote' }, from }, node, { life: -1, ...changes });
/** Between the actors of a node. */
export const inner = (from: string, node: number, changes: Partial<Entry> = {}): Entry =>
  entry({ type: 'message', actor: 1, message: { type: 'flush' }, from }, node, changes);
export const timer = (name: string, node: number, changes: Partial<Entry> = {}): Entry =>
  entry({ type: 'timer', actor: 2, timer: name, generation: 1 }, node, changes);
export const disk = (actor: number, node: number, changes: Partial<Entry> = {}): Entry =>
  entry({ type: 'disk', actor, completion: {} as never }, node, changes);
export const restart = (node: number, changes: Partial<Entry> = {}): Entry =>
  entry({ type: 'control', action: { type: 'restart' } }, node, { life: -1, ...changes });

export const nothingWaits: Waits = () => false;
export const disksWait: Waits = ({ delivery }) => delivery.type === 'disk';

/** As much of a world as the order looks at. `leadsTo`: what a delivery sends. */
export function worldOf(entries: readonly Entry[], leadsTo: (delivered: Entry) => readonly Entry[] = () => []): World {
  const world = {
    nodes: names,
    underWay: [...entries],
    dropStaleTimers: () => undefined,
    stepEntry: (delivered: Entry) => {
      world.underWay = [...world.underWay.filter((other) => other !== delivered), ...leadsTo(delivered)];
    },
  };
  return world as unknown as World;
}

/** An order that knows these depths of what is under way: each chain begins with a message within node D. */
export function deepOrder(depths: ReadonlyMap<Entry, number>): CausalOrder {
  const order = new CausalOrder();
  for (const [one, depth] of depths) order.noteDepths({ underWay: [one] } as unknown as World, depth - (one.life === -1 ? 1 : 0));
  return order;
}
