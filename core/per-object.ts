/**
 * Remembers the result of a pure function on its argument: an immutable object that is met again and again, as forks of a world share it. Results do not
 * depend on what is remembered, which goes with the object.
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
