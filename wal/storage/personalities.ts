/**
 * Personalities of file systems: what may become durable before what, and what a sync takes along. The first allows everything that POSIX does; the
 * others are narrower, as measured by real losses of power (ext4, XFS) or documented (Btrfs).
 *
 * Not modelled: data=journal, mount options beyond those named, and periodic commits, which only make more durable.
 */
import type { BarrierCause } from './pending.ts';

export type PersonalityName = 'posix-weakest' | 'ext4-ordered' | 'ext4' | 'xfs' | 'btrfs';

export interface Personality {
  readonly name: PersonalityName;
  readonly says: string;
  /** `in order`: names and truncations survive as a prefix of the order in which they were made. */
  readonly names: 'any' | 'in order';
  /** Whether a file may be longer than the bytes that survived: always, within its last block of 4,096 bytes, or never. */
  readonly length: 'apart' | 'within a block' | 'with the bytes';
  /** What a sync of a file makes durable: its bytes; its bytes and its names; or its bytes and the journal up to its last change. */
  readonly sync: 'bytes' | 'bytes and names' | 'journal';
  /** Whether `fdatasync` of a file also makes its new names durable, where a sync of it does. */
  readonly dataSync: 'names too' | 'first name alone';
  /**
   * Where the file system starts to flush a file by itself, and does not wait: a name that becomes durable later comes with the length of the file, and its
   * bytes may still be zeros.
   */
  readonly startsFlush: readonly BarrierCause[];
  /** Whether a sector can be cut within, and a rename seen with both names. */
  readonly tears: boolean;
}

export const personalities: Readonly<Record<PersonalityName, Personality>> = {
  'posix-weakest': {
    name: 'posix-weakest',
    says: 'whatever was not synced survives or not, in any order; the name of a file is durable when its directory is synced',
    names: 'any',
    length: 'apart',
    sync: 'bytes',
    dataSync: 'names too',
    startsFlush: [],
    tears: true,
  },
  'ext4-ordered': {
    name: 'ext4-ordered',
    says: 'ext4 with data=ordered,noauto_da_alloc: names in order, bytes of new blocks at any time; a sync commits all names up to the last one of its file',
    names: 'in order',
    length: 'within a block',
    sync: 'journal',
    dataSync: 'first name alone',
    startsFlush: [],
    tears: false,
  },
  ext4: {
    name: 'ext4',
    says: 'ext4 as mounted by default: also starts to flush a file that is renamed over another, or truncated and closed, so it may be zeros, and is not empty',
    names: 'in order',
    length: 'within a block',
    sync: 'journal',
    dataSync: 'first name alone',
    startsFlush: ['rename', 'truncate'],
    tears: false,
  },
  xfs: {
    name: 'xfs',
    says: 'XFS: names in order; a file is never longer than its bytes',
    names: 'in order',
    length: 'with the bytes',
    sync: 'journal',
    dataSync: 'names too',
    startsFlush: [],
    tears: false,
  },
  btrfs: {
    name: 'btrfs',
    says: 'Btrfs: names in order; a sync makes the bytes and the names of one file durable, and nothing of others',
    names: 'in order',
    length: 'with the bytes',
    sync: 'bytes and names',
    dataSync: 'names too',
    startsFlush: [],
    tears: false,
  },
};

export const personalityNames: readonly PersonalityName[] = ['posix-weakest', 'ext4-ordered', 'ext4', 'xfs', 'btrfs'];
