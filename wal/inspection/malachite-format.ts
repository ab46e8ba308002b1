/**
 * The frames of Malachite's log, format version 1 (circlefin/malachite `code/crates/wal/src/log.rs`): `u32 version | u64 sequence`, then
 * entries `u8 compressed | u64 length | u32 crc | data`. The checksum is that of the uncompressed payload; it covers neither flag nor
 * length, and entries carry no index. An entry without a payload is 13 zeros: it proves nothing, and the engine writes none.
 */
import { crc32 } from '../crc32.ts';
import { zeroTailOf } from './inspected.ts';
import { isProof, type LogFormat } from './log-format.ts';
import { unpackLz4 } from './lz4.ts';
import { refusedPayload } from './malachite-payload.ts';
import { RangeChecksum } from './range-checksum.ts';

export const malachiteHeaderBytes = 12;
export const entryHeaderBytes = 13;
export const maxEntryBytes: number = 1024 ** 3;
/** A block's value is a few megabytes; a small file must not ask for all memory. */
const maxUnpacked = 256 * 1024 ** 2;
const version = 1;

export class MalachiteFormat implements LogFormat {
  readonly first: number = malachiteHeaderBytes;
  readonly bytes: Uint8Array;
  readonly zeroTail: number;
  readonly #view: DataView;
  #ranges: RangeChecksum | undefined;
  /** Bytes that a search may still read and copy to unpack entries: a file can be made so that every offset unpacks for long. */
  #unpackingLeft: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.zeroTail = zeroTailOf(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#unpackingLeft = 64 * (bytes.length + 1024 ** 2);
  }

  /** Whether the bytes are a header, or could have become one. */
  get isOurs(): boolean {
    const { bytes } = this;
    if (bytes.length >= 4) return this.version === version;
    return bytes.every((byte) => byte === 0);
  }

  /** Undefined: not all of it is there. */
  get version(): number | undefined {
    return this.bytes.length < 4 ? undefined : this.#view.getUint32(0);
  }

  get sequence(): string {
    return String(this.#view.getBigUint64(4));
  }

  /** `Log::open_with`: an empty file gets a header; of any other, version and sequence must be readable. */
  get openRefusal(): string | undefined {
    const { length } = this.bytes;
    if (length === 0) return undefined;
    if (length < 4) return `its version is cut after ${length} bytes`;
    if (this.version !== version) return `its version is ${this.version}, not ${version}`;
    return length < malachiteHeaderBytes ? `its sequence number is cut after ${length - 4} bytes` : undefined;
  }

  frameBytes(offset: number): number | undefined {
    if (this.bytes.length - offset < entryHeaderBytes) return undefined;
    const length = this.#view.getUint32(offset + 1) * 0x1_0000_0000 + this.#view.getUint32(offset + 5);
    return length <= this.bytes.length - offset - entryHeaderBytes ? entryHeaderBytes + length : undefined;
  }

  /** The length field as it is, whether or not it fits. */
  payloadBytes(offset: number): bigint {
    return this.#view.getBigUint64(offset + 1);
  }

  isCompressed(offset: number): boolean {
    return this.bytes[offset] !== 0;
  }

  crc(offset: number): number {
    return this.#view.getUint32(offset + 9);
  }

  /** The uncompressed payload of an entry whose length fits. Throws `RangeError` if it cannot be unpacked. */
  payload(offset: number, onWork?: (bytes: number) => void): Uint8Array {
    const from = offset + entryHeaderBytes;
    const data = this.bytes.subarray(from, offset + (this.frameBytes(offset) ?? entryHeaderBytes));
    if (!this.isCompressed(offset)) return data;
    if (data.length < 4) throw new RangeError('its size is cut');
    // Little-endian, as lz4_flex prepends it.
    const size = this.#view.getUint32(from, true);
    return unpackLz4(data.subarray(4), Math.min(size, maxUnpacked), onWork);
  }

  holds(offset: number): boolean {
    if (this.payloadBytes(offset) > BigInt(maxEntryBytes)) return false;
    try {
      return crc32(this.payload(offset)) === this.crc(offset);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  refusal(offset: number): string | undefined {
    return refusedPayload(this.payload(offset));
  }

  nextWhole(from: number): number | undefined {
    for (let offset = Math.max(from, this.first); offset < this.zeroTail; offset += 1) if (this.#isWhole(offset)) return offset;
    return undefined;
  }

  #isWhole(offset: number): boolean {
    const size = this.frameBytes(offset);
    if (size === undefined || size === entryHeaderBytes || size > maxEntryBytes || !isProof(this.crc(offset))) return false;
    if (this.isCompressed(offset)) return this.#isWholeCompressed(offset, size - entryHeaderBytes);
    this.#ranges ??= new RangeChecksum(this.bytes, 'crc32');
    return this.#ranges.of(offset + entryHeaderBytes, offset + size) === this.crc(offset);
  }

  #isWholeCompressed(offset: number, compressedBytes: number): boolean {
    // `write_compressed` stores what became smaller, and one byte of a block gives at most 255.
    const size = compressedBytes < 4 ? 0 : this.#view.getUint32(offset + entryHeaderBytes, true);
    if (size <= compressedBytes || size > 255 * compressedBytes) return false;
    try {
      return crc32(this.payload(offset, (work) => this.#spend(work))) === this.crc(offset);
    } catch (error) {
      if (error instanceof RangeError) return false;
      // No accident writes such a file. It is never called less damaged than it may be.
      if (error instanceof BudgetSpent) return true;
      throw error;
    }
  }

  #spend(work: number): void {
    this.#unpackingLeft -= work;
    if (this.#unpackingLeft < 0) throw new BudgetSpent();
  }
}

class BudgetSpent extends Error {}
