/**
 * A disk that can lose power: the synced bytes, the ordered list of what was written and not synced, and directory operations
 * among them.
 *
 * Models: a page cache over sectors of 512 bytes; names that are durable only after a sync of their directory; power loss with
 * any part of what is pending; failed, skipped and lying syncs; damage at rest. Leaves out: the time an operation takes, and
 * file systems that order data before names by themselves.
 */

import { mix, textDigest } from '../../actors/digest.ts';
import type { CrashImage } from '../../actors/record.ts';
import { Content } from './content.ts';
import { type DiskFault, Faults, type RestFault } from './faults.ts';
import { type Storage, StorageError } from './storage.ts';

export const sectorBytes = 512;

/** What was done and is not durable, in order. */
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

/** What a sync will make durable when it is done: what was pending when it was issued. */
export interface SyncTicket {
  readonly upTo: number;
  readonly file?: string;
  readonly inode?: number;
  readonly directory?: string;
}

/** Files that somebody wants to know of whether their bytes still matter. */
export interface Watch {
  readonly files: ReadonlySet<string>;
  /** Somebody asked for their bytes, changed them, or gave them another name. Removal alone is none of these. */
  isTouched: boolean;
}

export interface Loss {
  readonly lostBytes: number;
  readonly lostOperations: number;
}

export class SimulatedDisk implements Storage {
  /** Names as a process sees them, and as they are on the platter. */
  #names: Map<string, number>;
  #syncedNames: Map<string, number>;
  #contents: Map<number, Content>;
  #syncedContents: Map<number, Content>;
  #pending: readonly Pending[];
  #inodes: number;
  #operations: number;
  #faults: Faults;
  #watch: Watch | undefined;

  constructor() {
    this.#names = new Map();
    this.#syncedNames = new Map();
    this.#contents = new Map();
    this.#syncedContents = new Map();
    this.#pending = [];
    this.#inodes = 0;
    this.#operations = 0;
    this.#faults = new Faults();
  }

  /** An independent copy; bytes are shared until one of the two writes. */
  fork(): SimulatedDisk {
    const copy = new SimulatedDisk();
    copy.#names = new Map(this.#names);
    copy.#syncedNames = new Map(this.#syncedNames);
    copy.#contents = new Map(this.#contents);
    copy.#syncedContents = new Map(this.#syncedContents);
    copy.#pending = this.#pending;
    copy.#inodes = this.#inodes;
    copy.#operations = this.#operations;
    copy.#faults = this.#faults.fork();
    return copy;
  }

  create(file: string): void {
    if (this.#names.has(file)) throw new StorageError('EEXIST', 'create', file, 'the name is taken');
    this.#faults.onWrite('create', file);
    this.#inodes += 1;
    this.#names.set(file, this.#inodes);
    this.#contents.set(this.#inodes, Content.empty);
    this.#pend({ type: 'link', id: this.#next(), file, directory: directoryOf(file), inode: this.#inodes });
  }

  append(file: string, bytes: Uint8Array): void {
    this.#write('append', file, this.#content('append', file).length, bytes);
  }

  writeAt(file: string, offset: number, bytes: Uint8Array): void {
    this.#content('writeAt', file);
    this.#write('writeAt', file, offset, bytes);
  }

  sync(file: string): void {
    this.endSync(this.beginSync(file));
  }

  syncDirectory(directory: string): void {
    this.endSync(this.beginSyncDirectory(directory));
  }

  beginSync(file: string): SyncTicket {
    this.#touch(file);
    const inode = this.#names.get(file);
    if (inode === undefined) throw notFound('sync', file);
    return { upTo: this.#operations, file, inode };
  }

  beginSyncDirectory(directory: string): SyncTicket {
    return { upTo: this.#operations, directory };
  }

  /** Makes durable what the ticket names. Throws `EIO` where a fault says so, and then nothing of it ever becomes durable. */
  endSync({ upTo, file, inode, directory }: SyncTicket): void {
    const isCovered = (pending: Pending): boolean =>
      pending.id <= upTo &&
      (pending.type === 'write' ? pending.inode === inode && pending.isOrphan !== true : pending.directory === directory);
    const name = file ?? directory ?? '';
    const outcome = this.#faults.onSync(name);
    if (outcome === 'lies') return;
    if (outcome !== 'honest') {
      this.#orphan(isCovered, outcome.content === 'reverted' ? inode : undefined);
      throw new StorageError('EIO', file === undefined ? 'syncDirectory' : 'sync', name, 'the disk reported a failed write');
    }
    const covered = this.#pending.filter(isCovered);
    const astray = covered.some(({ type }) => type === 'write') ? this.#faults.onSettle(name) : 0;
    const last = astray === 0 ? undefined : covered.findLast(({ type }) => type === 'write');
    for (const pending of covered) {
      if (pending !== last) this.#settle(pending);
      else if (astray !== 'lost' && pending.type === 'write')
        this.#settle({ ...pending, offset: Math.max(0, pending.offset + astray) });
    }
    // What was written to a file that no name leads to any more can never be read again.
    const named = new Set([...this.#names.values(), ...this.#syncedNames.values()]);
    const gone = new Set(
      covered.flatMap((pending) => (pending.type === 'unlink' && !named.has(pending.inode) ? [pending.inode] : [])),
    );
    for (const inode of gone) {
      this.#contents.delete(inode);
      this.#syncedContents.delete(inode);
    }
    this.#pending = this.#pending.filter(
      (pending) => !isCovered(pending) && !(pending.type === 'write' && gone.has(pending.inode)),
    );
  }

  read(file: string, offset = 0, length: number = Number.MAX_SAFE_INTEGER): Uint8Array {
    const content = this.#content('read', file);
    const end = Math.min(content.length, offset + length);
    return this.#faults.onRead(file, content.bytes.subarray(Math.min(offset, end), end), offset);
  }

  size(file: string): number {
    return this.#content('size', file).length;
  }

  list(directory: string): readonly string[] {
    const prefix = `${directory}/`;
    const names: string[] = [];
    for (const file of this.#names.keys()) if (file.startsWith(prefix)) names.push(file.slice(prefix.length));
    return names.sort();
  }

  remove(file: string): void {
    const inode = this.#names.get(file);
    if (inode === undefined) throw notFound('remove', file);
    this.#names.delete(file);
    this.#pend({ type: 'unlink', id: this.#next(), file, directory: directoryOf(file), inode });
  }

  /**
   * Gives a file another name, over whatever had it. Not part of `Storage`: our own log never renames, and logs of others do. Both names are
   * pending until the directory is synced; a crash may leave either, or both.
   */
  rename(file: string, to: string): void {
    const inode = this.#names.get(file);
    if (inode === undefined) throw notFound('rename', file);
    this.#touch(file);
    this.#names.set(to, inode);
    this.#pend({ type: 'link', id: this.#next(), file: to, directory: directoryOf(to), inode });
    this.remove(file);
  }

  /** No name leads to any of these files, in the page cache or on the platter. */
  hasForgotten(files: ReadonlySet<string>): boolean {
    for (const file of files) if (this.#names.has(file) || this.#syncedNames.has(file)) return false;
    return true;
  }

  exists(file: string): boolean {
    return this.#names.has(file);
  }

  /** What was done and is not durable, oldest first, orphans among it. */
  pending(): readonly Pending[] {
    return this.#pending;
  }

  /** Whether the bytes [from, to) of a file, and its name, would survive any loss of power. */
  isDurable(file: string, from: number, to: number): boolean {
    this.#touch(file);
    const inode = this.#names.get(file);
    if (inode === undefined || this.#syncedNames.get(file) !== inode) return false;
    if ((this.#syncedContents.get(inode)?.length ?? 0) < to) return false;
    return !this.#pending.some(
      (pending) =>
        pending.type === 'write' &&
        pending.inode === inode &&
        pending.offset < to &&
        pending.offset + pending.bytes.length > from,
    );
  }

  /** The power fails: of what is pending only `image` survives, and the page cache is gone. */
  powerLoss(image: CrashImage): Loss {
    if (this.#watch !== undefined) this.#watch.isTouched = true;
    const pendingBytes = bytesOf(this.#pending);
    const writes = this.#pending.filter((pending) => pending.type === 'write' && pending.isOrphan !== true);
    const names = this.#pending.filter((pending) => pending.type !== 'write');
    let survived = 0;
    const keepName = (index: number): boolean =>
      image === 'all' || (typeof image === 'object' && (image.directory === undefined || image.directory[index] === '1'));
    for (const [index, pending] of names.entries()) if (keepName(index)) this.#settle(pending);
    if (image === 'all') {
      for (const pending of writes) this.#settle(pending);
      survived = bytesOf(writes);
    } else if (typeof image === 'object') {
      survived = 'cut' in image ? this.#settlePrefix(writes, image.cut) : this.#settleSectors(writes, image.sectors);
    }
    const lostOperations = names.filter((_, index) => !keepName(index)).length;
    this.#pending = [];
    this.#names = new Map(this.#syncedNames);
    const live = new Set(this.#names.values());
    for (const inode of this.#contents.keys()) {
      if (!live.has(inode)) {
        this.#contents.delete(inode);
        this.#syncedContents.delete(inode);
      } else this.#contents.set(inode, this.#syncedContents.get(inode) ?? Content.empty);
    }
    return { lostBytes: pendingBytes - survived, lostOperations };
  }

  /** A fault of the device that is asked when something happens: failed or lying syncs, failed writes. */
  inject(fault: DiskFault): void {
    this.#faults.add(fault);
  }

  lift(id: string): void {
    this.#faults.lift(id);
  }

  /** Damage to what lies on the disk, at once. */
  damage(fault: RestFault): void {
    if (this.#watch !== undefined) this.#watch.isTouched = true;
    if (fault.type === 'bit-flip' || fault.type === 'unreadable') {
      this.#content('damage', fault.file);
      this.#faults.damage(fault);
      return;
    }
    if (fault.type === 'wipe') {
      this.#names = new Map();
      this.#syncedNames = new Map();
      this.#contents = new Map();
      this.#syncedContents = new Map();
      this.#pending = [];
      return;
    }
    const inode = this.#names.get(fault.file);
    if (inode === undefined) throw notFound('damage', fault.file);
    if (fault.type === 'missing') {
      this.#names.delete(fault.file);
      this.#syncedNames.delete(fault.file);
      return;
    }
    const kept = Math.max(0, this.size(fault.file) - fault.bytes);
    for (const contents of [this.#contents, this.#syncedContents]) {
      const content = contents.get(inode);
      if (content !== undefined) contents.set(inode, content.cutTo(kept));
    }
    this.#pending = this.#pending.filter((pending) => pending.type !== 'write' || pending.inode !== inode);
  }

  /** Tells from now on whether the bytes of these files still matter. Not copied by a fork. */
  watch(files: ReadonlySet<string>): Watch {
    this.#watch = { files, isTouched: false };
    return this.#watch;
  }

  /** A fingerprint of names, bytes and what is pending; of the files in `but` it leaves out the bytes. */
  digest(but?: ReadonlySet<string>): number {
    let sum = 0;
    for (const [file, inode] of this.#names) {
      const content = but?.has(file) === true ? undefined : this.#contents.get(inode);
      sum = (sum + mix(textDigest(file), content?.digest ?? 0)) | 0;
    }
    for (const [file, inode] of this.#syncedNames) {
      const content = but?.has(file) === true ? undefined : this.#syncedContents.get(inode);
      sum = (sum + mix(textDigest(file, 1), content?.digest ?? 0)) | 0;
    }
    let digest = mix(sum, this.#faults.digest());
    for (const pending of this.#pending) {
      digest = mix(digest, textDigest(`${pending.type} ${pending.file}`));
      if (pending.type === 'write') digest = mix(mix(digest, pending.offset), pending.bytes.length);
    }
    return digest;
  }

  #write(operation: string, file: string, offset: number, bytes: Uint8Array): void {
    const inode = this.#names.get(file) as number;
    const fault = this.#faults.onWrite(operation, file, bytes.length);
    const written = fault === undefined ? bytes : bytes.subarray(0, fault.written);
    if (written.length > 0) {
      const content = this.#contents.get(inode) ?? Content.empty;
      this.#contents.set(inode, content.written(offset, written));
      this.#pend({ type: 'write', id: this.#next(), inode, file, offset, bytes: written });
    }
    if (fault !== undefined)
      throw new StorageError(fault.code, operation, file, `only ${fault.written} of ${bytes.length} bytes were written`);
  }

  #touch(file: string): void {
    if (this.#watch?.files.has(file) === true) this.#watch.isTouched = true;
  }

  #content(operation: string, file: string): Content {
    this.#touch(file);
    const inode = this.#names.get(file);
    const content = inode === undefined ? undefined : this.#contents.get(inode);
    if (content === undefined) throw notFound(operation, file);
    return content;
  }

  #next(): number {
    this.#operations += 1;
    return this.#operations;
  }

  #pend(pending: Pending): void {
    this.#pending = [...this.#pending, pending];
  }

  #settle(pending: Pending): void {
    if (pending.type === 'write') {
      const synced = this.#syncedContents.get(pending.inode) ?? Content.empty;
      const cached = this.#contents.get(pending.inode);
      const end = pending.offset + pending.bytes.length;
      // Of what was only ever appended the durable bytes are a prefix of the cached ones: nothing is copied.
      const isPrefix = cached?.isGrown === true && pending.offset === synced.length && cached.length >= end;
      this.#syncedContents.set(pending.inode, isPrefix ? cached.cutTo(end) : synced.written(pending.offset, pending.bytes));
    } else if (pending.type === 'link') this.#syncedNames.set(pending.file, pending.inode);
    else if (this.#syncedNames.get(pending.file) === pending.inode) this.#syncedNames.delete(pending.file);
  }

  #orphan(isCovered: (pending: Pending) => boolean, reverted: number | undefined): void {
    this.#pending = this.#pending.map((pending) =>
      isCovered(pending) && pending.type === 'write' ? { ...pending, isOrphan: true } : pending,
    );
    if (reverted === undefined) return;
    this.#contents.set(reverted, this.#syncedContents.get(reverted) ?? Content.empty);
    this.#pending = this.#pending.filter((pending) => pending.type !== 'write' || pending.inode !== reverted);
  }

  /** The first `count` bytes of all pending writes, in their order. */
  #settlePrefix(writes: readonly Pending[], count: number): number {
    let left = count;
    for (const pending of writes) {
      if (pending.type !== 'write' || left <= 0) break;
      this.#settle({ ...pending, bytes: pending.bytes.subarray(0, left) });
      left -= pending.bytes.length;
    }
    return Math.min(count, bytesOf(writes));
  }

  /** Each chosen sector as the page cache held it after that write; bytes between that were not chosen read as zeros. */
  #settleSectors(writes: readonly Pending[], digits: string): number {
    const cache = new Map<number, Content>();
    let unit = 0;
    let survived = 0;
    for (const pending of writes) {
      if (pending.type !== 'write') continue;
      const before = cache.get(pending.inode) ?? this.#syncedContents.get(pending.inode) ?? Content.empty;
      const after = before.written(pending.offset, pending.bytes);
      cache.set(pending.inode, after);
      for (const sector of sectorsOf(pending.offset, pending.bytes.length)) {
        if (digits[unit] === '1') {
          const from = sector * sectorBytes;
          const bytes = after.bytes.subarray(from, from + sectorBytes);
          const synced = this.#syncedContents.get(pending.inode) ?? Content.empty;
          // A sector as it was in the cache never shrinks what an earlier, longer one left there.
          this.#syncedContents.set(pending.inode, synced.written(from, bytes));
          survived += Math.min(from + bytes.length, pending.offset + pending.bytes.length) - Math.max(from, pending.offset);
        }
        unit += 1;
      }
    }
    return survived;
  }
}

/** The sectors that a write touches, by number. */
export function sectorsOf(offset: number, length: number): readonly number[] {
  const sectors: number[] = [];
  for (let sector = Math.floor(offset / sectorBytes); sector * sectorBytes < offset + length; sector += 1) sectors.push(sector);
  return sectors;
}

function bytesOf(pending: readonly Pending[]): number {
  return pending.reduce((sum, entry) => sum + (entry.type === 'write' ? entry.bytes.length : 0), 0);
}

function directoryOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash === -1 ? '' : file.slice(0, slash);
}

function notFound(operation: string, file: string): StorageError {
  return new StorageError('ENOENT', operation, file, 'there is no such file');
}
