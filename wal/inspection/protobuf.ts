/**
 * Reads protobuf (proto3) messages whose fields are known by number. Unknown fields are skipped, a field that is not there has its
 * default; of a field that stands twice the last counts.
 *
 * Leaves out: packed and repeated fields, which none of the messages read here has.
 */

export class ProtobufError extends Error {}

type Value = bigint | Uint8Array;

/** The fields of one message, by number. Throws `ProtobufError` where the bytes are no message. */
export class Fields {
  readonly #values = new Map<number, Value>();

  constructor(bytes: Uint8Array) {
    const reader = new Reader(bytes);
    while (!reader.isAtEnd) {
      const tag = Number(reader.varint() & 0xffff_ffffn);
      const field = tag >>> 3;
      if (field === 0) throw new ProtobufError('a field has the number 0');
      const value = reader.value(tag & 7);
      if (value !== undefined) this.#values.set(field, value);
    }
  }

  has(field: number): boolean {
    return this.#values.has(field);
  }

  /** The field as a message, or undefined where it is not there. */
  message(field: number): Fields | undefined {
    const value = this.#bytesOf(field);
    return value === undefined ? undefined : new Fields(value);
  }

  bytes(field: number): Uint8Array {
    return this.#bytesOf(field) ?? new Uint8Array(0);
  }

  text(field: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.bytes(field));
    } catch {
      throw new ProtobufError(`field ${field} is no text`);
    }
  }

  unsigned(field: number): bigint {
    return BigInt.asUintN(64, this.#numberOf(field));
  }

  signed(field: number): bigint {
    return BigInt.asIntN(64, this.#numberOf(field));
  }

  /** A signed 32-bit field; negative ones stand as ten bytes. */
  int32(field: number): number {
    return Number(BigInt.asIntN(32, this.#numberOf(field)));
  }

  uint32(field: number): number {
    return Number(BigInt.asUintN(32, this.#numberOf(field)));
  }

  bool(field: number): boolean {
    return this.#numberOf(field) !== 0n;
  }

  #numberOf(field: number): bigint {
    const value = this.#values.get(field) ?? 0n;
    if (typeof value !== 'bigint') throw new ProtobufError(`field ${field} is no number`);
    return value;
  }

  #bytesOf(field: number): Uint8Array | undefined {
    const value = this.#values.get(field);
    if (typeof value === 'bigint') throw new ProtobufError(`field ${field} is a number`);
    return value;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new ProtobufError('a number ends too early');
      this.#at += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('a number has more than ten bytes');
  }

  /** Undefined: a fixed-width field, of which nothing here is read. */
  value(wireType: number): Value | undefined {
    switch (wireType) {
      case 0:
        return this.varint();
      case 1:
        this.#take(8);
        return undefined;
      case 2:
        return this.#take(Number(this.varint()));
      case 5:
        this.#take(4);
        return undefined;
      default:
        throw new ProtobufError(`wire type ${wireType} is not known`);
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new ProtobufError('a field ends behind the end of the message');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
