/** An application with a store of its own as a scenario says it, and what is wrong with one. */

/** An application whose state is in a store of its own, beside the blocks. */
export interface OwnStore {
  /** Its commits are durable at each of the heights that are a multiple of this; 1: at each height. */
  readonly flushEvery: number;
}

/** Where the application's state is, as a scenario says it. */
export interface WrittenStore {
  /** `block`: part of each block. `own`: in a store of its own. */
  readonly store?: 'block' | 'own';
  readonly flushEvery?: number;
}

export function ownStoreOf({ store, flushEvery = 1 }: WrittenStore): OwnStore | undefined {
  return store === 'own' ? { flushEvery } : undefined;
}

export function writtenStore(own: OwnStore | undefined): WrittenStore {
  if (own === undefined) return {};
  return { store: 'own', ...(own.flushEvery === 1 ? {} : { flushEvery: own.flushEvery }) };
}

/** What is wrong with it, in words; undefined: nothing. A node that dies must find the blocks that its application has not made durable. */
export function wrongStore({ store, flushEvery }: WrittenStore, keepBlocks: number | undefined): string | undefined {
  if (flushEvery === undefined) return undefined;
  if (store !== 'own') return "only an application with a store of its own has 'flushEvery'; write `store: own` beside it";
  if (keepBlocks === undefined || flushEvery <= keepBlocks) return undefined;
  return `'flushEvery' is ${flushEvery}, and nodes keep ${keepBlocks} ${keepBlocks === 1 ? 'block' : 'blocks'}: an application that dies could not execute again what it has lost; keep at least ${flushEvery}`;
}
