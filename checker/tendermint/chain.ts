/**
 * The checker's own implementation of the simulated application, whose state is a digest chained over the height and value of each decision. It is
 * written from docs/formats/wal.md, so that a fault in the application's own code is found.
 */

/** The state before any block. */
export const firstState = 0;

/** The state after a decision: the digest of the list [state, height, value]. */
export function chained(state: number, { height, value }: { readonly height: number; readonly value: string }): number {
  return [ofNumber(state), ofNumber(height), ofText(value, 2)].reduce(folded, folded(9, 3));
}

/** Combines `digest` with 32 more bits, by the finisher of MurmurHash3. */
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

/** FNV-1a over the UTF-16 code units, combined with the length. */
function ofText(text: string, seed: number): number {
  let bits = 0x811c9dc5 ^ seed;
  for (let place = 0; place < text.length; place += 1) bits = Math.imul(bits ^ text.charCodeAt(place), 0x01000193);
  return folded(bits, text.length);
}
