/** Frames on a connection: a length (u32, big-endian) and that many bytes. Lengths are checked before anything is kept. */

const headerBytes = 4;
const nothing = new Uint8Array(0);

export function framed(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerBytes + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length);
  frame.set(payload, headerBytes);
  return frame;
}

/** Takes bytes as they come and gives whole frames. Keeps at most one frame, in one buffer that grows as bytes come, not as they are announced. */
export class FrameReader {
  readonly #header: Uint8Array = new Uint8Array(headerBytes);
  #headerFilled = 0;
  #buffer: Uint8Array = nothing;
  #filled = 0;
  #announced = 0;
  /** Bytes. Raised when a stranger has become a peer. */
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Whether a frame was begun and is not whole. */
  get isWithin(): boolean {
    return this.#headerFilled > 0;
  }

  get bufferedBytes(): number {
    return this.#filled;
  }

  /** Whole frames in these bytes, one at a time; `too-long` ends it: nothing after that can be read. */
  *push(chunk: Uint8Array): Generator<Uint8Array | 'too-long'> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerFilled < headerBytes) {
        const taken = Math.min(headerBytes - this.#headerFilled, chunk.length - at);
        this.#header.set(chunk.subarray(at, at + taken), this.#headerFilled);
        this.#headerFilled += taken;
        at += taken;
        if (this.#headerFilled < headerBytes) return;
        this.#announced = new DataView(this.#header.buffer).getUint32(0);
        if (this.#announced > this.limit || this.#announced === 0) {
          yield 'too-long';
          return;
        }
      }
      const taken = Math.min(this.#announced - this.#filled, chunk.length - at);
      this.#keep(chunk.subarray(at, at + taken));
      at += taken;
      if (this.#filled === this.#announced) yield this.#whole();
    }
  }

  #keep(bytes: Uint8Array): void {
    const needed = this.#filled + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(this.#announced, Math.max(2 * this.#buffer.length, needed)));
      larger.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#filled);
    this.#filled = needed;
  }

  #whole(): Uint8Array {
    const payload = this.#buffer;
    this.#buffer = nothing;
    this.#filled = 0;
    this.#headerFilled = 0;
    return payload;
  }
}
