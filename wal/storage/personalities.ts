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
  /** What a sync of a file makes durable: its bytes; its bytes and its names; or its bytes and the whole journal of names so far. */
  readonly sync: 'bytes' | 'bytes and names' | 'journal';
  /** Where the file system flushes a file by itself, so that later names follow its bytes. */
  readonly flushes: readonly BarrierCause[];
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
    flushes: [],
    tears: true,
  },
  'ext4-ordered': {
    name: 'ext4-ordered',
    says: 'ext4 with data=ordered,noauto_da_alloc: names in order, bytes of new blocks at any time; a sync commits all names so far',
    names: 'in order',
    length: 'within a block',
    sync: 'journal',
    flushes: [],
    tears: false,
  },
  ext4: {
    name: 'ext4',
    says: 'ext4 as mounted by default: also flushes a file that is renamed over another, or truncated and closed',
    names: 'in order',
    length: 'within a block',
    sync: 'journal',
    flushes: ['rename', 'truncate'],
    tears: false,
  },
  xfs: {
    name: 'xfs',
    says: 'XFS: names in order; a file is never longer than its bytes; flushes a file that is truncated and closed, not one that is renamed',
    names: 'in order',
    length: 'with the bytes',
    sync: 'journal',
    flushes: ['truncate'],
    tears: false,
  },
  btrfs: {
    name: 'btrfs',
    says: 'Btrfs: names in order; a sync makes the bytes and the names of one file durable, and nothing of others',
    names: 'in order',
    length: 'with the bytes',
    sync: 'bytes and names',
    flushes: [],
    tears: false,
  },
};

export const personalityNames: readonly PersonalityName[] = ['posix-weakest', 'ext4-ordered', 'ext4', 'xfs', 'btrfs'];
