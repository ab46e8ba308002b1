/**
 * Orders pending entries by cause, first in, first out. The depth of an entry is the length of the chain of network messages that led to it.
 * Unlike virtual time, depth does not depend on the order of two independent steps: both orders lead to one state.
 *
 * A schedule chooses between messages on the wire, timers, and the answers of disks that may be late. Everything else is delivered at once, in its own order:
 * messages between the actors of one node, and the answers of the other disks.
 */
import type { Entry } from './event-heap.ts';
import type { World } from './world.ts';

/** Whether an entry within a node waits until the schedule chooses it. Otherwise it is delivered at once. */
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
    this.learn(world, depth);
  }

  /** Notes the depths of new entries after a step at this depth: one more for messages on the wire, the same for entries within a node. */
  learn(world: World, depth: number): void {
    for (const entry of world.underWay)
      if (!this.#depths.has(entry)) this.#depths.set(entry, isOnWire(entry) ? depth + 1 : depth);
  }

  /** The depth of an entry. A timer or a restart has no cause in the network, so it has the depth of the first message on the wire. */
  depthOf(world: World, entry: Entry): number {
    const { type } = entry.delivery;
    return type === 'timer' || type === 'control' ? this.#front(world) : (this.#depths.get(entry) ?? 0);
  }

  /** Delivers all entries that the schedule does not choose. */
  settle(world: World, waits: Waits, deliver: (entry: Entry) => void): void {
    for (let next = this.next(world, waits); next !== undefined; next = this.next(world, waits)) deliver(next);
  }

  /** The next step that is no choice, if there is one: messages first, as where the answers of the disk are choices. */
  next(world: World, waits: Waits): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of world.underWay)
      if (isFused(entry, waits) && (first === undefined || byKindAndPlace(entry, first) < 0)) first = entry;
    return first;
  }

  /**
   * The oldest answers of each disk that may be late, which come first; the oldest message of each pair of nodes, by depth; then, where
   * nothing else is under way, what elapses first. Restarts may always come.
   */
  choices(world: World, waits: Waits): readonly Entry[] {
    const oldest = new Map<string, Entry>();
    const elapsing: Entry[] = [];
    for (const entry of world.underWay) {
      if (isFused(entry, waits)) continue;
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
   * Whether it leads to a known state to take `choices[at]` here as the last departure: the first choice is of another node, and could as well come before
   * it (docs/explore.md). Returns `false` when it does not know.
   */
  isVain(world: World, choices: readonly Entry[], at: number): boolean {
    const [first, chosen] = [choices[0] as Entry, choices[at] as Entry];
    if (first.node === chosen.node) return false;
    if (chosen.delivery.type !== 'control') return true;
    // A restart is as deep as the front of the wire: the first choice must be a message that leaves the front as it is.
    return (
      isOnWire(first) &&
      world.underWay.some((entry) => entry !== first && isOnWire(entry) && this.depthOf(world, entry) === this.#front(world))
    );
  }

  /** The order, beside the world: of each pair the depths of what is under way, relative to the first message on the wire. */
  present(world: World): ReadonlyMap<string, readonly number[]> {
    const front = this.#front(world);
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

  #front({ underWay }: World): number {
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

/** Whose choice it is: sender and receiver of a message, a disk and the actor that waits for it, or what elapses where. */
export function pairOf(entry: Entry): string {
  const actor = entry.delivery.type === 'disk' ? ` ${entry.delivery.actor}` : '';
  return `${fromOf(entry)}${actor}>${entry.node}`;
}

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

/** What comes to a node from outside may come in a later life. */
function isOnWire({ delivery, life }: Entry): boolean {
  return delivery.type === 'message' && life === -1;
}

function isFused(entry: Entry, waits: Waits): boolean {
  const { type } = entry.delivery;
  return (type === 'disk' || (type === 'message' && !isOnWire(entry))) && !waits(entry);
}

/** By time, and of what comes at one instant by place: never by the order of arrival of two pairs, which two equal states need not share. */
function byTimeAndPlace(a: Entry, b: Entry): number {
  return a.time === b.time ? byPlace(a, b) : a.time - b.time;
}

function byKindAndPlace(a: Entry, b: Entry): number {
  const [isAnswer, isOther] = [a.delivery.type === 'disk', b.delivery.type === 'disk'];
  return isAnswer === isOther ? byPlace(a, b) : isAnswer ? 1 : -1;
}

/** Where it goes and whence. */
function byPlace(a: Entry, b: Entry): number {
  if (a.node !== b.node) return a.node - b.node;
  const [from, other] = [fromOf(a), fromOf(b)];
  return from === other ? a.order - b.order : from < other ? -1 : 1;
}

function fromOf({ delivery }: Entry): string {
  return delivery.type === 'message' ? delivery.from : delivery.type === 'timer' ? ` ${delivery.timer}` : ` ${delivery.type}`;
}
