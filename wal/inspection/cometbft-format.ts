/**
 * The frames of CometBFT's log (cometbft/cometbft `consensus/wal.go`): records `u32 crc32c | u32 length | data`, without header, version or
 * magic. Eight zeros have a right checksum, that of nothing: a record without a payload proves nothing, and no encoder writes one.
 */
import { crc32c } from '../crc32.ts';
import { cometPayload } from './cometbft-payload.ts';
import { zeroTailOf } from './inspected.ts';
import { isProof, type LogFormat } from './log-format.ts';
import { ProtobufError } from './protobuf.ts';
import { RangeChecksum } from './range-checksum.ts';

export const recordHeaderBytes = 8;
export const maxRecordBytes = 1_048_600;

export class CometbftFormat implements LogFormat {
  readonly first = 0;
  readonly openRefusal = undefined;
  readonly bytes: Uint8Array;
  readonly zeroTail: number;
  readonly #view: DataView;
  #ranges: RangeChecksum | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.zeroTail = zeroTailOf(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  frameBytes(offset: number): number | undefined {
    const left = this.bytes.length - offset - recordHeaderBytes;
    if (left < 0) return undefined;
    const length = this.payloadBytes(offset);
    return length <= maxRecordBytes && length <= left ? recordHeaderBytes + length : undefined;
  }

  /** The length field as it is, whether or not it fits. */
  payloadBytes(offset: number): number {
    return this.#view.getUint32(offset + 4);
  }

  crc(offset: number): number {
    return this.#view.getUint32(offset);
  }

  /** The payload of a record whose length fits. */
  payload(offset: number): Uint8Array {
    return this.bytes.subarray(offset + recordHeaderBytes, offset + recordHeaderBytes + this.payloadBytes(offset));
  }

  holds(offset: number): boolean {
    return crc32c(this.payload(offset)) === this.crc(offset);
  }

  refusal(offset: number): string | undefined {
    try {
      cometPayload(this.payload(offset));
      return undefined;
    } catch (error) {
      if (error instanceof ProtobufError) return error.message;
      throw error;
    }
  }

  nextWhole(from: number): number | undefined {
    for (let offset = from; offset < this.zeroTail; offset += 1) {
      const size = this.frameBytes(offset);
      if (size === undefined || size === recordHeaderBytes || !isProof(this.crc(offset))) continue;
      this.#ranges ??= new RangeChecksum(this.bytes, 'crc32c');
      if (this.#ranges.of(offset + recordHeaderBytes, offset + size) === this.crc(offset)) return offset;
    }
    return undefined;
  }
}
