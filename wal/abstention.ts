/**
 * Abstention: the durable promise of a node that has lost its log not to vote before a height is over. `abstain.<life>` exists from before
 * anything else is written until the segment of the first height at which the node votes again is born.
 *
 * Two slots of 512 bytes, 4,096 apart: the first says what was known at boot, the second what peers have answered since. A torn
 * second slot leaves the first, and the node asks again.
 */
import { crc32 } from './crc32.ts';
import type { NamedFile } from './folder.ts';
import type { ByteSource } from './frames.ts';
import { type BootStep, directoryOf } from './writer.ts';

export interface Abstention {
  readonly life: number;
  /** The first height that is followed without voting. */
  readonly from: number;
  /** The last one. Undefined: nothing is known yet, and peers must be asked. */
  readonly until: number | undefined;
  /** In a few words. */
  readonly reason: string;
}

const slotBytes = 512;
const slotDistance = 4096;
const reasonBytes = 400;
const magic = Uint8Array.from('LAZUABS1', (c) => c.charCodeAt(0));
const site = 'abstain.write';

export function abstainFile(life: number): string {
  return `wal/abstain.${life}`;
}

/** The first thing that is written by a life that abstains. */
export function abstainBirth(abstention: Abstention): readonly BootStep[] {
  const file = abstainFile(abstention.life);
  return [
    { site, operation: { type: 'create', file } },
    { site, operation: { type: 'writeAt', file, offset: 0, bytes: encodeSlot(abstention) } },
    { site, operation: { type: 'sync', file } },
    { site, operation: { type: 'syncDirectory', directory: directoryOf(file) } },
  ];
}

/** Peers have answered: from now on `until` is known, in the second slot. */
export function abstainUntil(abstention: Abstention): readonly BootStep[] {
  const file = abstainFile(abstention.life);
  return [
    { site, operation: { type: 'writeAt', file, offset: slotDistance, bytes: encodeSlot(abstention) } },
    { site, operation: { type: 'sync', file } },
  ];
}

/** What the abstain files of a folder say together: `broken` where there are some and none has a whole slot. `until` never shrinks. */
export function abstentionIn(
  named: readonly NamedFile[],
  contents: ReadonlyMap<string, ByteSource>,
): Abstention | 'broken' | undefined {
  const files = named.filter(({ type }) => type === 'abstain');
  const slots = files.flatMap(({ file, life }) => slotsOf(contents.get(file), life));
  const newest = slots.at(-1);
  if (newest === undefined) return files.length === 0 ? undefined : 'broken';
  const known = slots.flatMap(({ until }) => (until === undefined ? [] : [until]));
  return { ...newest, until: known.length === 0 ? undefined : Math.max(...known) };
}

function slotsOf(source: ByteSource | undefined, life: number): readonly Abstention[] {
  if (source === undefined) return [];
  const slots = [0, slotDistance].map((offset) => decodeSlot(source.read(offset, slotBytes)));
  return slots.filter((slot) => slot !== undefined && slot.life === life) as readonly Abstention[];
}

function encodeSlot({ life, from, until, reason }: Abstention): Uint8Array {
  const bytes = new Uint8Array(slotBytes);
  bytes.set(magic);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, BigInt(from));
  view.setBigUint64(16, BigInt(until ?? 0));
  view.setUint32(24, life);
  const words = Uint8Array.from(reason.slice(0, reasonBytes), (c) => Math.min(c.charCodeAt(0), 126));
  view.setUint16(28, words.length);
  bytes.set(words, 30);
  view.setUint32(slotBytes - 4, crc32(bytes, 0, slotBytes - 4));
  return bytes;
}

function decodeSlot(bytes: Uint8Array): Abstention | undefined {
  if (bytes.length < slotBytes || magic.some((byte, index) => bytes[index] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(slotBytes - 4) !== crc32(bytes, 0, slotBytes - 4)) return undefined;
  const until = Number(view.getBigUint64(16));
  const words = bytes.subarray(30, 30 + Math.min(view.getUint16(28), reasonBytes));
  return {
    life: view.getUint32(24),
    from: Number(view.getBigUint64(8)),
    until: until === 0 ? undefined : until,
    reason: String.fromCharCode(...words),
  };
}
