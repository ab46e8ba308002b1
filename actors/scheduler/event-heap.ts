/**
 * What is to come: a binary heap ordered by virtual time, then a drawn tie-break, then the order of arrival.
 *
 * All deliveries of one sender to one receiver at one instant share a tie-break, so a pair stays first in, first out.
 */

import { assert } from '../../core/assert.ts';
import type { DiskAnswer, Message } from '../../core/effects.ts';
import type { PointName } from '../../core/events.ts';
import type { SyncTicket } from '../../wal/storage/index.ts';

export type Delivery =
  | { readonly type: 'message'; readonly actor: number; readonly message: Message; readonly from: string }
  /** A timer elapses, if it was not set anew or cancelled since. */
  | { readonly type: 'timer'; readonly actor: number; readonly timer: string; readonly generation: number }
  /** A disk operation is done; `finish` makes it so and says what the actor receives. */
  | { readonly type: 'disk'; readonly actor: number; readonly completion: Completion }
  /** Something that the world or its director does at a time. */
  | { readonly type: 'control'; readonly action: ControlAction };

/** The second instant of a disk operation. */
export interface Completion {
  readonly answer: DiskAnswer;
  /** For a sync: the ticket of what is made durable when it is done. */
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
  /** The life it is meant for, or -1 for any: what was on the wire may arrive in a later life. */
  readonly life: number;
  /** Index of the event that led to it. */
  readonly cause: number;
  readonly delivery: Delivery;
}

function isEarlier(a: Entry, b: Entry): boolean {
  return a.time !== b.time ? a.time < b.time : a.tie !== b.tie ? a.tie < b.tie : a.order < b.order;
}

/**
 * An entry relative to `now`, as plain data. `standing`: what will come of it at its node; of a sync, how many operations it makes durable; -1: nothing,
 * and then it is undefined.
 */
export function presentEntry({ time, node, life, delivery }: Entry, now: number, standing: number): unknown {
  if (standing === -1) return undefined;
  // What is overdue, where a search has let time go on before it, is due now.
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
  /** The order of the entry that came last. */
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
   * What is to come, relative to now, as plain data: the messages of one sender to one receiver at one instant are together, in their
   * order. `standingOf`: as `presentEntry` takes it.
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

  /** The order of each entry must be above those of all that came before, so that no two are equal. */
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

  /** Takes one entry out, wherever it is. */
  take(entry: Entry): void {
    const at = this.#entries.indexOf(entry);
    const last = this.#entries.pop();
    if (at === -1 || last === undefined || last === entry) return;
    this.#sink(at, last);
    this.#rise(this.#entries.indexOf(last), last);
  }

  /** Forgets every entry for which `isGone` holds. */
  purge(isGone: (entry: Entry) => boolean): void {
    const kept = this.#entries.filter((entry) => !isGone(entry));
    if (kept.length === this.#entries.length) return;
    this.#entries = [];
    for (const entry of kept) this.#add(entry);
  }
}
