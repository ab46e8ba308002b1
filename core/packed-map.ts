/**
 * Works like `map`, for lists that hot code reads. V8 makes the result of `map` packed or holey, depending on whether the caller is compiled yet, and
 * compiles code twice that reads both kinds. The result of this function is always packed.
 */
export function packedMap<From, To>(list: readonly From[], make: (item: From, place: number) => To): To[] {
  const made: To[] = [];
  for (let place = 0; place < list.length; place += 1) made.push(make(list[place] as From, place));
  return made;
}
