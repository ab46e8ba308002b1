/**
 * Abstention: a node that has lost its log promises not to vote up to a certain height. The promise is a file, `abstain.<life>`. It is written before
 * anything else. It is removed when the node votes again, after the segment of that height exists.
 *
 * The file has two slots of 512 bytes, at the offsets 0 and 4,096. The first holds what was known at boot, and the second what peers have answered since. If
 * a death tears the second slot, the first is still whole, and the node asks its peers again.
 */
import { crc32 } from './crc32.ts';
import type { NamedFile } from './folder.ts';
import type { ByteSource } from './frames.ts';
import { type BootStep, directoryOf } from './writer.ts';

export interface Abstention {
  readonly life: number;
  /** The first height at which the node follows without voting. */
  readonly from: number;
  /** The last such height. Undefined until peers have answered, if the node cannot know it from its own disk. */
  readonly until: number | undefined;
  /** Why the node abstains: the code of the recovery error. */
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

/** Plans the creation of the file with its first slot. A life that abstains writes this first. */
export function abstainBirth(abstention: Abstention): readonly BootStep[] {
  const file = abstainFile(abstention.life);
  return [
    { site, operation: { type: 'create', file } },
    { site, operation: { type: 'writeAt', file, offset: 0, bytes: encodeSlot(abstention) } },
    { site, operation: { type: 'sync', file } },
    { site, operation: { type: 'syncDirectory', directory: directoryOf(file) } },
  ];
}

/** Plans the write of the second slot, when peers have answered and `until` is known. */
export function abstainUntil(abstention: Abstention): readonly BootStep[] {
  const file = abstainFile(abstention.life);
  return [
    { site, operation: { type: 'writeAt', file, offset: slotDistance, bytes: encodeSlot(abstention) } },
    { site, operation: { type: 'sync', file } },
  ];
}

/**
 * The promise in the abstain files of a folder. With several files, the highest `until` counts. Undefined if there is no file; `broken` if no file has a whole
 * slot.
 */
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
