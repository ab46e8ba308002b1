/**
 * Four lanes of 32 bits, mixed with the steps of MurmurHash3: the arithmetic of state-key.ts. One value is hashed at a time, so the lanes
 * are variables of this module and nothing is allocated.
 */

/** The lanes of the value that was hashed last. */
export let a = 0;
export let b = 0;
export let c = 0;
export let d = 0;

export interface Lanes {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** The lanes as 8 characters. */
export function lanesText(): string {
  // The text is made by one call: a text that is concatenated keeps its parts in memory, which take ten times its size.
  return String.fromCharCode(a & 0xffff, a >>> 16, b & 0xffff, b >>> 16, c & 0xffff, c >>> 16, d & 0xffff, d >>> 16);
}

export function setLanes(lanes: Lanes): void {
  a = lanes.a;
  b = lanes.b;
  c = lanes.c;
  d = lanes.d;
}

/** Sets the lanes for a word of a kind. Other words and other kinds have other lanes. */
export function begin(kind: number, word: number): void {
  a = spread(word);
  b = spread(word + 0x2545f491);
  c = spread(Math.imul(word, 0x38b34ae5) + 0x561ccd1b);
  d = spread(Math.imul(kind, 0x9e3779b1) ^ Math.imul(word, 0xa1e38b93));
}

/** Folds four words into the lanes. Each step is reversible, so no information is lost. */
export function combine(p: number, q: number, r: number, s: number): void {
  a = (rotated(Math.imul(a ^ spread(p), 0x239b961b), 19) + b) | 0;
  b = (rotated(Math.imul(b ^ spread(q + 0x561ccd1b), 0xab0e9789), 17) + c) | 0;
  c = (rotated(Math.imul(c ^ spread(r + 0x0bcaa747), 0x38b34ae5), 15) + d) | 0;
  d = (rotated(Math.imul(d ^ spread(s + 0x96cd1c35), 0xa1e38b93), 13) + a) | 0;
}

/** Mixes the lanes, so that every bit depends on all other bits. */
export function finish(word: number): void {
  a = ((a ^ word) + b + c + d) | 0;
  b = (b + a) | 0;
  c = (c + a) | 0;
  d = (d + a) | 0;
  a = spread(a);
  b = spread(b);
  c = spread(c);
  d = spread(d);
  a = (a + b + c + d) | 0;
  b = (b + a) | 0;
  c = (c + a) | 0;
  d = (d + a) | 0;
}

export function hashText(value: string, kind: number): void {
  const { length } = value;
  begin(kind, length);
  for (let at = 0; at < length; at += 8)
    combine(pairAt(value, at), pairAt(value, at + 2), pairAt(value, at + 4), pairAt(value, at + 6));
  finish(length);
}

export function hashBytes(bytes: Uint8Array, kind: number): void {
  const { length } = bytes;
  begin(kind, length);
  let at = 0;
  for (; at + 16 <= length; at += 16)
    combine(fourAt(bytes, at), fourAt(bytes, at + 4), fourAt(bytes, at + 8), fourAt(bytes, at + 12));
  if (at < length) {
    rest.fill(0);
    rest.set(bytes.subarray(at));
    combine(fourAt(rest, 0), fourAt(rest, 4), fourAt(rest, 8), fourAt(rest, 12));
  }
  finish(length);
}

const rest = new Uint8Array(16);

/** Two characters of a text in one word; zeros after its end. (The length is hashed too.) */
function pairAt(value: string, at: number): number {
  const { length } = value;
  if (at >= length) return 0;
  return at + 1 < length ? value.charCodeAt(at) | (value.charCodeAt(at + 1) << 16) : value.charCodeAt(at);
}

function fourAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** The finisher of MurmurHash3. */
function spread(word: number): number {
  let bits = word ^ (word >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
