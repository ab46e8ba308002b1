/**
 * A disk that can lose power: two layers with the pending operations between them, under the storage interface, and the faults of the
 * device.
 *
 * Models: a page cache over sectors of 512 bytes. Names are durable only after a sync of their directory, whose own name may need a sync
 * too. A power loss keeps any part of what is pending. Syncs fail, are skipped or lie; data is damaged at rest. Not modelled: the time an
 * operation takes, and file systems that order data before names by themselves.
 */

import type { CrashImage } from '../../core/events.ts';
import type { Content } from './content.ts';
import { type DiskFault, Faults, type RestFault } from './faults.ts';
import { Layers, type Loss, type LostSectors } from './layers.ts';
import type { Pending } from './pending.ts';
import { type Storage, StorageError } from './storage.ts';

/** What a sync will make durable when it is done: what was pending when it was issued. */
export interface SyncTicket {
  readonly upTo: number;
  readonly file?: string;
  readonly inode?: number;
  readonly directory?: string;
}

/** Files for which a caller must learn whether their bytes still matter. */
export interface Watch {
  readonly files: ReadonlySet<string>;
  /** True after the bytes of a file were read or changed, or a file was renamed. Removing a file does not set it. */
  isTouched: boolean;
}

/**
 * The folders of its files. `there`: they exist before everything, and are durable. `made`: each is made with its first file, and its name
 * is durable only after a sync of its parent ('' is the last parent).
 */
export type Folders = 'there' | 'made';

/** A disk in memory with a page cache, sectors and names that a power loss takes apart, and faults of the device. */
export class SimulatedDisk implements Storage {
  readonly #layers: Layers;
  readonly #faults: Faults;
  readonly #folders: Folders;
  #watch: Watch | undefined;

  /** An empty one (lost sectors read as zeros and its folders are there, if nothing else is said), or a fork of this. */
  constructor(of: LostSectors | SimulatedDisk = 'zeros', { folders = 'there' }: { readonly folders?: Folders } = {}) {
    this.#layers = typeof of === 'string' ? new Layers(of) : of.#layers.fork();
    this.#faults = typeof of === 'string' ? new Faults() : of.#faults.fork();
    this.#folders = typeof of === 'string' ? folders : of.#folders;
  }

  /** An independent copy; bytes are shared until one of the two writes. */
  fork(): SimulatedDisk {
    return new SimulatedDisk(this);
  }

  /** A copy that somebody means to read: unlike a fork it counts as looking at every file. */
  snapshot(): SimulatedDisk {
    if (this.#watch !== undefined) this.#watch.isTouched = true;
    return this.fork();
  }

  create(file: string): void {
    if (this.exists(file)) throw new StorageError('EEXIST', 'create', file, 'the name is taken');
    this.#faults.onWrite('create', file);
    this.#makeDirectories(file);
    this.#layers.create(file);
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
    return { upTo: this.#layers.operations, file, inode: this.#inode('sync', file) };
  }

  beginSyncDirectory(directory: string): SyncTicket {
    return { upTo: this.#layers.operations, directory };
  }

  /** Makes durable what the ticket names. Throws `EIO` if a fault says so, and then nothing of it ever becomes durable. */
  endSync(ticket: SyncTicket): void {
    const { file, inode, directory } = ticket;
    const name = file ?? directory ?? '';
    const outcome = this.#faults.onSync(name);
    if (outcome === 'lies') return;
    const isCovered = covering(ticket);
    if (outcome !== 'honest') {
      this.#layers.orphan(isCovered, outcome.content === 'reverted' ? inode : undefined);
      throw new StorageError('EIO', file === undefined ? 'syncDirectory' : 'sync', name, 'the disk reported a failed write');
    }
    const last = this.#layers.pending.findLast((pending) => pending.type === 'write' && isCovered(pending));
    const astray = last === undefined ? 0 : this.#faults.onSettle(name);
    this.#layers.settle(isCovered, (pending) => {
      if (pending !== last || astray === 0 || pending.type !== 'write') return pending;
      return astray === 'lost' ? undefined : { ...pending, offset: Math.max(0, pending.offset + astray) };
    });
  }

  /** How much of what is pending a ticket covers. */
  coverage(ticket: SyncTicket): number {
    return this.#layers.pending.filter(covering(ticket)).length;
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
    for (const file of this.names()) if (file.startsWith(prefix)) names.push(file.slice(prefix.length));
    return names.sort();
  }

  /** Every file as a process sees it, in no particular order. */
  *names(): Iterable<string> {
    for (const name of this.#layers.names.keys()) if (!name.endsWith('/')) yield name;
  }

  /** Whether a file whose name begins with `prefix` is durable, or at least its first byte. */
  hasDurable(prefix: string): boolean {
    for (const name of this.#layers.names.keys()) if (name.startsWith(prefix) && this.isDurable(name, 0, 1)) return true;
    return false;
  }

  remove(file: string): void {
    this.#layers.unlink(file, this.#inode('remove', file));
  }

  /**
   * Gives a file another name, and replaces a file of that name. Not part of `Storage`: our own log never renames, and logs of others do. Both names are
   * pending until the directory is synced; a crash may leave either, or both.
   */
  rename(file: string, to: string): void {
    this.#touch(file);
    this.#makeDirectories(to);
    this.#layers.link(to, this.#inode('rename', file));
    this.remove(file);
  }

  exists(file: string): boolean {
    return this.#layers.names.has(file);
  }

  /** No name leads to any of these files, in the page cache or on the platter. */
  hasForgotten(files: ReadonlySet<string>): boolean {
    for (const file of files) if (this.#layers.hasName(file)) return false;
    return true;
  }

  /** What was done and is not durable, oldest first, orphans among it. */
  pending(): readonly Pending[] {
    return this.#layers.pending;
  }

  /** Whether the bytes [from, to) of a file, as a process reads them now, and its name would survive any loss of power. */
  isDurable(file: string, from: number, to: number): boolean {
    this.#touch(file);
    const inode = this.#layers.names.get(file);
    const synced = this.#layers.syncedContent(file);
    const cached = this.#layers.content(file);
    // A write that the device lost or put elsewhere left other bytes on the platter than in the page cache.
    if (synced === undefined || cached === undefined || !synced.agrees(cached, from, to)) return false;
    if (this.#directoriesOf(file).some((name) => this.#layers.syncedContent(name) === undefined)) return false;
    return !this.#layers.pending.some(
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
    const loss = this.#layers.powerLoss(image, this.#faults.isUnsafe);
    // No name leads to what is in a directory whose own name is lost.
    for (const file of [...this.names()])
      if (this.#directoriesOf(file).some((name) => !this.#layers.names.has(name))) this.#layers.forget(file);
    return loss;
  }

  /** A fault of the device that is asked when something happens: failed or lying syncs, failed writes. */
  inject(fault: DiskFault): void {
    this.#faults.add(fault);
  }

  /** Whether this fault has not met its operation yet. */
  awaits(id: string): boolean {
    return this.#faults.awaits(id);
  }

  lift(id: string): void {
    this.#faults.lift(id);
  }

  /** Damage to the bytes on the disk, at once. */
  damage(fault: RestFault): void {
    if (this.#watch !== undefined) this.#watch.isTouched = true;
    switch (fault.type) {
      case 'bit-flip':
      case 'unreadable':
      case 'rewritten':
        this.#content('damage', fault.file);
        this.#faults.damage(fault);
        break;
      case 'wipe':
        this.#layers.wipe();
        break;
      case 'missing':
        this.#inode('damage', fault.file);
        this.#layers.forget(fault.file);
        break;
      case 'lost-tail':
        this.#layers.cutTo(fault.file, Math.max(0, this.size(fault.file) - fault.bytes));
        break;
    }
  }

  /** Reports from now on whether the bytes of these files still matter. Not copied by a fork. */
  watch(files: ReadonlySet<string>): Watch {
    this.#watch = { files, isTouched: false };
    return this.#watch;
  }

  /** Names, bytes, what is pending, and faults, as plain data that does not change; of the files in `but` without the bytes. */
  present(but?: ReadonlySet<string>): object {
    return { layers: this.#layers.present(but), faults: this.#faults.present() };
  }

  #write(operation: string, file: string, offset: number, bytes: Uint8Array): void {
    const fault = this.#faults.onWrite(operation, file, bytes.length);
    const written = fault === undefined ? bytes : bytes.subarray(0, fault.written);
    if (written.length > 0) this.#layers.write(file, this.#inode(operation, file), offset, written);
    if (fault !== undefined)
      throw new StorageError(fault.code, operation, file, `only ${fault.written} of ${bytes.length} bytes were written`);
  }

  #makeDirectories(file: string): void {
    for (const name of this.#directoriesOf(file)) if (!this.#layers.names.has(name)) this.#layers.makeDirectory(name);
  }

  /** Those that have a name of their own: of `a/b/c` `a/` and `a/b/`. */
  #directoriesOf(file: string): readonly string[] {
    if (this.#folders === 'there') return [];
    const parts = file.split('/').slice(0, -1);
    return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
  }

  #touch(file: string): void {
    if (this.#watch?.files.has(file) === true) this.#watch.isTouched = true;
  }

  #inode(operation: string, file: string): number {
    const inode = this.#layers.names.get(file);
    if (inode === undefined) throw notFound(operation, file);
    return inode;
  }

  #content(operation: string, file: string): Content {
    this.#touch(file);
    const content = this.#layers.content(file);
    if (content === undefined) throw notFound(operation, file);
    return content;
  }
}

function covering({ upTo, inode, directory }: SyncTicket): (pending: Pending) => boolean {
  return (pending) =>
    pending.id <= upTo &&
    (pending.type === 'link' || pending.type === 'unlink'
      ? pending.directory === directory
      : pending.inode === inode && !(pending.type === 'write' && pending.isOrphan === true));
}

function notFound(operation: string, file: string): StorageError {
  return new StorageError('ENOENT', operation, file, 'there is no such file');
}
