/** Small logs of other engines, made byte by byte; the checksums are computed bit by bit, without the code under test. */

export function checksumOf(bytes: Uint8Array, polynomial: number): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  }
  return ~crc >>> 0;
}

export const crc32Of = (bytes: Uint8Array): number => checksumOf(bytes, 0xedb88320);
export const crc32cOf = (bytes: Uint8Array): number => checksumOf(bytes, 0x82f63b78);

export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    joined.set(part, end);
    end += part.length;
  }
  return joined;
}

export const zeros = (count: number): Uint8Array => new Uint8Array(count);
export const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const fromHex = (hex: string): number[] => (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));

export function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

const uint64 = (value: number): number[] => [...uint32(Math.floor(value / 2 ** 32)), ...uint32(value >>> 0)];

// Malachite

export const malachiteHeader = (sequence = 3, version = 1): Uint8Array => join(uint32(version), uint64(sequence));

/** `stored`: compressed bytes; default: the payload as it is. */
export function malachiteEntry(payload: Uint8Array, stored?: Uint8Array): Uint8Array {
  const data = stored ?? payload;
  return join([stored === undefined ? 0 : 1], uint64(data.length), uint32(crc32Of(payload)), data);
}

/** An entry stored as one lz4 block of literals and one match: `head` and then its last byte `repeats` times. */
export function malachiteRepeat(head: Uint8Array, repeats: number): Uint8Array {
  const size = head.length + repeats + 1;
  const last = head[head.length - 1] as number;
  const lengths = (length: number, base: number): number[] =>
    length < base ? [] : [...Array<number>(Math.floor((length - base) / 255)).fill(255), (length - base) % 255];
  const token = (Math.min(head.length, 15) << 4) | Math.min(repeats - 4, 15);
  const stored = [
    ...uint32(size).reverse(),
    ...[token, ...lengths(head.length, 15), ...head, 1, 0, ...lengths(repeats - 4, 15)],
    ...[0x10, last],
  ];
  return malachiteEntry(join(head, zeros(repeats + 1).fill(last)), Uint8Array.from(stored));
}

/** Kinds: 1 propose, 2 prevote, 3 precommit, 7 rebroadcast. */
export const malachiteTimeout = (kind: number, round = 0): Uint8Array => join([2, kind], uint64(round));
/** A proposed value of an application that is not known here. */
export const malachiteValue = (bytes: Uint8Array): Uint8Array => join([4], uint64(bytes.length), bytes);

export function malachiteLog(...payloads: readonly Uint8Array[]): Uint8Array {
  return join(malachiteHeader(), ...payloads.map((payload) => malachiteEntry(payload)));
}

// CometBFT

export const cometRecord = (payload: Uint8Array): Uint8Array => join(uint32(crc32cOf(payload)), uint32(payload.length), payload);

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, Math.floor(value / 128 ** bytes.length)];
}

const field = (number: number, bytes: Uint8Array | readonly number[]): number[] => [
  (number << 3) | 2,
  ...varint(bytes.length),
  ...bytes,
];
const time = (seconds: number): number[] => field(1, [0x08, ...varint(seconds)]);

export function endHeight(height: number): Uint8Array {
  return Uint8Array.from([...time(1_700_000_000 + height), ...field(2, field(4, height === 0 ? [] : [0x08, ...varint(height)]))]);
}

export function roundState(height: number, step: string): Uint8Array {
  const state = [0x08, ...varint(height), ...field(3, text(`RoundStep${step}`))];
  return Uint8Array.from([...time(1_700_000_000 + height), ...field(2, field(1, state))]);
}

/** `heights` finished heights and the first steps of the next, as payloads. */
export function cometPayloads(heights: number): readonly Uint8Array[] {
  const steps = ['Propose', 'Prevote', 'Precommit', 'Commit'];
  return [
    endHeight(0),
    ...Array.from({ length: heights }, (_none, index) => [
      ...steps.map((step) => roundState(index + 1, step)),
      endHeight(index + 1),
    ]).flat(),
    roundState(heights + 1, 'Propose'),
    roundState(heights + 1, 'Prevote'),
  ];
}

export const cometLog = (heights: number): Uint8Array => join(...cometPayloads(heights).map(cometRecord));

// Tendermint before 0.34

const prefixes = { end_height: 'c7309b41', timeout: 'c1743108', round_state: '9db37aae', message: '1f5ea3ff' } as const;

export function oldPayload(kind: keyof typeof prefixes, body: Uint8Array | readonly number[] = []): Uint8Array {
  return Uint8Array.from([...time(1_600_000_000), ...field(2, [...fromHex(prefixes[kind]), ...body])]);
}

/** As go-amino 0.9 wrote it, for Tendermint 0.19 to 0.21. */
export function oldestPayload(kind: keyof typeof prefixes, body: Uint8Array | readonly number[] = []): Uint8Array {
  const [a = 0, b = 0, c = 0, d = 0] = fromHex(prefixes[kind]);
  const seconds = [0x09, ...uint64(1_525_000_000)];
  return Uint8Array.from([0x0b, ...seconds, 0x15, ...uint32(5), 0x04, 0x17, a, b, c, (d & 0xf8) | 3, ...body, 0x04, 0x04]);
}

export function oldLog(heights: number, message: Uint8Array = text('part of a block')): Uint8Array {
  const payloads = Array.from({ length: heights }, (_none, index) => [
    oldPayload('timeout', [0x10, index + 1]),
    oldPayload('round_state', [0x08, index + 1]),
    oldPayload('message', message),
    oldPayload('end_height', [0x08, index + 1]),
  ]).flat();
  return join(...[oldPayload('end_height'), ...payloads].map(cometRecord));
}
