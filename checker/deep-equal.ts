/**
 * Compares plain data by value: objects, arrays, maps and typed arrays. An undefined field counts as absent, and the order of keys does not count.
 * Throws `TypeError` for anything else (sets, functions, class instances), because their content cannot be compared.
 */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (typeof a === 'function' || typeof b === 'function') throw new TypeError('a function cannot be compared by value');
    return false;
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a) || ArrayBuffer.isView(a)) return equalLists(a as ArrayLike<unknown>, b as ArrayLike<unknown>);
  if (a instanceof Map) return equalMaps(a, b as typeof a);
  if (Object.getPrototypeOf(a) !== Object.prototype && Object.getPrototypeOf(a) !== null)
    throw new TypeError(
      `a ${(a as { readonly constructor: { readonly name: string } }).constructor.name} cannot be compared by value`,
    );
  return equalFields(a as Fields, b as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function equalLists(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let place = 0; place < a.length; place += 1) if (!deepEqual(a[place], b[place])) return false;
  return true;
}

function equalMaps(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!b.has(key) || !deepEqual(value, b.get(key))) return false;
  return true;
}

function equalFields(a: Fields, b: Fields): boolean {
  for (const key of Object.keys(a)) if (!deepEqual(a[key], isMissing(b, key) ? undefined : b[key])) return false;
  for (const key of Object.keys(b)) if (isMissing(a, key) && b[key] !== undefined) return false;
  return true;
}

/** Whether the object has no such field of its own. A method that every object inherits, such as `constructor`, is no field. */
function isMissing(fields: Fields, key: string): boolean {
  const value = fields[key];
  return value === undefined || (typeof value === 'function' && !Object.hasOwn(fields, key));
}

/** The path of names to the first field in which two values differ. Empty if they are equal, or if no single field differs. */
export function differencePath(a: unknown, b: unknown): readonly string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || ArrayBuffer.isView(a)) return [];
  const [mine, theirs] = [a, b].map(entriesOf) as [ReadonlyMap<unknown, unknown>, ReadonlyMap<unknown, unknown>];
  for (const key of new Set([...mine.keys(), ...theirs.keys()])) {
    const [one, other] = [mine.get(key), theirs.get(key)];
    if (!deepEqual(one, other)) return [String(key), ...differencePath(one, other)];
  }
  return [];
}

function entriesOf(value: object): ReadonlyMap<unknown, unknown> {
  return value instanceof Map ? value : new Map(Object.entries(value));
}

/** The names of the top-level fields in which two states differ. Fields in `leftOut` are not compared. */
export function differingFields(a: object, b: object, leftOut: readonly string[]): readonly string[] {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => !leftOut.includes(key) && !deepEqual((a as Fields)[key], (b as Fields)[key]));
}
