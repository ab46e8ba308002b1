/**
 * The checker's own digests, for states of applications and machines that are digests by their definition. They are written from docs/formats/wal.md and
 * share no code with the nodes, so that a fault in the code of these is found.
 */

/** Combines `digest` with 32 more bits, by the finisher of MurmurHash3. */
export function folded(digest: number, more: number): number {
  let bits = Math.imul(digest ^ more, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15) ^ 0x27d4eb2f, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** FNV-1a over the UTF-16 code units, combined with the length. */
export function ofText(text: string, seed = 0): number {
  let bits = 0x811c9dc5 ^ seed;
  for (let place = 0; place < text.length; place += 1) bits = Math.imul(bits ^ text.charCodeAt(place), 0x01000193);
  return folded(bits, text.length);
}
