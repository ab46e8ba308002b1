/**
 * Crash images: the possible results of the pending operations after a loss of power. This file names and lists them.
 *
 * `none`, `all`, `cut=137` (a prefix of the written bytes), `sectors=1101` (one digit for each sector of each pending write, in order of
 * writing). The last two have `,names=10` when directory operations are pending (one digit each).
 */
import type { CrashImage } from '../../core/events.ts';
import { keyOf } from '../../core/state-key.ts';
import { type Pending, sectorsOf } from './pending.ts';
import type { SimulatedDisk } from './simulated-disk.ts';

export interface ImageList {
  /** One image for each distinct disk that may be left. */
  readonly images: readonly CrashImage[];
  /** How the list was limited, in words. */
  readonly rule: string;
  /** Whether every image that the fault model allows leads to a disk in the list. */
  readonly complete: boolean;
}

const maxVarying = 12;
const maxNames = 6;
/** The most pending bytes at which every cut is listed. A log usually syncs earlier, but on a disk that lies about syncs the pending bytes grow without end. */
const maxCutBytes = 512;
/** The most pairs of bytes and names that are all listed. Above it, names vary only with all bytes kept, and bytes only with all or no names kept. */
const maxPairs = 4096;

/** Lists the crash images of a disk. At most `pending` writes vary sector by sector at a time; earlier writes are kept, and later ones are lost. */
export function crashImages(disk: SimulatedDisk, bound: { readonly pending: number }): ImageList {
  const writes = disk.pending().filter((entry) => entry.type === 'write' && entry.isOrphan !== true);
  const nameCount = disk.pending().filter((entry) => entry.type !== 'write').length;
  const names = nameCount === 0 ? [undefined] : masks(nameCount, maxNames).digits;
  const sectors = sectorMasks(writes, bound.pending);
  const totalBytes = writes.reduce((sum, entry) => sum + (entry.type === 'write' ? entry.bytes.length : 0), 0);
  const parts: ({ readonly cut: number } | { readonly sectors: string })[] = sectors.digits.map((digits) => ({
    sectors: digits,
  }));
  for (const cut of cutsOf(writes, totalBytes)) parts.push({ cut });
  const candidates: CrashImage[] = ['none', 'all'];
  const allPairs = parts.length * names.length <= maxPairs;
  for (const part of parts)
    for (const directory of names) {
      if (!allPairs && !isUniform(directory) && !('cut' in part && part.cut === totalBytes)) continue;
      candidates.push(directory === undefined ? part : { ...part, directory });
    }
  const seen = new Set<string>();
  const images = candidates.filter((image) => {
    const fork = disk.fork();
    fork.powerLoss(image);
    const key = keyOf(fork.present());
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const allNames = nameCount <= maxNames;
  const allCuts = totalBytes <= maxCutBytes;
  const cuts = allCuts
    ? 'every byte cut'
    : `every byte cut of the newest ${maxCutBytes} pending bytes, before them every end of a write`;
  const rule = `${cuts}; ${sectors.rule}; ${allNames ? 'every subset of directory entries' : 'prefixes and single directory entries'}${allPairs ? '' : ', with all bytes kept'}`;
  return { images, rule, complete: allCuts && allPairs && sectors.complete && allNames };
}

/** The text of a crash image, as in the names of crash points. `parseImage` reads it. */
export function formatImage(image: CrashImage): string {
  if (typeof image === 'string') return image;
  const names = image.directory === undefined ? '' : `,names=${image.directory}`;
  return 'cut' in image ? `cut=${image.cut}${names}` : `sectors=${image.sectors}${names}`;
}

/** Parses the text of a crash image. Undefined if the text names none. */
export function parseImage(text: string): CrashImage | undefined {
  if (text === 'none' || text === 'all') return text;
  const found = /^(?:cut=(\d+)|sectors=([01]*))(?:,names=([01]+))?$/.exec(text);
  if (found === null) return undefined;
  const [, cut, sectors, directory] = found;
  const names = directory === undefined ? {} : { directory };
  return cut === undefined ? { sectors: sectors ?? '', ...names } : { cut: Number(cut), ...names };
}

function isUniform(digits: string | undefined): boolean {
  return digits === undefined || !digits.includes('0') || !digits.includes('1');
}

function cutsOf(writes: readonly Pending[], totalBytes: number): readonly number[] {
  const cuts: number[] = [];
  let end = 0;
  for (const entry of writes) {
    if (entry.type !== 'write') continue;
    if (end < totalBytes - maxCutBytes) cuts.push(end);
    end += entry.bytes.length;
  }
  for (let cut = Math.max(0, totalBytes - maxCutBytes); cut <= totalBytes; cut += 1) cuts.push(cut);
  return cuts;
}

interface Masks {
  readonly digits: readonly string[];
  readonly rule: string;
  readonly complete: boolean;
}

function sectorMasks(writes: readonly Pending[], window: number): Masks {
  const counts = writes.map((entry) => (entry.type === 'write' ? sectorsOf(entry.offset, entry.bytes.length).length : 0));
  const total = counts.reduce((a, b) => a + b, 0);
  const digits = new Set<string>();
  let isEvery = true;
  let before = 0;
  for (let first = 0; first < counts.length; first += 1) {
    const varying = counts.slice(first, first + window).reduce((a, b) => a + b, 0);
    const { digits: inner, complete } = masks(varying, maxVarying);
    if (!complete) isEvery = false;
    for (const mask of inner) digits.add('1'.repeat(before) + mask + '0'.repeat(total - before - varying));
    before += counts[first] as number;
    if (first + window >= counts.length) break;
  }
  const subsets = isEvery ? 'every subset of sectors' : `sector prefixes, suffixes and single ones above ${maxVarying} varying`;
  const rule = counts.length > window ? `${subsets} of ${window} neighbouring writes` : subsets;
  return { digits: [...digits], rule, complete: isEvery && counts.length <= window };
}

/** All subsets of up to `limit` items. For more items: prefixes, suffixes, all but one, and single items. */
function masks(count: number, limit: number): Masks {
  const digits: string[] = [];
  if (count <= limit) {
    for (let mask = 0; mask < 2 ** count; mask += 1) digits.push(count === 0 ? '' : mask.toString(2).padStart(count, '0'));
    return { digits, rule: 'every subset', complete: true };
  }
  for (let kept = 0; kept <= count; kept += 1) {
    digits.push('1'.repeat(kept) + '0'.repeat(count - kept), '0'.repeat(count - kept) + '1'.repeat(kept));
  }
  for (let one = 0; one < count; one += 1) {
    digits.push(`${'1'.repeat(one)}0${'1'.repeat(count - one - 1)}`, `${'0'.repeat(one)}1${'0'.repeat(count - one - 1)}`);
  }
  return { digits: [...new Set(digits)], rule: 'prefixes, suffixes and single ones', complete: false };
}
