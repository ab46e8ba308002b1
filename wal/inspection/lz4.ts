/** Unpacks one lz4 block (not the frame format): the only form in which Malachite's log compresses an entry. */

/** Throws `RangeError` where the block does not hold exactly `size` bytes. */
export function unpackLz4(block: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let from = 0;
  let to = 0;
  const next = (): number => {
    const byte = block[from];
    if (byte === undefined) throw new RangeError('the compressed bytes end too early');
    from += 1;
    return byte;
  };
  const long = (length: number): number => {
    let sum = length;
    if (length !== 15) return sum;
    for (let byte = 255; byte === 255; ) {
      byte = next();
      sum += byte;
    }
    return sum;
  };
  while (from < block.length) {
    const token = next();
    const literals = long(token >>> 4);
    if (from + literals > block.length || to + literals > size) throw new RangeError('literals reach too far');
    out.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === block.length) break;
    const offset = next() | (next() << 8);
    const match = long(token & 15) + 4;
    if (offset === 0 || offset > to) throw new RangeError(`${offset} is no offset of a match`);
    if (to + match > size) throw new RangeError('a match reaches too far');
    // Byte by byte: a match may overlap what it writes.
    for (let count = 0; count < match; count += 1, to += 1) out[to] = out[to - offset] as number;
  }
  if (to !== size) throw new RangeError(`${to} bytes came out, ${size} were announced`);
  return out;
}
