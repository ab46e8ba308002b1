/**
 * `map`, for lists that hot code reads. The engine makes the result of `map` packed or holey by whether the caller was compiled yet; whoever
 * reads both kinds is compiled anew for each. This one is always packed.
 */
export function packedMap<From, To>(list: readonly From[], make: (item: From, place: number) => To): To[] {
  const made: To[] = [];
  for (let place = 0; place < list.length; place += 1) made.push(make(list[place] as From, place));
  return made;
}
