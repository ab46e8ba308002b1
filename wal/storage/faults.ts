/**
 * The faults of a simulated disk, as data. Each comment says what the fault models and what it does not. The disk asks `Faults` at each operation.
 */
import type { StorageErrorCode } from './storage.ts';

/**
 * The content of a file after a failed sync, by file system. The error is reported once and the pages then count as clean, so a second sync reports success
 * without writing them. Measured by Rebello et al., "Can applications recover from fsync failures?", ATC 2020, table 1.
 */
export const fileSystems = {
  ext4: { content: 'kept', says: 'the failed pages stay readable until power fails' },
  xfs: { content: 'kept', says: 'the failed pages stay readable until power fails' },
  btrfs: { content: 'reverted', says: 'the file reads as it was before the failed write' },
} as const;

export type FileSystem = keyof typeof fileSystems;

/** Faults that wait for an operation. `id` names the fault, so that it can be lifted. `file` limits it to names that contain this text. */
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
   * Models: a device without powersafe overwrite. A loss of power destroys the sector that is being written, including bytes that were synced before.
   * Not modelled: sectors larger than 512 bytes, and neighbours of the one that is written.
   */
  | { readonly type: 'unsafe-overwrite'; readonly id: string }
  /** Models: a full or failing disk. One write fails, after `written` of its bytes were written. */
  | {
      readonly type: 'write-fails';
      readonly id: string;
      readonly file: string;
      readonly code: 'ENOSPC' | 'EIO';
      readonly written: number;
    }
  /** Models: a write that the device acknowledged and never made. It is the last write of the next sync of that file. */
  | { readonly type: 'lost-write'; readonly id: string; readonly file: string }
  /** Models: a write that the device made one sector too early, over other bytes. It is the last write of the next sync of that file. */
  | { readonly type: 'misdirected'; readonly id: string; readonly file: string };

/** Damage to data at rest. */
export type RestFault =
  /** Models: a flipped bit that the device does not notice. `offset` in bytes. */
  | { readonly type: 'bit-flip'; readonly file: string; readonly offset: number; readonly bit: number }
  /** Models: a sector that the device cannot read any more. */
  | { readonly type: 'unreadable'; readonly file: string; readonly sector: number }
  /** Models: the last `bytes` bytes of a file gone, as after a lost size update. */
  | { readonly type: 'lost-tail'; readonly file: string; readonly bytes: number }
  /** Models: bytes that another program has written, without an error. `offset` is in bytes. */
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

  /** What a sync of this file or folder does. */
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

  /** Where the device puts the last write of a sync: the number of bytes to add to its offset (0 if the device is honest), or `lost`. */
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

  /** Whether a loss of power destroys the whole sector that is being written. */
  get isUnsafe(): boolean {
    return this.#waiting.some(({ type }) => type === 'unsafe-overwrite');
  }

  /** The bytes as the device returns them, with flipped bits and unreadable sectors. */
  onRead(file: string, bytes: Uint8Array, offset: number): Uint8Array {
    let read = bytes;
    for (const overlay of this.#overlays) {
      if (overlay.file !== file) continue;
      if (overlay.type === 'unreadable') {
        // An unreadable sector is returned as zeros, and is then detected by checksums like flipped bits.
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

  /** The waiting faults and the damage at rest, as plain data. */
  present(): unknown {
    return this.#waiting.length === 0 && this.#overlays.length === 0 ? undefined : [this.#waiting, this.#overlays];
  }
}
