/**
 * Bytes for many small arrays, as parts of larger ones: an engine keeps all but the smallest outside its heap, where making and freeing one costs
 * many times what a view does. Leaves out: giving back. A slab is gone when nothing of it is in use.
 */

const slabBytes = 64 * 1024;
let slab = new Uint8Array(slabBytes);
let taken = 0;

/** Zeros that nobody else will get. */
export function zeroedBuffer(length: number): Uint8Array {
  if (length > slabBytes / 8) return new Uint8Array(length);
  if (taken + length > slabBytes) {
    slab = new Uint8Array(slabBytes);
    taken = 0;
  }
  taken += length;
  return slab.subarray(taken - length, taken);
}

/** A copy that nobody else has. */
export function bufferCopy(bytes: Uint8Array): Uint8Array {
  const copy = zeroedBuffer(bytes.length);
  copy.set(bytes);
  return copy;
}
