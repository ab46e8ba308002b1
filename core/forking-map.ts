/**
 * A map that can be forked at almost no cost: copies share their entries until one of them is changed. A world has about sixty such maps and is forked for
 * every crash image, and most forks change only a few of them.
 */
export class ForkingMap<Key, Value> implements Iterable<readonly [Key, Value]> {
  /** The shared entries of all new empty maps: most of these are replaced by a fork at once. */
  static readonly #none = new Map<unknown, unknown>();

  #entries: Map<Key, Value>;
  #isShared: boolean;

  /** The map owns `entries`; no other code may change them. */
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

  /** The present entries. A later change of this map does not change them. Until then each call returns the same object. */
  snapshot(): ReadonlyMap<Key, Value> {
    this.#isShared = true;
    return this.#entries;
  }

  get size(): number {
    return this.#entries.size;
  }
  /** The present entries, for use before the next change only. */
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
