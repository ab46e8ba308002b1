/**
 * The two layers of a disk: what a process sees (names and bytes in the page cache), and what is on the platter. Between them is the
 * ordered list of pending operations, of which a power loss takes any part.
 */
import type { CrashImage } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { Content } from './content.ts';
import { type BarrierCause, type Fate, type Pending, type PendingName, type PendingWrite, sectorBytes } from './pending.ts';
import { FormerBlocks } from './stale-sectors.ts';
import { firstLost, piecesOf, whatIsLeft } from './surviving-writes.ts';

/** What a sector reads as that was lost, within the length of its file: zeros, or what its block held before. */
export type LostSectors = 'zeros' | 'stale';

export interface Loss {
  readonly lostBytes: number;
  readonly lostOperations: number;
}

export class Layers {
  #names: ForkingMap<string, number>;
  #syncedNames: ForkingMap<string, number>;
  #contents: ForkingMap<number, Content>;
  #syncedContents: ForkingMap<number, Content>;
  #pending: readonly Pending[];
  #inodes: number;
  #operations: number;
  /** Where lost sectors show what their blocks held before; otherwise they read as zeros. */
  #formers: FormerBlocks | undefined;
  /** Until something changes. */
  #present: object | undefined;

  /** An empty one, or a fork of these. */
  constructor(of: LostSectors | Layers) {
    const from = typeof of === 'string' ? undefined : of;
    this.#formers = of === 'stale' ? new FormerBlocks() : from === undefined ? undefined : from.#formers?.fork();
    this.#names = from === undefined ? new ForkingMap() : from.#names.fork();
    this.#syncedNames = from === undefined ? new ForkingMap() : from.#syncedNames.fork();
    this.#contents = from === undefined ? new ForkingMap() : from.#contents.fork();
    this.#syncedContents = from === undefined ? new ForkingMap() : from.#syncedContents.fork();
    this.#pending = from === undefined ? [] : from.#pending;
    this.#inodes = from === undefined ? 0 : from.#inodes;
    this.#operations = from === undefined ? 0 : from.#operations;
    this.#present = from === undefined ? undefined : from.#present;
  }

  /** An independent copy; bytes are shared until one of the two writes. */
  fork(): Layers {
    return new Layers(this);
  }

  /** As a process sees them. */
  get names(): ReadonlyMap<string, number> {
    return this.#names.view;
  }

  /** What was done and is not durable, oldest first, orphans among it. */
  get pending(): readonly Pending[] {
    return this.#pending;
  }

  /** The number of the newest operation. */
  get operations(): number {
    return this.#operations;
  }

  /** As a process sees it; undefined if there is no such file. */
  content(file: string): Content | undefined {
    const inode = this.#names.get(file);
    return inode === undefined ? undefined : this.#contents.get(inode);
  }

  /** On the platter, under its name there; undefined if the name is not durable, or another file's. */
  syncedContent(file: string): Content | undefined {
    const inode = this.#names.get(file);
    if (inode === undefined || this.#syncedNames.get(file) !== inode) return undefined;
    return this.#syncedContents.get(inode) ?? Content.empty;
  }

  hasName(file: string): boolean {
    return this.#names.has(file) || this.#syncedNames.has(file);
  }

  create(file: string): void {
    this.#inodes += 1;
    this.#contents.set(this.#inodes, Content.empty);
    this.#formers?.give(this.#inodes);
    this.link(file, this.#inodes);
  }

  /** Its name ends with a slash, and is one of the names of its parent. */
  makeDirectory(name: string): void {
    this.#inodes += 1;
    this.#names.set(name, this.#inodes);
    const directory = directoryOf(name.slice(0, -1));
    this.#pend({ type: 'link', id: this.#next(), file: name, directory, inode: this.#inodes, isFirst: true });
  }

  link(file: string, inode: number): void {
    this.#names.set(file, inode);
    this.#pend({ type: 'link', id: this.#next(), file, directory: directoryOf(file), inode });
  }

  unlink(file: string, inode: number): void {
    this.#names.delete(file);
    this.#pend({ type: 'unlink', id: this.#next(), file, directory: directoryOf(file), inode });
  }

  /** Moves a name, as one operation: the old name may outlive the new one's arrival, and never the other way round. */
  rename(file: string, to: string, inode: number): void {
    this.link(to, inode);
    const renamedBy = this.#operations;
    this.#names.delete(file);
    this.#pend({ type: 'unlink', id: this.#next(), file, directory: directoryOf(file), inode, renamedBy });
  }

  /** Changes the length of a file: bytes are cut off, or zeros are added. */
  resize(file: string, inode: number, length: number): void {
    const content = this.#contents.get(inode) ?? Content.empty;
    this.#contents.set(inode, content.resized(length));
    this.#pend({ type: 'resize', id: this.#next(), inode, file, length, was: content.length, isOfWrite: false });
  }

  /** A write whose new length may become durable apart from its bytes. */
  writeApart(file: string, inode: number, offset: number, bytes: Uint8Array): void {
    const before = this.contentOf(inode);
    const after = before.written(offset, bytes);
    this.#contents.set(inode, after);
    if (after.length > before.length)
      this.#pend({
        type: 'resize',
        id: this.#next(),
        inode,
        file,
        length: after.length,
        was: before.length,
        isOfWrite: true,
      });
    this.#pend({ type: 'write', id: this.#next(), inode, file, offset, bytes, step: { before, after } });
  }

  /** From here on names follow the length of this file, on file systems that start a flush for this cause. */
  barrier(file: string, inode: number, cause: BarrierCause): void {
    this.#pend({ type: 'barrier', id: this.#next(), inode, file, cause });
  }

  /** As a process sees it, also of a file whose name is gone. */
  contentOf(inode: number): Content {
    return this.#contents.get(inode) ?? Content.empty;
  }

  write(file: string, inode: number, offset: number, bytes: Uint8Array): void {
    const content = this.#contents.get(inode) ?? Content.empty;
    this.#contents.set(inode, content.written(offset, bytes));
    this.#pend({ type: 'write', id: this.#next(), inode, file, offset, bytes });
  }

  /** Makes these pending operations durable: as they are, or as `settled` has them (undefined: lost on the way). The rest of a length stays pending. */
  settle(isCovered: (pending: Pending) => boolean, settled: (pending: Pending) => Pending | undefined): void {
    this.#present = undefined;
    const left: Pending[] = [];
    const unlinked: number[] = [];
    for (const [index, pending] of this.#pending.entries()) {
      if (!isCovered(pending)) {
        left.push(pending);
        continue;
      }
      // The write that follows brings its length along.
      const next = this.#pending[index + 1];
      if (pending.type === 'resize' && pending.isOfWrite && next !== undefined && isCovered(next)) continue;
      const replaced = pending.type === 'link' ? this.#syncedNames.get(pending.file) : undefined;
      const as = settled(pending);
      if (as !== undefined) this.#settle(as);
      if (pending.type === 'resize' && as?.type === 'resize' && as.length < pending.length)
        left.push({ ...pending, was: as.length });
      if (pending.type === 'unlink') unlinked.push(pending.inode);
      else if (replaced !== undefined && replaced !== pending.inode) unlinked.push(replaced);
    }
    this.#pending = left;
    for (const inode of unlinked) if (!this.#isNamed(inode)) this.#forget(inode);
  }

  /** What was written to a file that no name leads to any more can never be read again. */
  #forget(inode: number): void {
    this.#formers?.release(inode, this.#syncedContents.get(inode));
    this.#contents.delete(inode);
    this.#syncedContents.delete(inode);
    this.#pending = this.#pending.filter((pending) => isName(pending) || pending.inode !== inode);
  }

  #isNamed(inode: number): boolean {
    for (const named of this.#names.values()) if (named === inode) return true;
    for (const named of this.#syncedNames.values()) if (named === inode) return true;
    return this.#pending.some((pending) => pending.type === 'link' && pending.inode === inode);
  }

  /** A sync of them failed. `reverted`: the file of that inode reads as before. */
  orphan(isCovered: (pending: Pending) => boolean, reverted: number | undefined): void {
    this.#present = undefined;
    this.#pending = this.#pending.map((pending) =>
      isCovered(pending) && pending.type === 'write' ? { ...pending, isOrphan: true } : pending,
    );
    if (reverted === undefined) return;
    this.#contents.set(reverted, this.#syncedContents.get(reverted) ?? Content.empty);
    this.#pending = this.#pending.filter((pending) => pending.type !== 'write' || pending.inode !== reverted);
  }

  /** The power fails: of what is pending only `image` survives, and the page cache is gone. `isUnsafe`: a sector that was being written is lost whole. */
  powerLoss(image: CrashImage, isUnsafe = false): Loss {
    this.#present = undefined;
    const pendingBytes = bytesOf(this.#pending);
    const writes = this.#pending.filter((pending) => pending.type === 'write' && pending.isOrphan !== true) as PendingWrite[];
    const names = this.#pending.filter(isName);
    const keepName = (index: number): boolean =>
      image === 'all' || (typeof image === 'object' && (image.directory === undefined || image.directory[index] === '1'));
    for (const [index, pending] of names.entries()) if (keepName(index)) this.#settle(pending);
    const { pieces, survivedBytes } = whatIsLeft(writes, image, (inode) => this.#syncedContents.get(inode) ?? Content.empty);
    for (const { inode, offset, bytes } of pieces) this.#write(inode, offset, bytes);
    if (isUnsafe) for (const [inode, at] of firstLost(writes, image)) this.#destroySector(inode, at);
    const lostOperations = names.filter((_, index) => !keepName(index)).length;
    this.#emptyCache();
    return { lostBytes: pendingBytes - survivedBytes, lostOperations };
  }

  /** The power fails, and each pending operation has the fate at its place; an operation without one is lost. */
  powerLossWith(fates: readonly Fate[]): void {
    this.#present = undefined;
    for (const [index, pending] of this.#pending.entries()) {
      const fate = fates[index] ?? 'lost';
      if (fate === 'lost') continue;
      if (pending.type === 'resize' && pending.isOfWrite && fates[index + 1] === 'kept') continue;
      if (pending.type === 'resize' && typeof fate === 'object' && 'cut' in fate) this.#settle({ ...pending, length: fate.cut });
      else if (pending.type !== 'write' || fate === 'kept') this.#settle(pending);
      else for (const { inode, offset, bytes } of piecesOf(pending, fate)) this.#write(inode, offset, bytes);
    }
    this.#emptyCache();
  }

  /** What a process sees from now on is what is on the platter. */
  #emptyCache(): void {
    this.#pending = [];
    this.#names = this.#syncedNames.fork();
    const live = new Set(this.#names.values());
    for (const inode of this.#contents.keys()) {
      if (!live.has(inode)) this.#forget(inode);
      else this.#contents.set(inode, this.#syncedContents.get(inode) ?? Content.empty);
    }
  }

  /** Everything is gone. */
  wipe(): void {
    this.#present = undefined;
    this.#names = new ForkingMap();
    this.#syncedNames = new ForkingMap();
    this.#contents = new ForkingMap();
    this.#syncedContents = new ForkingMap();
    this.#pending = [];
    if (this.#formers !== undefined) this.#formers = new FormerBlocks();
  }

  /** The name is gone, in both layers. */
  forget(file: string): void {
    this.#present = undefined;
    this.#names.delete(file);
    this.#syncedNames.delete(file);
  }

  /** The file ends there, in both layers, and nothing of it is pending. */
  cutTo(file: string, length: number): void {
    this.#present = undefined;
    const inode = this.#names.get(file);
    if (inode === undefined) return;
    for (const contents of [this.#contents, this.#syncedContents]) {
      const content = contents.get(inode);
      if (content !== undefined) contents.set(inode, content.cutTo(length));
    }
    this.#pending = this.#pending.filter((pending) => pending.type !== 'write' || pending.inode !== inode);
  }

  /** Names, bytes and what is pending, as plain data; of the files in `but` without the bytes. The same object until something changes. */
  present(but?: ReadonlySet<string>): object {
    if (but !== undefined) return this.#presentBut(but);
    this.#present ??= this.#presentBut(new Set());
    return this.#present;
  }

  /** Without the numbers of inodes: which of its files a name leads to says what it holds, and whether both layers mean one. */
  #presentBut(but: ReadonlySet<string>): object {
    const bytesOfFile = (contents: ForkingMap<number, Content>, file: string, inode: number): Uint8Array | undefined =>
      but.has(file) ? undefined : contents.get(inode)?.bytes;
    const names = new Map<string, unknown>();
    // Its bytes on the platter matter as soon as its name is durable.
    for (const [file, inode] of this.#names)
      names.set(file, [bytesOfFile(this.#contents, file, inode), bytesOfFile(this.#syncedContents, file, inode)]);
    const syncedNames = new Map<string, unknown>();
    for (const [file, inode] of this.#syncedNames)
      syncedNames.set(file, [this.#names.get(file) === inode, bytesOfFile(this.#syncedContents, file, inode)]);
    return {
      names,
      syncedNames,
      pending: this.#pending.map((pending) => this.#presentPending(pending)),
      formers: this.#formers?.present(),
    };
  }

  #presentPending(pending: Pending): object {
    const { type, file, inode } = pending;
    const place = { type, file, isNamed: this.#names.get(file) === inode, isNameDurable: this.#syncedNames.get(file) === inode };
    switch (pending.type) {
      case 'write':
        return { ...place, offset: pending.offset, bytes: pending.bytes, isOrphan: pending.isOrphan === true };
      case 'resize':
        return { ...place, length: pending.length, was: pending.was, isOfWrite: pending.isOfWrite };
      case 'barrier':
        return { ...place, cause: pending.cause };
      default:
        return place;
    }
  }

  #next(): number {
    this.#operations += 1;
    return this.#operations;
  }

  #pend(pending: Pending): void {
    this.#present = undefined;
    this.#pending = [...this.#pending, pending];
  }

  #settle(pending: Pending): void {
    if (pending.type === 'write') this.#settleWrite(pending);
    else if (pending.type === 'link') this.#syncedNames.set(pending.file, pending.inode);
    else if (pending.type === 'resize')
      this.#syncedContents.set(pending.inode, (this.#syncedContents.get(pending.inode) ?? Content.empty).resized(pending.length));
    else if (pending.type === 'unlink' && this.#syncedNames.get(pending.file) === pending.inode)
      this.#syncedNames.delete(pending.file);
  }

  #settleWrite(pending: PendingWrite): void {
    const { inode, offset, bytes, step } = pending;
    if (step === undefined) this.#write(inode, offset, bytes);
    // All that came before is on the platter: nothing is copied.
    else if ((this.#syncedContents.get(inode) ?? Content.empty) === step.before) this.#syncedContents.set(inode, step.after);
    else for (const piece of piecesOf(pending, 'kept')) this.#write(inode, piece.offset, piece.bytes);
  }

  /** To the platter. */
  #write(inode: number, offset: number, bytes: Uint8Array): void {
    const synced = this.#syncedContents.get(inode) ?? Content.empty;
    const cached = this.#contents.get(inode);
    const end = offset + bytes.length;
    // When a file was only ever appended to, in both layers, the durable bytes are a prefix of the cached ones: nothing is copied. A write
    // that was lost or went astray has left the platter another, for good.
    const isPrefix = synced.isGrown && cached?.isGrown === true && offset === synced.length && cached.length >= end;
    this.#syncedContents.set(inode, isPrefix ? cached.cutTo(end) : this.#filled(inode, synced, offset).written(offset, bytes));
  }

  /**
   * Up to that place, with the bytes of the blocks in between. The sector in which the file ended was written whole, with zeros after its
   * end.
   */
  #filled(inode: number, synced: Content, to: number): Content {
    const from = Math.ceil(synced.length / sectorBytes) * sectorBytes;
    return this.#formers === undefined || to <= from ? synced : synced.written(from, this.#formers.at(inode, from, to));
  }

  /** A sector in which power failed: nothing of it is left. */
  #destroySector(inode: number, at: number): void {
    const synced = this.#syncedContents.get(inode);
    const from = Math.floor(at / sectorBytes) * sectorBytes;
    if (synced === undefined || synced.length <= from) return;
    const to = Math.min(synced.length, from + sectorBytes);
    this.#syncedContents.set(inode, synced.written(from, new Uint8Array(to - from)));
  }
}

function isName(pending: Pending): pending is PendingName {
  return pending.type === 'link' || pending.type === 'unlink';
}

function bytesOf(pending: readonly Pending[]): number {
  return pending.reduce((sum, entry) => sum + (entry.type === 'write' ? entry.bytes.length : 0), 0);
}

function directoryOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash === -1 ? '' : file.slice(0, slash);
}
