/**
 * CRC-32 (ISO 3309, the polynomial of zip and Ethernet), eight bytes at a time (slicing-by-8), and CRC-32C (Castagnoli), which the logs of other engines
 * use.
 *
 * A checksum can have a seed, so that bytes of another file do not verify.
 */

/** Bit 31 is the coefficient of x^0. */
export const polynomials = { crc32: 0xedb88320, crc32c: 0x82f63b78 } as const;

const tables: readonly Int32Array[] = makeTables(polynomials.crc32);
const castagnoli: readonly Int32Array[] = makeTables(polynomials.crc32c);

/** The checksum of bytes[from, to) as an unsigned number; `seed` is the checksum of the bytes before. */
export function crc32(bytes: Uint8Array, from = 0, to: number = bytes.length, seed = 0): number {
  return checksum(tables, bytes, from, to, seed);
}

export function crc32c(bytes: Uint8Array, from = 0, to: number = bytes.length, seed = 0): number {
  return checksum(castagnoli, bytes, from, to, seed);
}

function checksum(of: readonly Int32Array[], bytes: Uint8Array, from: number, to: number, seed: number): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = of as unknown as readonly [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  let crc = ~seed;
  let at = from;
  for (const last = to - 7; at < last; at += 8) {
    crc ^= byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24);
    crc =
      byte(t7, crc & 255) ^
      byte(t6, (crc >>> 8) & 255) ^
      byte(t5, (crc >>> 16) & 255) ^
      byte(t4, crc >>> 24) ^
      byte(t3, byte(bytes, at + 4)) ^
      byte(t2, byte(bytes, at + 5)) ^
      byte(t1, byte(bytes, at + 6)) ^
      byte(t0, byte(bytes, at + 7));
  }
  for (; at < to; at += 1) crc = byte(t0, (crc ^ byte(bytes, at)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function byte(from: Uint8Array | Int32Array, at: number): number {
  return from[at] as number;
}

function makeTables(polynomial: number): readonly Int32Array[] {
  const first = new Int32Array(256);
  for (let i = 0; i < 256; i += 1) {
    let crc = i;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    first[i] = crc;
  }
  const all = [first];
  for (let k = 1; k < 8; k += 1) {
    const before = all[k - 1] as Int32Array;
    all.push(before.map((crc) => byte(first, crc & 255) ^ (crc >>> 8)));
  }
  return all;
}
