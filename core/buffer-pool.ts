/**
 * Allocates small byte arrays as views of larger ones ("slabs"). V8 keeps all but the smallest arrays outside its heap, where creating and freeing one costs
 * many times as much as a view. Views are not returned to the pool. A slab is freed when no view of it is in use.
 */

const slabBytes = 64 * 1024;
let slab = new Uint8Array(slabBytes);
let taken = 0;

/** A zeroed buffer that is shared with nobody. */
export function zeroedBuffer(length: number): Uint8Array {
  if (length > slabBytes / 8) return new Uint8Array(length);
  if (taken + length > slabBytes) {
    slab = new Uint8Array(slabBytes);
    taken = 0;
  }
  taken += length;
  return slab.subarray(taken - length, taken);
}

/** A copy that is shared with nobody. */
export function bufferCopy(bytes: Uint8Array): Uint8Array {
  const copy = zeroedBuffer(bytes.length);
  copy.set(bytes);
  return copy;
}
