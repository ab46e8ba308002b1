/**
 * Orders the queued entries by their causes, for searches over schedules. The depth of an entry is the length of the chain of network messages that led to it.
 * First in, first out means: the smallest depth first. Unlike virtual time, depth does not depend on the order of two independent steps, so both orders lead to
 * equal states.
 *
 * A schedule chooses among messages between nodes, restarts, timers, and what else it makes wait, such as answers of disks that may be late. All other entries
 * are immediate: they are delivered at once, in a fixed order. These are messages between the actors of one node, and the answers of other disks.
 */
import type { Entry } from './event-heap.ts';
import type { World } from './world.ts';

/** Whether an entry within a node waits until the schedule chooses it. Otherwise it is immediate: it is delivered at once. */
export type Waits = (entry: Entry) => boolean;

export class CausalOrder {
  readonly #depths = new WeakMap<Entry, number>();

  /** Delivers an entry, and notes the depths of the new entries that this leads to. */
  deliver(world: World, entry: Entry): void {
    const depth = this.depthOf(world, entry);
    // Only timers move the virtual time. Otherwise two orders of independent steps would lead to different times.
    world.stepEntry(entry, entry.delivery.type === 'timer' ? undefined : 'now');
    // A stale timer changes nothing, so a search that delivered it would come back to the same state.
    world.dropStaleTimers();
    this.noteDepths(world, depth);
  }

  /** Notes the depths of new entries after a step at this depth: one more for messages between nodes, the same for entries within a node. */
  noteDepths(world: World, depth: number): void {
    for (const entry of world.underWay)
      if (!this.#depths.has(entry)) this.#depths.set(entry, isOnWire(entry) ? depth + 1 : depth);
  }

  /** The depth of an entry. A timer or a restart has no cause in the network; it is given the smallest depth of all messages between nodes. */
  depthOf(world: World, entry: Entry): number {
    const { type } = entry.delivery;
    return type === 'timer' || type === 'control' ? this.#smallestDepth(world) : (this.#depths.get(entry) ?? 0);
  }

  /** Delivers the immediate entries one after another, until none is left. */
  settle(world: World, waits: Waits, deliver: (entry: Entry) => void): void {
    for (let next = this.next(world, waits); next !== undefined; next = this.next(world, waits)) deliver(next);
  }

  /** The next immediate entry, if there is one. Messages within a node come before answers of disks: where answers wait, they come first too. */
  next(world: World, waits: Waits): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of world.underWay)
      if (isImmediate(entry, waits) && (first === undefined || byKindAndPlace(entry, first) < 0)) first = entry;
    return first;
  }

  /**
   * The entries among which the schedule chooses now. First, for each disk that may be late and each actor that waits for it, the oldest answer; then the oldest
   * message of each pair of nodes, by depth; last the first restart. If there are no answers and no messages, the first timer or restart is the only choice.
   */
  choices(world: World, waits: Waits): readonly Entry[] {
    const oldest = new Map<string, Entry>();
    const elapsing: Entry[] = [];
    for (const entry of world.underWay) {
      if (isImmediate(entry, waits)) continue;
      if (entry.delivery.type === 'timer' || entry.delivery.type === 'control') elapsing.push(entry);
      else {
        const pair = pairOf(entry);
        const other = oldest.get(pair);
        if (other === undefined || entry.order < other.order) oldest.set(pair, entry);
      }
    }
    elapsing.sort(byTimeAndPlace);
    if (oldest.size === 0) return elapsing.slice(0, 1);
    const waiting = [...oldest.values()].sort((a, b) => this.#byCause(a, b));
    return [...waiting, ...elapsing.filter(({ delivery }) => delivery.type === 'control').slice(0, 1)];
  }

  /**
   * Whether a schedule may skip `choices[at]` as the last place where it does not take the first choice, because another schedule reaches the same state. This
   * is so if the first choice is at another node and could come before it with the same result (docs/explore.md). `false` means that this is not known.
   */
  isRedundant(world: World, choices: readonly Entry[], at: number): boolean {
    const [first, chosen] = [choices[0] as Entry, choices[at] as Entry];
    if (first.node === chosen.node) return false;
    if (chosen.delivery.type !== 'control') return true;
    // A restart is given the smallest depth of all messages. So the two may be swapped only if a message of this depth stays when the first choice is delivered.
    return (
      isOnWire(first) &&
      world.underWay.some(
        (entry) => entry !== first && isOnWire(entry) && this.depthOf(world, entry) === this.#smallestDepth(world),
      )
    );
  }

  /** The part of this order that a state must include: for each pair the depths of its entries, relative to the smallest depth of a message. */
  relativeDepths(world: World): ReadonlyMap<string, readonly number[]> {
    const front = this.#smallestDepth(world);
    const pairs = new Map<string, number[]>();
    for (const entry of world.underWay.toSorted((a, b) => a.order - b.order)) {
      if (entry.delivery.type === 'timer' || entry.delivery.type === 'control') continue;
      const pair = pairOf(entry);
      const depth = this.depthOf(world, entry) - front;
      const before = pairs.get(pair);
      if (before === undefined) pairs.set(pair, [depth]);
      else before.push(depth);
    }
    return pairs;
  }

  /** The smallest depth of all messages between nodes; 0 if there are none. */
  #smallestDepth({ underWay }: World): number {
    let front: number | undefined;
    for (const entry of underWay) {
      const depth = isOnWire(entry) ? (this.#depths.get(entry) ?? 0) : undefined;
      if (depth !== undefined && (front === undefined || depth < front)) front = depth;
    }
    return front ?? 0;
  }

  #byCause(a: Entry, b: Entry): number {
    if (isOnWire(a) !== isOnWire(b)) return isOnWire(a) ? 1 : -1;
    const depth = (this.#depths.get(a) ?? 0) - (this.#depths.get(b) ?? 0);
    return isOnWire(a) && depth !== 0 ? depth : byPlace(a, b);
  }
}

/** The sender and receiver of an entry. The sender is a node, an actor of the same node, a disk with the actor that waits for it, a timer, or a restart. */
export function pairOf(entry: Entry): string {
  return `${fromOf(entry)}>${entry.node}`;
}

/** The choice of this entry in words, for the path of a violation. */
export function wordsOf({ delivery, node }: Entry, world: World): string {
  const to = world.nodes[node] ?? '';
  switch (delivery.type) {
    case 'message': {
      const { type, voteType } = delivery.message as { readonly type: string; readonly voteType?: string };
      return `${voteType ?? type} ${delivery.from} -> ${to} first`;
    }
    case 'disk':
      return `the disk of ${to} answers first`;
    case 'timer':
      return `timer ${delivery.timer} of ${to} first`;
    case 'control':
      return `${to} comes back first`;
  }
}

/** Whether the entry is a message between nodes. Such a message may reach a later life of the receiver, so it belongs to no life, which is written as -1. */
function isOnWire({ delivery, life }: Entry): boolean {
  return delivery.type === 'message' && life === -1;
}

function isImmediate(entry: Entry, waits: Waits): boolean {
  const { type } = entry.delivery;
  return (type === 'disk' || (type === 'message' && !isOnWire(entry))) && !waits(entry);
}

/** Compares by time, and at one instant by place. It never compares entries of two pairs by their order of arrival, because two equal states may differ in it. */
function byTimeAndPlace(a: Entry, b: Entry): number {
  return a.time === b.time ? byPlace(a, b) : a.time - b.time;
}

function byKindAndPlace(a: Entry, b: Entry): number {
  const [isAnswer, isOther] = [a.delivery.type === 'disk', b.delivery.type === 'disk'];
  return isAnswer === isOther ? byPlace(a, b) : isAnswer ? 1 : -1;
}

/** Compares by the receiving node, then by the sender, and for one pair by the order of arrival. */
function byPlace(a: Entry, b: Entry): number {
  if (a.node !== b.node) return a.node - b.node;
  const [from, other] = [fromOf(a), fromOf(b)];
  return from === other ? a.order - b.order : from < other ? -1 : 1;
}

function fromOf({ delivery }: Entry): string {
  switch (delivery.type) {
    case 'message':
      return delivery.from;
    case 'timer':
      return ` ${delivery.timer}`;
    case 'disk':
      return ` disk ${delivery.actor}`;
    default:
      return ` ${delivery.type}`;
  }
}
