/**
 * The application of the simulations, executed anew by the checker: a digest chained over the height and value of each decision. The arithmetic is
 * described in docs/formats/wal.md and written here a second time, so that a fault of the application's own code shows.
 */

/** The state before any block. */
export const firstState = 0;

/** The state after a decision: the digest of the list [state, height, value]. */
export function chained(state: number, { height, value }: { readonly height: number; readonly value: string }): number {
  return [ofNumber(state), ofNumber(height), ofText(value, 2)].reduce(folded, folded(9, 3));
}

/** The finisher of MurmurHash3 over `digest` and 32 bits more. */
function folded(digest: number, more: number): number {
  let bits = Math.imul(digest ^ more, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15) ^ 0x27d4eb2f, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function ofNumber(value: number): number {
  if ((value | 0) === value) return folded(1, value);
  return folded(folded(1, value | 0), Math.floor(value / 2 ** 32));
}

/** FNV-1a over the UTF-16 units, and the length. */
function ofText(text: string, seed: number): number {
  let bits = 0x811c9dc5 ^ seed;
  for (let place = 0; place < text.length; place += 1) bits = Math.imul(bits ^ text.charCodeAt(place), 0x01000193);
  return folded(bits, text.length);
}
