/** What was done to a disk and is not durable. */

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
    }
  | {
      readonly type: 'link' | 'unlink';
      readonly id: number;
      readonly file: string;
      readonly directory: string;
      readonly inode: number;
    };

export type PendingWrite = Pending & { readonly type: 'write' };

/** The sectors that a write touches, by number. */
export function sectorsOf(offset: number, length: number): readonly number[] {
  const sectors: number[] = [];
  for (let sector = Math.floor(offset / sectorBytes); sector * sectorBytes < offset + length; sector += 1) sectors.push(sector);
  return sectors;
}
