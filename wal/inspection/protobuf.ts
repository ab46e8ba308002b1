/**
 * Reads protobuf (proto3) messages whose fields are known by number. Unknown fields are skipped, a field that is not there has its default;
 * when a field occurs twice the last counts.
 *
 * Not modelled: packed and repeated fields, which none of the messages read here has.
 */

export class ProtobufError extends Error {}

/** `other`: of a width that no field read here has. */
type Value = bigint | Uint8Array | 'other';

/** The fields of one message, by number. Throws `ProtobufError` if the bytes are no message. */
export class Fields {
  readonly #values = new Map<number, Value>();

  constructor(bytes: Uint8Array) {
    const reader = new Reader(bytes);
    while (!reader.isAtEnd) {
      const tag = Number(reader.varint() & 0xffff_ffffn);
      const field = tag >>> 3;
      if (field === 0) throw new ProtobufError('a field has the number 0');
      const value = reader.value(tag & 7, field);
      // Among fields that exclude each other the last counts: it must come last.
      this.#values.delete(field);
      this.#values.set(field, value);
    }
  }

  has(field: number): boolean {
    return this.#values.has(field);
  }

  /** The last one of these. */
  lastOf(fields: readonly number[]): number | undefined {
    return [...this.#values.keys()].findLast((field) => fields.includes(field));
  }

  /** The field as a message, or undefined if it is not there. */
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

  /** A signed 32-bit field; negative ones take ten bytes. */
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
    if (value !== undefined && !(value instanceof Uint8Array)) throw new ProtobufError(`field ${field} is no bytes`);
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

  value(wireType: number, field: number): Value {
    switch (wireType) {
      case 0:
        return this.varint();
      case 1:
        this.#take(8);
        return 'other';
      case 2:
        return this.#take(Number(this.varint()));
      case 5:
        this.#take(4);
        return 'other';
      case 3:
        this.#skipGroup(field);
        return 'other';
      default:
        throw new ProtobufError(`wire type ${wireType} is not known`);
    }
  }

  /** An old kind of field: skipped up to its own end. */
  #skipGroup(field: number): void {
    for (;;) {
      const tag = Number(this.varint() & 0xffff_ffffn);
      if ((tag & 7) !== 4) this.value(tag & 7, tag >>> 3);
      else if (tag >>> 3 === field) return;
      else throw new ProtobufError('a group ends that did not begin');
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new ProtobufError('a field extends past the end of the message');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
