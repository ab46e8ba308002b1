/** What a loss of power leaves of the writes that were pending: the pieces that survive, and where in each file the first is missing. */
import type { CrashImage } from '../../core/events.ts';
import type { Content } from './content.ts';
import { type Fate, type PendingWrite, sectorBytes, sectorsOf } from './pending.ts';

export interface Piece {
  readonly inode: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface Left {
  readonly pieces: readonly Piece[];
  /** How much of what was pending is in them. */
  readonly survivedBytes: number;
}

/** `synced`: what of a file was durable before. */
export function whatIsLeft(writes: readonly PendingWrite[], image: CrashImage, synced: (inode: number) => Content): Left {
  if (image === 'none') return { pieces: [], survivedBytes: 0 };
  if (image === 'all') return { pieces: writes, survivedBytes: writes.reduce((sum, { bytes }) => sum + bytes.length, 0) };
  return 'cut' in image ? prefixOf(writes, image.cut) : sectorsIn(writes, image.sectors, synced);
}

/** The first `count` bytes of all, in their order. */
function prefixOf(writes: readonly PendingWrite[], count: number): Left {
  const pieces: Piece[] = [];
  let left = count;
  for (const { inode, offset, bytes } of writes) {
    if (left <= 0) break;
    const kept = bytes.subarray(0, left);
    pieces.push({ inode, offset, bytes: kept });
    left -= kept.length;
  }
  return { pieces, survivedBytes: count - Math.max(0, left) };
}

/** What one write leaves by its fate. Whole sectors go to the device, as the page cache holds them after the write. */
export function piecesOf({ inode, offset, bytes, step }: PendingWrite, fate: Exclude<Fate, 'lost'>): readonly Piece[] {
  if (typeof fate === 'object' && 'cut' in fate) return [{ inode, offset, bytes: bytes.subarray(0, fate.cut) }];
  if (step === undefined) return [{ inode, offset, bytes }];
  return sectorsOf(offset, bytes.length)
    .filter((_, index) => fate === 'kept' || fate.sectors[index] === '1')
    .map((sector) => {
      const from = sector * sectorBytes;
      return { inode, offset: from, bytes: step.after.bytes.subarray(from, from + sectorBytes) };
    });
}

/** Each chosen sector as the page cache held it after that write. */
function sectorsIn(writes: readonly PendingWrite[], digits: string, synced: (inode: number) => Content): Left {
  const cache = new Map<number, Content>();
  const pieces: Piece[] = [];
  let unit = 0;
  let survivedBytes = 0;
  for (const { inode, offset, bytes } of writes) {
    const after = (cache.get(inode) ?? synced(inode)).written(offset, bytes);
    cache.set(inode, after);
    for (const sector of sectorsOf(offset, bytes.length)) {
      if (digits[unit] === '1') {
        const from = sector * sectorBytes;
        const kept = after.bytes.subarray(from, from + sectorBytes);
        pieces.push({ inode, offset: from, bytes: kept });
        survivedBytes += Math.min(from + kept.length, offset + bytes.length) - Math.max(from, offset);
      }
      unit += 1;
    }
  }
  return { pieces, survivedBytes };
}

/** By file the first byte, of those that were written, that does not survive. */
export function firstLost(writes: readonly PendingWrite[], image: CrashImage): ReadonlyMap<number, number> {
  const lost = new Map<number, number>();
  const note = (inode: number, at: number): void => {
    if (!lost.has(inode)) lost.set(inode, at);
  };
  let left = image === 'none' ? 0 : typeof image === 'object' && 'cut' in image ? image.cut : Number.MAX_SAFE_INTEGER;
  let unit = 0;
  for (const { inode, offset, bytes } of writes) {
    if (left < bytes.length) note(inode, offset + left);
    left = Math.max(0, left - bytes.length);
    if (typeof image === 'string' || 'cut' in image) continue;
    for (const sector of sectorsOf(offset, bytes.length)) {
      if (image.sectors[unit] !== '1') note(inode, Math.max(offset, sector * sectorBytes));
      unit += 1;
    }
  }
  return lost;
}
