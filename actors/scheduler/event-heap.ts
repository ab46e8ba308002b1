/**
 * The queue of future deliveries: a binary heap ordered by virtual time, then by a drawn tie-break, then by order of arrival.
 *
 * All deliveries from one sender to one receiver at one instant share a tie-break, so each pair stays first in, first out.
 */

import { assert } from '../../core/assert.ts';
import type { DiskAnswer, Message } from '../../core/effects.ts';
import type { PointName } from '../../core/events.ts';
import type { SyncTicket } from '../../wal/storage/index.ts';

export type Delivery =
  | { readonly type: 'message'; readonly actor: number; readonly message: Message; readonly from: string }
  /** A timer elapses. If it was set again or cancelled meanwhile, its generation no longer matches, and the entry is ignored. */
  | { readonly type: 'timer'; readonly actor: number; readonly timer: string; readonly generation: number }
  /** A disk operation ends, and its actor receives the answer. */
  | { readonly type: 'disk'; readonly actor: number; readonly completion: Completion }
  /** An action of the world or its director that is due at this time. */
  | { readonly type: 'control'; readonly action: ControlAction };

/** The end of a disk operation. The operation itself begins when the actor asks for it. */
export interface Completion {
  readonly answer: DiskAnswer;
  /** For a sync: the operations that it makes durable when it ends. */
  readonly ticket: SyncTicket | undefined;
  readonly point: PointName;
}

export interface ControlAction {
  readonly type: string;
}

export interface Entry {
  /** Microseconds of virtual time. */
  readonly time: number;
  readonly tie: number;
  readonly order: number;
  /** Index of the node, or -1 for control. */
  readonly node: number;
  /** The life that may receive it, or -1 for any life: a message on the wire may arrive in a later life. */
  readonly life: number;
  /** Index of the event that caused it. */
  readonly cause: number;
  readonly delivery: Delivery;
}

function isEarlier(a: Entry, b: Entry): boolean {
  return a.time !== b.time ? a.time < b.time : a.tie !== b.tie ? a.tie < b.tie : a.order < b.order;
}

/**
 * An entry as plain data, with times relative to `now`. `standing` is the effect that the entry would still have at its node (`standingOf` in
 * node-runtime.ts). Returns undefined if it is -1, because such an entry has no effect.
 */
export function presentEntry({ time, node, life, delivery }: Entry, now: number, standing: number): unknown {
  if (standing === -1) return undefined;
  // A search may let time pass before it delivers an entry; an overdue entry is due now.
  const where = [Math.max(0, time - now), node, life === -1];
  switch (delivery.type) {
    case 'message':
      return [where, delivery];
    case 'timer':
      return [where, delivery.actor, delivery.timer];
    case 'disk':
      return [where, delivery.actor, delivery.completion.answer, standing];
    case 'control':
      return [where, delivery.action];
  }
}

export class EventHeap {
  #entries: Entry[];
  /** The `order` of the newest entry. */
  #newest: number;

  constructor(entries: Entry[] = [], newest = 0) {
    this.#entries = entries;
    this.#newest = newest;
  }

  get size(): number {
    return this.#entries.length;
  }

  get first(): Entry | undefined {
    return this.#entries[0];
  }

  /** In no particular order. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /**
   * All entries that would still do something, as plain data, with times relative to now. Messages from one sender to one receiver at one instant are in one
   * list, in their order, and so are all other entries of one node at one instant. `standingOf` gives each entry's `standing`, as in `presentEntry`.
   */
  present(now: number, standingOf: (entry: Entry) => number): ReadonlyMap<string, readonly unknown[]> {
    const present = new Map<string, unknown[]>();
    for (const entry of this.#entries.toSorted((a, b) => a.order - b.order)) {
      const standing = standingOf(entry);
      if (standing === -1) continue;
      const from = entry.delivery.type === 'message' ? entry.delivery.from : '';
      const pair = `${Math.max(0, entry.time - now)} ${entry.node} ${from}`;
      const what = presentEntry(entry, now, standing);
      const before = present.get(pair);
      if (before === undefined) present.set(pair, [what]);
      else before.push(what);
    }
    return present;
  }

  fork(): EventHeap {
    return new EventHeap(this.#entries.slice(), this.#newest);
  }

  /** Adds an entry. Its `order` must be above those of all earlier entries. */
  push(entry: Entry): void {
    assert(
      entry.order > this.#newest,
      'ENTRY_ORDER_REPEATED',
      'the order of an entry is not above that of the entry before; number entries upwards as they arrive',
    );
    this.#newest = entry.order;
    this.#add(entry);
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#rise(this.#entries.length - 1, entry);
  }

  pop(): Entry | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (top === undefined || last === undefined || entries.length === 0) return top;
    this.#sink(0, last);
    return top;
  }

  #rise(from: number, entry: Entry): void {
    const entries = this.#entries;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = entries[parent] as Entry;
      if (!isEarlier(entry, above)) break;
      entries[at] = above;
      at = parent;
    }
    entries[at] = entry;
  }

  #sink(from: number, entry: Entry): void {
    const entries = this.#entries;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && isEarlier(entries[child + 1] as Entry, entries[child] as Entry)) child += 1;
      const below = entries[child] as Entry;
      if (!isEarlier(below, entry)) break;
      entries[at] = below;
      at = child;
    }
    entries[at] = entry;
  }

  /** Removes one entry from any place in the heap. */
  take(entry: Entry): void {
    const at = this.#entries.indexOf(entry);
    if (at === -1) return;
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    this.#sink(at, last);
    this.#rise(this.#entries.indexOf(last), last);
  }

  /** Removes every entry for which `isGone` is true. */
  purge(isGone: (entry: Entry) => boolean): void {
    const kept = this.#entries.filter((entry) => !isGone(entry));
    if (kept.length === this.#entries.length) return;
    this.#entries = [];
    for (const entry of kept) this.#add(entry);
  }
}
