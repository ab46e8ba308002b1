/**
 * Checksums of any range of a file, each in constant time.
 *
 * A search for whole entries tries every offset, and the lengths found there are arbitrary bytes. Reading each payload anew would take
 * time that grows with the square of the file; a bound on that work would make the verdict depend on the file's size.
 *
 * Source: a CRC is linear. For bytes A followed by B, crc(AB) = crc(A) * x^(8 |B|) + crc(B), modulo the polynomial.
 */
import { crc32, crc32c, polynomials } from '../crc32.ts';

const stepBytes = 64;
const checksums: Readonly<Record<keyof typeof polynomials, typeof crc32>> = { crc32, crc32c };

export class RangeChecksum {
  readonly #bytes: Uint8Array;
  readonly #checksum: typeof crc32;
  readonly #polynomial: number;
  /** Element k: the checksum of the first k steps. */
  readonly #prefixes: Int32Array;
  /** Element k: x^(8 i 256^k) for i from 0 to 255. */
  readonly #powers: readonly Int32Array[];

  constructor(bytes: Uint8Array, kind: keyof typeof polynomials) {
    this.#bytes = bytes;
    this.#checksum = checksums[kind];
    this.#polynomial = polynomials[kind];
    this.#powers = powersOf(this.#polynomial);
    this.#prefixes = new Int32Array(Math.trunc(bytes.length / stepBytes) + 1);
    for (let k = 1; k < this.#prefixes.length; k += 1)
      this.#prefixes[k] = this.#checksum(bytes, (k - 1) * stepBytes, k * stepBytes, this.#prefixes[k - 1]);
  }

  /** The checksum of bytes[from, to) as an unsigned number. */
  of(from: number, to: number): number {
    if (to - from <= 4 * stepBytes) return this.#checksum(this.#bytes, from, to);
    return (this.#upTo(to) ^ this.#shifted(this.#upTo(from), to - from)) >>> 0;
  }

  #upTo(end: number): number {
    const step = Math.trunc(end / stepBytes);
    return this.#checksum(this.#bytes, step * stepBytes, end, this.#prefixes[step]);
  }

  #shifted(checksum: number, zeroBytes: number): number {
    let product = checksum;
    for (let k = 0; k < 4; k += 1) {
      const digit = (zeroBytes >>> (8 * k)) & 255;
      if (digit > 0) product = multiply(product, this.#powers[k]?.[digit] as number, this.#polynomial);
    }
    return product;
  }
}

/** The product of two polynomials over GF(2), modulo a third. */
function multiply(a: number, b: number, polynomial: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = 31; bit >= 0; bit -= 1) {
    product ^= shifted & -((a >>> bit) & 1);
    shifted = (shifted >>> 1) ^ (polynomial & -(shifted & 1));
  }
  return product;
}

function powersOf(polynomial: number): readonly Int32Array[] {
  let base = 1 << 23;
  return [0, 1, 2, 3].map(() => {
    const powers = new Int32Array(256);
    powers[0] = 1 << 31;
    for (let i = 1; i < 256; i += 1) powers[i] = multiply(powers[i - 1] as number, base, polynomial);
    base = multiply(powers[255] as number, base, polynomial);
    return powers;
  });
}
