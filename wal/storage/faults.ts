/**
 * Faults of a disk, as data. Each says what it models and what it does not; the disk asks this table when something happens.
 */
import type { StorageErrorCode } from './storage.ts';

/**
 * What a failed sync leaves, by file system: the error is reported once, the pages count as clean, and a second sync reports success
 * without writing them. Measured by Rebello et al., "Can applications recover from fsync failures?", ATC 2020, table 1.
 */
export const fileSystems = {
  ext4: { content: 'kept', says: 'the failed pages stay readable until power fails' },
  xfs: { content: 'kept', says: 'the failed pages stay readable until power fails' },
  btrfs: { content: 'reverted', says: 'the file reads as it was before the failed write' },
} as const;

export type FileSystem = keyof typeof fileSystems;

/** Faults that wait for an operation. `id` names one, to lift it again; `file` limits it to names that hold this text. */
export type DiskFault =
  /**
   * Models: a sync that fails once and marks its pages clean. On ext4 and XFS they stay readable until power fails (`kept`); on Btrfs the
   * file reads as before (`reverted`). Source: "Can applications recover from fsync failures?" (ATC 2020). Not modelled: the second report
   * that some kernels make to another descriptor.
   */
  | { readonly type: 'sync-fails'; readonly id: string; readonly file: string; readonly content: 'kept' | 'reverted' }
  /** Models: a device that acknowledges flushes and drops them. Not modelled: devices that flush a little later. */
  | { readonly type: 'sync-lies'; readonly id: string }
  /**
   * Models: a device without powersafe overwrite: of the sector that it writes when power fails nothing is left, not even what had been synced.
   * Not modelled: sectors larger than 512 bytes, and neighbours of the one that is written.
   */
  | { readonly type: 'unsafe-overwrite'; readonly id: string }
  /** Models: a full or failing disk; `written` bytes of the write still go through. Once. */
  | {
      readonly type: 'write-fails';
      readonly id: string;
      readonly file: string;
      readonly code: 'ENOSPC' | 'EIO';
      readonly written: number;
    }
  /** Models: a write that the device acknowledged with its flush and never made. Once, the last write of the next sync of that file. */
  | { readonly type: 'lost-write'; readonly id: string; readonly file: string }
  /** Models: a write that the device made one sector too early, over what was there. Once, as `lost-write`. */
  | { readonly type: 'misdirected'; readonly id: string; readonly file: string };

/** Damage to what lies on the disk. */
export type RestFault =
  /** Models: a flipped bit that the device does not notice. `offset` in bytes. */
  | { readonly type: 'bit-flip'; readonly file: string; readonly offset: number; readonly bit: number }
  /** Models: a sector that the device cannot read any more. */
  | { readonly type: 'unreadable'; readonly file: string; readonly sector: number }
  /** Models: the last `bytes` bytes of a file gone, as after a lost size update. */
  | { readonly type: 'lost-tail'; readonly file: string; readonly bytes: number }
  /** Models: bytes that another program wrote there, well. `offset` in bytes. */
  | { readonly type: 'rewritten'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'missing'; readonly file: string }
  /** Models: a disk that was replaced by an empty one. */
  | { readonly type: 'wipe' };

type Overlay = RestFault & { readonly type: 'bit-flip' | 'unreadable' | 'rewritten' };

export class Faults {
  #waiting: readonly DiskFault[] = [];
  #overlays: readonly Overlay[] = [];

  fork(): Faults {
    const copy = new Faults();
    copy.#waiting = this.#waiting;
    copy.#overlays = this.#overlays;
    return copy;
  }

  add(fault: DiskFault): void {
    this.#waiting = [...this.#waiting, fault];
  }

  damage(fault: Overlay): void {
    this.#overlays = [...this.#overlays, fault];
  }

  /** Whether this fault waits for its operation. */
  awaits(id: string): boolean {
    return this.#waiting.some((fault) => fault.id === id);
  }

  lift(id: string): void {
    this.#waiting = this.#waiting.filter((fault) => fault.id !== id);
  }

  /** What becomes of a sync of this file or directory. */
  onSync(name: string): 'honest' | 'lies' | { readonly content: 'kept' | 'reverted' } {
    for (const fault of this.#waiting) {
      if (fault.type === 'sync-lies') return 'lies';
      if (fault.type === 'sync-fails' && name.includes(fault.file)) {
        this.lift(fault.id);
        return fault;
      }
    }
    return 'honest';
  }

  /** Where the device puts the last write of a sync: where it belongs, nowhere, or a sector too early. Bytes to add to the offset. */
  onSettle(name: string): number | 'lost' {
    const fault = this.#waiting.find(
      (waiting) => (waiting.type === 'lost-write' || waiting.type === 'misdirected') && name.includes(waiting.file),
    );
    if (fault === undefined) return 0;
    this.lift(fault.id);
    return fault.type === 'lost-write' ? 'lost' : -512;
  }

  onWrite(
    operation: string,
    file: string,
    length = 0,
  ): { readonly code: StorageErrorCode; readonly written: number } | undefined {
    const fault = this.#waiting.find((waiting) => waiting.type === 'write-fails' && file.includes(waiting.file));
    if (fault?.type !== 'write-fails' || operation === 'create') return undefined;
    this.lift(fault.id);
    return { code: fault.code, written: Math.min(fault.written, length) };
  }

  /** Whether a loss of power takes the whole sector that was being written. */
  get isUnsafe(): boolean {
    return this.#waiting.some(({ type }) => type === 'unsafe-overwrite');
  }

  /** The bytes as the device gives them: flipped, or not at all. */
  onRead(file: string, bytes: Uint8Array, offset: number): Uint8Array {
    let read = bytes;
    for (const overlay of this.#overlays) {
      if (overlay.file !== file) continue;
      if (overlay.type === 'unreadable') {
        // A sector that cannot be read comes back as zeros, so that the checksums find it: one way of handling for both.
        const from = Math.max(0, overlay.sector * 512 - offset);
        const to = Math.min(bytes.length, (overlay.sector + 1) * 512 - offset);
        if (to > from) read = read.slice().fill(0, from, to);
      } else if (overlay.type === 'rewritten') {
        const from = Math.max(offset, overlay.offset);
        const to = Math.min(offset + bytes.length, overlay.offset + overlay.bytes.length);
        if (to > from) {
          read = read.slice();
          read.set(overlay.bytes.subarray(from - overlay.offset, to - overlay.offset), from - offset);
        }
      } else if (overlay.offset >= offset && overlay.offset < offset + bytes.length) {
        read = read.slice();
        read[overlay.offset - offset] = (read[overlay.offset - offset] as number) ^ (1 << overlay.bit);
      }
    }
    return read;
  }

  /** What is still to come and what lies over the bytes, as plain data. */
  present(): unknown {
    return this.#waiting.length === 0 && this.#overlays.length === 0 ? undefined : [this.#waiting, this.#overlays];
  }
}
