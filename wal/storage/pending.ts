/** What was done to a disk and is not durable. */
import type { Content } from './content.ts';

/** The size of a sector, in bytes: what a power loss takes or leaves as a whole. */
export const sectorBytes = 512;

export type Pending =
  | {
      readonly type: 'write';
      readonly id: number;
      readonly inode: number;
      readonly file: string;
      readonly offset: number;
      readonly bytes: Uint8Array;
      /** A sync of it failed: the page counts as clean, no later sync writes it, and power takes it. */
      readonly isOrphan?: boolean;
      /** The file in the page cache before and after, where somebody asked to remember it. */
      readonly step?: { readonly before: Content; readonly after: Content };
    }
  | {
      readonly type: 'link' | 'unlink';
      readonly id: number;
      readonly file: string;
      readonly directory: string;
      readonly inode: number;
      /** The id of the link, for an unlink that is half of a rename. A name that moves is never lost in both places. */
      readonly renamedBy?: number;
      /** A link that is the first name of a new file. */
      readonly isFirst?: true;
    }
  /** The length of a file changes, without bytes. `was`: the length before. */
  | {
      readonly type: 'resize';
      readonly id: number;
      readonly inode: number;
      readonly file: string;
      readonly length: number;
      readonly was: number;
      /** It is the part of the next operation, a write, that makes the file longer. */
      readonly isOfWrite: boolean;
    }
  /** Some file systems start to flush the file here: from then on its length may be durable, and is when a later name is; its bytes may be zeros. */
  | {
      readonly type: 'barrier';
      readonly id: number;
      readonly inode: number;
      readonly file: string;
      readonly cause: BarrierCause;
    };

/** A file renamed over another one; a file that was truncated to nothing, rewritten and closed. */
export type BarrierCause = 'rename' | 'truncate';

export type PendingWrite = Pending & { readonly type: 'write' };
export type PendingName = Pending & { readonly type: 'link' | 'unlink' };

/** What becomes of one pending operation when power fails: all of it, nothing, the first bytes, or the chosen sectors (one digit each). */
export type Fate = 'kept' | 'lost' | { readonly cut: number } | { readonly sectors: string };

/** The sectors that a write touches, by number. */
export function sectorsOf(offset: number, length: number): readonly number[] {
  const sectors: number[] = [];
  for (let sector = Math.floor(offset / sectorBytes); sector * sectorBytes < offset + length; sector += 1) sectors.push(sector);
  return sectors;
}
