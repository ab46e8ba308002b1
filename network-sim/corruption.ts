/**
 * Corrupts a message: one number, text or byte in it is changed, like by a flipped bit that the transport's checksums did not detect.
 *
 * Models: damage that leaves the message readable. (Other damage counts as a lost message.) Not modelled: several damages in one message.
 * The receiver must detect the damage by the signature.
 */
import type { ChoiceSource } from '../core/choice.ts';
import { mix } from '../core/digest.ts';

/** A copy with one number, text or byte changed; the message itself if it has none. */
export function corrupted<Data extends object>(data: Data, subject: number, choices: ChoiceSource): Data {
  const count = countLeaves(data);
  if (count === 0) return data;
  const wanted = choices.choose(count, 'network.corrupt.where', subject);
  const bit = choices.choose(8, 'network.corrupt.bit', mix(subject, 1));
  return changed(data, { left: wanted }, bit) as Data;
}

function countLeaves(value: unknown): number {
  if (typeof value === 'number' || (typeof value === 'string' && value.length > 0)) return 1;
  if (value instanceof Uint8Array) return value.length > 0 ? 1 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  // The type of a message stays: with another type it would not be readable.
  return Object.entries(value).reduce((sum, [key, item]) => (key === 'type' ? sum : sum + countLeaves(item)), 0);
}

function changed(value: unknown, place: { left: number }, bit: number): unknown {
  const isLeaf = typeof value !== 'object' || value === null || value instanceof Uint8Array;
  if (isLeaf) {
    if (countLeaves(value) === 0) return value;
    place.left -= 1;
    return place.left === -1 ? flipped(value, bit) : value;
  }
  if (Array.isArray(value)) return value.map((item) => changed(item, place, bit));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === 'type' ? item : changed(item, place, bit)]));
}

function flipped(leaf: unknown, bit: number): unknown {
  if (typeof leaf === 'number') return leaf ^ (1 << (bit % 4));
  if (typeof leaf === 'string') return String.fromCharCode(leaf.charCodeAt(0) ^ 1) + leaf.slice(1);
  const bytes = (leaf as Uint8Array).slice();
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] as number) ^ (1 << bit);
  return bytes;
}
