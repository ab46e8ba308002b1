/**
 * Caches the result of a pure function for each argument, an immutable object. Forks of a world share such objects, so the same one is an argument again
 * and again. The cached result is freed with its object.
 */
export function perObject<Key extends object, Found>(find: (key: Key) => Found): (key: Key) => Found {
  const known = new WeakMap<Key, Found>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = find(key);
      known.set(key, found);
    }
    return found;
  };
}
