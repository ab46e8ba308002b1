/**
 * Keys of states, 128 bits each. Campaigns count two states with equal keys as one, and merge them.
 *
 * These keys are separate from digest.ts, whose 32 bits are used for draws and run hashes, also by the judged code. Each part of a state is mixed with its
 * name or index. The keys are not for security: they do not resist an attacker. `--verify-merges` compares the states of equal keys.
 */
import { a, b, begin, c, combine, d, finish, hashBytes, hashText, type Lanes, lanesText, setLanes } from './key-lanes.ts';

/**
 * The key of plain data: numbers, texts, booleans, null, arrays, objects, maps, sets and byte arrays. The order of the entries of an object, a map or
 * a set does not count, and a field that is undefined counts as absent. The value must not change afterwards: objects within it remember their keys.
 * Throws `TypeError` for functions and instances of other classes, because they may have hidden content.
 */
export function keyOf(value: unknown): string {
  hash(value);
  return lanesText();
}

/** A number for each kind of value, so that values of different kinds have different keys. */
const kinds = {
  whole: 1,
  number: 2,
  text: 3,
  flag: 4,
  nothing: 5,
  bytes: 6,
  list: 7,
  map: 8,
  set: 9,
  object: 10,
  bigint: 11,
  absent: 12,
} as const;

function hash(value: unknown): void {
  parts = (parts + 1) | 0;
  switch (typeof value) {
    case 'number':
      hashNumber(value);
      return;
    case 'string':
      hashText(value, kinds.text);
      return;
    case 'boolean':
      begin(kinds.flag, value ? 1 : 0);
      return;
    case 'undefined':
      begin(kinds.absent, 0);
      return;
    case 'bigint':
      hashText(value.toString(), kinds.bigint);
      return;
    case 'object':
      if (value === null) begin(kinds.nothing, 0);
      else hashObject(value);
      return;
    default:
      throw new TypeError(
        `a ${typeof value} cannot be part of a state: nobody sees what it holds; keep plain data in states and memories`,
      );
  }
}

function hashNumber(value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) {
    begin(kinds.whole, value);
    return;
  }
  double[0] = value;
  begin(kinds.number, halves[0] as number);
  combine(halves[1] as number, 0, 0, 0);
  finish(0);
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/** The number of values that were hashed so far. The difference before and after an object is the number of its parts. */
let parts = 0;
const worthRemembering = 5;

/** Up to this many bytes are hashed, because that is faster than a lookup in the cache. */
const fewBytes = 32;

function hashObject(value: object): void {
  if (value instanceof Uint8Array && value.length <= fewBytes) {
    hashBytes(value, kinds.bytes);
    return;
  }
  const known = Remembered.of(value);
  if (known !== undefined) {
    setLanes(known);
    return;
  }
  const before = parts;
  if (Array.isArray(value)) hashList(value);
  else if (value instanceof Uint8Array) hashBytes(value, kinds.bytes);
  else if (value instanceof Map) hashMap(value);
  else if (value instanceof Set) hashSet(value);
  else hashFields(value);
  // Some engines add no private field to a frozen object, so it is hashed each time. So is an object with few parts, because that costs less than a field.
  if ((parts - before >= worthRemembering || value instanceof Uint8Array) && Object.isExtensible(value))
    new Remembered(value, { a, b, c, d });
}

function hashList(list: readonly unknown[]): void {
  begin(kinds.list, list.length);
  for (let place = 0; place < list.length; place += 1) {
    const [p, q, r, s] = [a, b, c, d];
    hash(list[place]);
    combine(p, q, r, s);
  }
  finish(list.length);
}

/** Hashes a map as the sum of its entries. A sum does not depend on their order, and needs no sorting. */
function hashMap(map: ReadonlyMap<unknown, unknown>): void {
  let [p, q, r, s] = [0, 0, 0, 0];
  for (const [key, item] of map) {
    hash(key);
    const [e, f, g, h] = [a, b, c, d];
    hash(item);
    combine(e, f, g, h);
    finish(kinds.map);
    p = (p + a) | 0;
    q = (q + b) | 0;
    r = (r + c) | 0;
    s = (s + d) | 0;
  }
  begin(kinds.map, map.size);
  combine(p, q, r, s);
  finish(map.size);
}

function hashSet(set: ReadonlySet<unknown>): void {
  let [p, q, r, s] = [0, 0, 0, 0];
  for (const item of set) {
    hash(item);
    finish(kinds.set);
    p = (p + a) | 0;
    q = (q + b) | 0;
    r = (r + c) | 0;
    s = (s + d) | 0;
  }
  begin(kinds.set, set.size);
  combine(p, q, r, s);
  finish(set.size);
}

function hashFields(value: object): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(
      `a ${value.constructor.name} cannot be part of a state: nobody sees all that it holds; keep plain data in states and memories`,
    );
  let [p, q, r, s] = [0, 0, 0, 0];
  for (const name in value) {
    const item = (value as Readonly<Record<string, unknown>>)[name];
    if (item === undefined) continue;
    hash(item);
    const field = fieldLanes(name);
    combine(field.a, field.b, field.c, field.d);
    finish(kinds.object);
    p = (p + a) | 0;
    q = (q + b) | 0;
    r = (r + c) | 0;
    s = (s + d) | 0;
  }
  begin(kinds.object, 0);
  combine(p, q, r, s);
  finish(0);
}

const fields = new Map<string, Lanes>();

/** The lanes of a field's name, cached: there are only a few names. */
function fieldLanes(name: string): Lanes {
  const known = fields.get(name);
  if (known !== undefined) return known;
  const before: Lanes = { a, b, c, d };
  hashText(name, kinds.text);
  const lanes: Lanes = { a, b, c, d };
  if (fields.size < 4096) fields.set(name, lanes);
  setLanes(before);
  return lanes;
}

class Itself {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: a private field is put on an object that exists already
    return object;
  }
}

/** Stores a key on an object, in a private field. Copies do not get the field, other code cannot see it, and it is faster than a weak map. */
class Remembered extends Itself {
  readonly #lanes: Lanes;

  constructor(object: object, lanes: Lanes) {
    super(object);
    this.#lanes = lanes;
  }
  static of(object: object): Lanes | undefined {
    return #lanes in object ? object.#lanes : undefined;
  }
}
