/**
 * Unpacks one lz4 block (not the frame format): the only form in which Malachite's log compresses an entry.
 *
 * Source: lz4_flex 0.11 `src/block/decompress_safe.rs`: a block ends with literals, and the announced size is only an upper bound.
 */

const firstBytes = 1024;

/**
 * At most `limit` bytes. Throws `RangeError` for a damaged block. `onWork` gets the number of bytes that each step reads or copies.
 * The output grows as it is filled: a block that fails early costs little, also if it announces a large size.
 */
export function unpackLz4(block: Uint8Array, limit: number, onWork: (bytes: number) => void = () => undefined): Uint8Array {
  let out = new Uint8Array(Math.min(limit, firstBytes));
  let from = 0;
  let to = 0;
  const next = (): number => {
    const byte = block[from];
    if (byte === undefined) throw new RangeError('the compressed bytes end too early');
    onWork(1);
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
  const makeRoom = (bytes: number): void => {
    if (to + bytes > limit) throw new RangeError(`more than the announced ${limit} bytes come out`);
    onWork(bytes);
    if (to + bytes <= out.length) return;
    const larger = new Uint8Array(Math.min(limit, Math.max(2 * out.length, to + bytes)));
    larger.set(out.subarray(0, to));
    out = larger;
  };
  for (;;) {
    const token = next();
    const literals = long(token >>> 4);
    if (from + literals > block.length) throw new RangeError('literals reach too far');
    makeRoom(literals);
    out.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === block.length) return out.subarray(0, to);
    const offset = next() | (next() << 8);
    const match = long(token & 15) + 4;
    if (offset === 0 || offset > to) throw new RangeError(`${offset} is no offset of a match`);
    makeRoom(match);
    // Byte by byte: a match may overlap the bytes that it writes.
    for (let count = 0; count < match; count += 1, to += 1) out[to] = out[to - offset] as number;
  }
}
