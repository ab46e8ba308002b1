/**
 * The bytes of a file as an immutable value. A value and its extensions by appends share one buffer, each with its own length. So a fork of a disk copies
 * nothing.
 */
import { bufferCopy, zeroedBuffer } from '../../core/buffer-pool.ts';

/** A buffer that values share; only the one whose length is `used` may append to it in place. */
interface Backing {
  readonly buffer: Uint8Array;
  used: number;
}

export class Content {
  static readonly empty: Content = new Content({ buffer: new Uint8Array(0), used: 0 }, 0);

  readonly #backing: Backing;
  readonly length: number;
  /** The bytes were only appended, so each prefix is an earlier content of the file. */
  readonly isGrown: boolean;
  #view: Uint8Array | undefined;

  private constructor(backing: Backing, length: number, isGrown = true) {
    this.#backing = backing;
    this.length = length;
    this.isGrown = isGrown;
  }

  static of(bytes: Uint8Array): Content {
    return new Content({ buffer: bufferCopy(bytes), used: bytes.length }, bytes.length);
  }

  /** The bytes as a view. Callers must not write to it. */
  get bytes(): Uint8Array {
    this.#view ??= this.#backing.buffer.subarray(0, this.length);
    return this.#view;
  }

  /** Whether both values have the bytes [from, to), and these are equal. */
  agrees(other: Content, from: number, to: number): boolean {
    if (this.length < to || other.length < to) return false;
    if (this.#backing === other.#backing) return true;
    const [mine, theirs] = [this.#backing.buffer, other.#backing.buffer];
    for (let place = from; place < to; place += 1) if (mine[place] !== theirs[place]) return false;
    return true;
  }

  appended(bytes: Uint8Array): Content {
    const length = this.length + bytes.length;
    let backing = this.#backing;
    if (backing.used !== this.length || backing.buffer.length < length) {
      const buffer = zeroedBuffer(Math.max(1024, 2 * length));
      buffer.set(this.bytes);
      backing = { buffer, used: this.length };
    }
    backing.buffer.set(bytes, this.length);
    backing.used = length;
    return new Content(backing, length, this.isGrown);
  }

  /** The content after an overwrite at `offset`. A gap before `offset` is filled with zeros. */
  written(offset: number, bytes: Uint8Array): Content {
    if (offset === this.length) return this.appended(bytes);
    const buffer = zeroedBuffer(Math.max(this.length, offset + bytes.length));
    buffer.set(this.bytes);
    buffer.set(bytes, offset);
    return new Content({ buffer, used: buffer.length }, buffer.length, false);
  }

  /** The content cut to this length, or extended with zeros. After a cut, appended bytes do not continue the earlier content. */
  resized(length: number): Content {
    if (length > this.length) return this.written(length - 1, Uint8Array.of(0));
    return length === this.length ? this : new Content(this.#backing, length, false);
  }

  cutTo(length: number): Content {
    return length >= this.length ? this : new Content(this.#backing, length, this.isGrown);
  }
}
