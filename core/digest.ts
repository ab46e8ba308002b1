/**
 * Digests: 32-bit fingerprints of plain data, equal in Node and in the browser, for run hashes and named draws.
 *
 * Not for security: signatures and checksums are elsewhere. Objects in messages are immutable by contract, so their digest is stored on them.
 */

/** Folds `value` (taken as 32 bits) into `digest` and spreads it over all bits (the finisher of MurmurHash3). */
export function mix(digest: number, value: number): number {
  let x = Math.imul(digest ^ value, 0x9e3779b1);
  x ^= x >>> 15;
  x = Math.imul(x ^ 0x27d4eb2f, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Folds any safe integer or other number into a digest. */
export function mixNumber(digest: number, value: number): number {
  if ((value | 0) === value) return mix(digest, value);
  if (Number.isSafeInteger(value)) return mix(mix(digest, value | 0), Math.floor(value / 0x1_0000_0000));
  return textDigest(String(value), digest);
}

export function textDigest(text: string, seed = 0): number {
  let digest = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i += 1) digest = Math.imul(digest ^ text.charCodeAt(i), 0x01000193);
  return mix(digest, text.length);
}

export function bytesDigest(bytes: Uint8Array, seed = 0): number {
  let digest = 0x811c9dc5 ^ seed;
  for (let i = 0; i < bytes.length; i += 1) digest = Math.imul(digest ^ (bytes[i] as number), 0x01000193);
  return mix(digest, bytes.length);
}

class Itself {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: a private field is put on an object that exists already
    return object;
  }
}

/** Stores a digest on an object, in a private field. Copies do not get the field, other code cannot see it, and it is faster than a weak map. */
class Remembered extends Itself {
  readonly #digest: number;

  constructor(object: object, digest: number) {
    super(object);
    this.#digest = digest;
  }
  static of(object: object): number | undefined {
    return #digest in object ? object.#digest : undefined;
  }
}

/**
 * The digest of plain data: numbers, strings, booleans, null, arrays, objects, maps, sets and byte arrays. Keys count in their order of
 * insertion sorted by name, so that two objects with equal fields agree. Functions have no digest and are ignored.
 */
export function digestOf(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return mixNumber(1, value);
    case 'string':
      return textDigest(value, 2);
    case 'boolean':
      return value ? 3 : 4;
    case 'bigint':
      return textDigest(value.toString(), 5);
    case 'object': {
      if (value === null) return 6;
      // A few bytes are digested faster than they are looked up.
      if (value instanceof Uint8Array && value.length <= 64) return bytesDigest(value, 8);
      let digest = Remembered.of(value);
      if (digest === undefined) {
        digest = digestOfObject(value);
        // Some engines add no private field to a frozen object, so its digest is computed each time.
        if (Object.isExtensible(value)) new Remembered(value, digest);
      }
      return digest;
    }
    default:
      return 7;
  }
}

/**
 * One digest of several values of plain data (see `digestOf`), for the `digest` of a monitor: an integer from 0 below 2^32. Nothing is
 * remembered of the values themselves, which may change later; what they hold must not change.
 */
export function digestOfAll(...values: readonly unknown[]): number {
  let digest = mix(9, values.length);
  for (const value of values) {
    const isChanging = typeof value === 'object' && value !== null;
    digest = mix(digest, isChanging ? digestOfObject(value) : digestOf(value));
  }
  return digest;
}

function digestOfObject(value: object): number {
  if (value instanceof Uint8Array) return bytesDigest(value, 8);
  if (Array.isArray(value)) {
    let digest = mix(9, value.length);
    for (const item of value) digest = mix(digest, digestOf(item));
    return digest;
  }
  if (value instanceof Map) {
    let sum = 10;
    for (const [key, item] of value) sum = (sum + mix(digestOf(key), digestOf(item))) | 0;
    return mix(sum, value.size);
  }
  if (value instanceof Set) {
    let sum = 11;
    for (const item of value) sum = (sum + mix(digestOf(item), 0)) | 0;
    return mix(sum, value.size);
  }
  let sum = 12;
  // A sum does not depend on the order of the keys, and needs no sorting.
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined && typeof item !== 'function') sum = (sum + mix(keyDigest(key), digestOf(item))) | 0;
  }
  return mix(12, sum);
}

const keys = new Map<string, number>();

/** The digest of a field's name, cached: there are only a few names. */
function keyDigest(key: string): number {
  let digest = keys.get(key);
  if (digest === undefined) {
    digest = textDigest(key);
    if (keys.size < 4096) keys.set(key, digest);
  }
  return digest;
}
