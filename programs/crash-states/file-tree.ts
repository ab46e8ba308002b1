/**
 * A tree of folders, files and symbolic links on the simulated disk, with what a process sees and what is durable. A name is stored with the inode of its
 * folder: `3/wal` is the entry `wal` of folder 3. So a renamed folder keeps its files. A file cannot be found when the name of its folder was lost.
 *
 * Not modelled: permissions, times and extended attributes. Holes in sparse files are stored as zeros.
 */
import { ForkingMap } from '../../core/forking-map.ts';
import { Layers } from '../../wal/storage/layers.ts';
import type { Fate, Pending } from '../../wal/storage/pending.ts';
import type { Entry, Folder } from '../recording/calls.ts';

const root = 0;

type Kind = { readonly type: 'file' | 'folder' } | { readonly type: 'link'; readonly target: string };

export class FileTree {
  readonly #layers: Layers;
  /** By inode. An inode keeps its kind for ever. */
  readonly #kinds: ForkingMap<number, Kind>;

  /** Makes a tree of these files, all of them durable, or a fork of a tree. A change in a fork is not seen in the other. */
  constructor(of: Folder | FileTree) {
    if (of instanceof FileTree) {
      this.#layers = of.#layers.fork();
      this.#kinds = of.#kinds.fork();
      return;
    }
    this.#layers = new Layers('zeros');
    this.#kinds = new ForkingMap(new Map<number, Kind>([[root, { type: 'folder' }]]));
    for (const [path, entry] of of) {
      const inode = this.create(path, entry.type === 'link' ? entry : { type: entry.type });
      if (inode !== undefined && entry.type === 'file' && entry.bytes.length > 0) this.write(inode, 0, entry.bytes);
    }
    this.settle((pending) => pending);
  }

  get pending(): readonly Pending[] {
    return this.#layers.pending;
  }

  /** The id of the newest operation; ids count up from 1. */
  get newestOperation(): number {
    return this.#layers.operations;
  }

  /**
   * The inode at a relative path; undefined if there is none. Symbolic links are followed, but not those with an absolute target, and not a chain of
   * more than 40.
   */
  find(path: string, depth = 0): number | undefined {
    const key = this.#key(path, depth);
    const inode = path === '' ? root : key === undefined ? undefined : this.#layers.names.get(key);
    const kind = inode === undefined ? undefined : this.#kinds.get(inode);
    if (kind?.type !== 'link') return inode;
    if (depth > 40 || kind.target.startsWith('/')) return undefined;
    return this.find(joined(path.slice(0, path.lastIndexOf('/') + 1), kind.target), depth + 1);
  }

  isFolder(inode: number): boolean {
    return this.#kinds.get(inode)?.type === 'folder';
  }

  length(inode: number): number {
    return this.#layers.contentOf(inode).length;
  }

  bytes(inode: number): Uint8Array {
    return this.#layers.contentOf(inode).bytes;
  }

  /** A path of this inode that a process can use now; undefined if it has none. */
  pathOf(inode: number): string | undefined {
    if (inode === root) return '';
    for (const [key, named] of this.#layers.names) {
      if (named !== inode) continue;
      const slash = key.indexOf('/');
      const folder = this.pathOf(Number(key.slice(0, slash)));
      if (folder !== undefined) return folder === '' ? key.slice(slash + 1) : `${folder}/${key.slice(slash + 1)}`;
    }
    return undefined;
  }

  /** Creates a file, folder or link and returns its inode; undefined if its folder does not exist. */
  create(path: string, kind: Kind = { type: 'file' }): number | undefined {
    const key = this.#key(path);
    if (key === undefined) return undefined;
    this.#layers.create(key);
    const inode = this.#layers.names.get(key) as number;
    this.#kinds.set(inode, kind);
    return inode;
  }

  write(inode: number, offset: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#layers.writeApart(String(inode), inode, offset, bytes);
  }

  truncate(inode: number, length: number): void {
    if (length !== this.length(inode)) this.#layers.resize(String(inode), inode, length);
  }

  /** Some file systems begin to write a truncated file to the platter when it is closed. This notes that moment. */
  closedAfterTruncation(inode: number): void {
    this.#layers.barrier(String(inode), inode, 'truncate');
  }

  rename(from: string, to: string): boolean {
    const [source, target] = [this.#key(from), this.#key(to)];
    const inode = source === undefined ? undefined : this.#layers.names.get(source);
    if (source === undefined || target === undefined || inode === undefined) return false;
    // POSIX: two names of one file both stay.
    if (source === target || this.#layers.names.get(target) === inode) return true;
    if (this.#layers.names.has(target)) this.#layers.barrier(target, inode, 'rename');
    this.#layers.rename(source, target, inode);
    return true;
  }

  link(from: string, to: string): boolean {
    const [source, target] = [this.#key(from), this.#key(to)];
    const inode = source === undefined ? undefined : this.#layers.names.get(source);
    if (target === undefined || inode === undefined) return false;
    this.#layers.link(target, inode);
    return true;
  }

  /** Removes one name. The caller has seen that a folder is empty: this does not check it. */
  unlink(path: string): boolean {
    const key = this.#key(path);
    const inode = key === undefined ? undefined : this.#layers.names.get(key);
    if (key === undefined || inode === undefined) return false;
    this.#layers.unlink(key, inode);
    return true;
  }

  /** Makes pending operations durable. `asDurable` returns what becomes durable of an operation, or undefined if it stays pending. */
  settle(asDurable: (pending: Pending) => Pending | undefined): void {
    this.#layers.settle((pending) => asDurable(pending) !== undefined, asDurable);
  }

  /** The tree that is found after a loss of power with this fate for each pending operation. */
  afterPowerLoss(fates: readonly Fate[]): FileTree {
    const fork = new FileTree(this);
    fork.#layers.powerLossWith(fates);
    return fork;
  }

  /** Every path with its file, folder or link as a process sees it, sorted by name. A folder precedes its entries. */
  entries(): Folder {
    const inside = new Map<string, [string, number][]>();
    for (const [key, inode] of this.#layers.names) {
      const slash = key.indexOf('/');
      const folder = key.slice(0, slash);
      const names = inside.get(folder) ?? [];
      names.push([key.slice(slash + 1), inode]);
      inside.set(folder, names);
    }
    const entries = new Map<string, Entry>();
    const walk = (inode: number, prefix: string): void => {
      for (const [name, child] of (inside.get(String(inode)) ?? []).sort(([a], [b]) => (a < b ? -1 : 1))) {
        const kind = this.#kinds.get(child) ?? { type: 'file' };
        const path = `${prefix}${name}`;
        if (kind.type === 'link') entries.set(path, kind);
        else if (kind.type === 'file') entries.set(path, { type: 'file', bytes: this.bytes(child) });
        else {
          entries.set(path, { type: 'folder' });
          walk(child, `${path}/`);
        }
      }
    };
    walk(root, '');
    return entries;
  }

  /** The key of a path in the map of names, such as `3/wal`; undefined if its folder does not exist. */
  #key(path: string, depth = 0): string | undefined {
    const slash = path.lastIndexOf('/');
    const folder = slash === -1 ? root : this.find(path.slice(0, slash), depth);
    return folder === undefined || !this.isFolder(folder) ? undefined : `${folder}/${path.slice(slash + 1)}`;
  }
}

/** The path of a link's target, without `.` and `..`. */
function joined(folder: string, target: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${target}`.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return parts.join('/');
}
