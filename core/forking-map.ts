/**
 * A map that forks at no cost: copies share their entries until one of them is changed. A world holds some sixty of them and is forked for
 * every crash image; most of those forks end before they have changed more than a few.
 */
export class ForkingMap<Key, Value> implements Iterable<readonly [Key, Value]> {
  /** What every map begins with that is made without entries: most of them are made to be replaced by a fork at once. */
  static readonly #none = new Map<unknown, unknown>();

  #entries: Map<Key, Value>;
  #isShared: boolean;

  /** Takes over `entries`: nobody else may change them. */
  constructor(entries?: Map<Key, Value>) {
    this.#entries = entries ?? (ForkingMap.#none as Map<Key, Value>);
    this.#isShared = entries === undefined;
  }

  fork(): ForkingMap<Key, Value> {
    this.#isShared = true;
    const copy = new ForkingMap<Key, Value>();
    copy.#entries = this.#entries;
    return copy;
  }

  /** The entries as they are now: a later change leaves this map behind. The same map until then. */
  snapshot(): ReadonlyMap<Key, Value> {
    this.#isShared = true;
    return this.#entries;
  }

  get size(): number {
    return this.#entries.size;
  }
  /** Only until the next change: that may leave this view behind. */
  get view(): ReadonlyMap<Key, Value> {
    return this.#entries;
  }
  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }
  has(key: Key): boolean {
    return this.#entries.has(key);
  }
  keys(): MapIterator<Key> {
    return this.#entries.keys();
  }
  values(): MapIterator<Value> {
    return this.#entries.values();
  }
  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#entries[Symbol.iterator]();
  }

  set(key: Key, value: Value): void {
    this.#own();
    this.#entries.set(key, value);
  }
  delete(key: Key): void {
    if (!this.#entries.has(key)) return;
    this.#own();
    this.#entries.delete(key);
  }

  #own(): void {
    if (!this.#isShared) return;
    this.#entries = new Map(this.#entries);
    this.#isShared = false;
  }
}
