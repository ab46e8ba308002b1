/**
 * A tree of folders and files on the two layers of the simulated disk. A name is an entry of its folder's inode: `3/wal` is the entry `wal`
 * of folder 3. So folders can be renamed, and a file in a folder whose own name was lost cannot be found.
 *
 * Not modelled: permissions, times, extended attributes, sparse files other than as zeros.
 */
import { Layers } from '../../wal/storage/layers.ts';
import type { Fate, Pending } from '../../wal/storage/pending.ts';
import type { Entry, Folder } from '../recording/calls.ts';

const root = 0;

type Kind = { readonly type: 'file' | 'folder' } | { readonly type: 'link'; readonly target: string };

export class FileTree {
  readonly #layers: Layers;
  /** An inode never changes its kind: forks share this. */
  readonly #kinds: Map<number, Kind>;

  /** `of`: what is there and durable, or the tree to fork. */
  constructor(of: Folder | FileTree) {
    if (of instanceof FileTree) {
      this.#layers = of.#layers.fork();
      this.#kinds = of.#kinds;
      return;
    }
    this.#layers = new Layers('zeros');
    this.#kinds = new Map([[root, { type: 'folder' }]]);
    for (const [path, entry] of of) {
      const inode = this.create(path, entry.type === 'link' ? entry : { type: entry.type });
      if (inode !== undefined && entry.type === 'file' && entry.bytes.length > 0) this.write(inode, 0, entry.bytes);
    }
    this.settle((pending) => pending);
  }

  get pending(): readonly Pending[] {
    return this.#layers.pending;
  }

  /** The id of the newest operation. */
  get operations(): number {
    return this.#layers.operations;
  }

  /** The inode at a relative path, links followed; undefined where there is none. */
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

  /** A path that leads to an inode now; undefined where none does. */
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

  /** The new inode; undefined where its folder is not there. */
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

  /** What some file systems do when a file that was truncated is closed. */
  closedAfterTruncation(inode: number): void {
    this.#layers.barrier(String(inode), inode, 'truncate');
  }

  rename(from: string, to: string): boolean {
    const [source, target] = [this.#key(from), this.#key(to)];
    const inode = source === undefined ? undefined : this.#layers.names.get(source);
    if (source === undefined || target === undefined || inode === undefined) return false;
    if (source === target) return true;
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

  /** Removes one name: of a file, a link or an empty folder. */
  unlink(path: string): boolean {
    const key = this.#key(path);
    const inode = key === undefined ? undefined : this.#layers.names.get(key);
    if (key === undefined || inode === undefined) return false;
    this.#layers.unlink(key, inode);
    return true;
  }

  /** `asDurable`: the operation as it becomes durable; undefined where it stays pending. */
  settle(asDurable: (pending: Pending) => Pending | undefined): void {
    this.#layers.settle((pending) => asDurable(pending) !== undefined, asDurable);
  }

  /** The tree after a loss of power. */
  after(fates: readonly Fate[]): FileTree {
    const fork = new FileTree(this);
    fork.#layers.powerLossWith(fates);
    return fork;
  }

  /** Every path with what a process would find there, in the order of names; folders before what they hold. */
  folder(): Folder {
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

  /** `<inode of the folder>/<name>`. */
  #key(path: string, depth = 0): string | undefined {
    const slash = path.lastIndexOf('/');
    const folder = slash === -1 ? root : this.find(path.slice(0, slash), depth);
    return folder === undefined || !this.isFolder(folder) ? undefined : `${folder}/${path.slice(slash + 1)}`;
  }
}

/** A relative path after `.` and `..` are taken out. */
function joined(folder: string, target: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${target}`.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return parts.join('/');
}
