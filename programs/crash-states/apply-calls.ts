/** Carries out recorded calls on a tree: what each does to descriptors, bytes and names when it begins. What a sync makes durable is not decided here. */
import { constants } from 'node:fs';
import type { Call, ProgramRecord, RecordedCall } from '../recording/calls.ts';
import { Descriptors, type OpenFile } from './descriptors.ts';
import { FileTree } from './file-tree.ts';

export class AppliedCalls {
  readonly tree: FileTree;
  readonly descriptors: Descriptors = new Descriptors();
  /** Why the record cannot be trusted to be whole. */
  readonly unseen: string[] = [];
  readonly #folder: string;
  readonly #opened = new Map<RecordedCall, OpenFile>();

  constructor({ folder, before }: ProgramRecord) {
    this.#folder = folder;
    this.tree = new FileTree(before);
  }

  /** An open has ended: from now on its descriptor counts. */
  opened(recorded: RecordedCall, fd: number): void {
    const file = this.#opened.get(recorded);
    if (file === undefined) this.descriptors.close(recorded.process, fd);
    else this.descriptors.set(recorded.process, fd, file);
  }

  apply(recorded: RecordedCall): void {
    const { call, process } = recorded;
    switch (call.op) {
      case 'open':
        this.#open(call, recorded);
        break;
      case 'close': {
        const file = this.descriptors.close(process, call.fd);
        if (file?.isTruncated === true) this.tree.closedAfterTruncation(file.inode);
        break;
      }
      case 'dup':
        this.descriptors.share(process, call.fd, call.to);
        break;
      case 'fork':
        this.descriptors.fork(process, call.child);
        break;
      case 'write':
        this.#write(this.descriptors.get(process, call.fd), call.bytes, call.position);
        break;
      case 'read':
      case 'seek': {
        const file = this.descriptors.get(process, call.fd);
        if (file !== undefined) file.position = call.op === 'read' ? file.position + call.count : call.position;
        break;
      }
      case 'truncate': {
        const path = call.path === undefined ? undefined : this.#inside(call.path);
        const inode =
          call.fd !== undefined
            ? this.descriptors.get(process, call.fd)?.inode
            : path === undefined
              ? undefined
              : this.tree.find(path);
        if (inode !== undefined) this.tree.truncate(inode, call.length);
        break;
      }
      case 'extend': {
        const file = this.descriptors.get(process, call.fd);
        if (file !== undefined) this.tree.truncate(file.inode, Math.max(call.length, this.tree.length(file.inode)));
        break;
      }
      case 'rename':
      case 'link':
        this.#move(call);
        break;
      case 'symlink':
        this.#make(call.path, { type: 'link', target: call.target });
        break;
      case 'mkdir':
        this.#make(call.path, { type: 'folder' });
        break;
      case 'unlink':
      case 'rmdir': {
        const path = this.#inside(call.path);
        if (path !== undefined && !this.tree.unlink(path)) this.#lost(`${call.op} ${path}`);
        break;
      }
      case 'remove-tree':
        this.#removeTree(call.path);
        break;
      case 'copy':
        this.#copy(call);
        break;
      case 'unseen':
        this.unseen.push(call.what);
        break;
      default:
        break;
    }
  }

  #open({ path, flags }: Call & { readonly op: 'open' }, recorded: RecordedCall): void {
    const relative = this.#inside(path);
    if (relative === undefined) return;
    const found = this.tree.find(relative);
    const inode = found ?? ((flags & constants.O_CREAT) === 0 ? undefined : this.tree.create(relative));
    if (inode === undefined) {
      this.#lost(`open ${relative}`);
      return;
    }
    const isTruncated = (flags & constants.O_TRUNC) !== 0 && this.tree.length(inode) > 0;
    if (isTruncated) this.tree.truncate(inode, 0);
    const all = (flags & constants.O_SYNC) === constants.O_SYNC;
    const syncs = all ? 'all' : (flags & constants.O_DSYNC) === 0 ? 'no' : 'data';
    this.#opened.set(recorded, { inode, position: 0, appends: (flags & constants.O_APPEND) !== 0, syncs, isTruncated });
  }

  #write(file: OpenFile | undefined, bytes: Uint8Array, position: number | null): void {
    if (file === undefined) return;
    const offset = file.appends ? this.tree.length(file.inode) : (position ?? file.position);
    this.tree.write(file.inode, offset, bytes);
    if (position === null || file.appends) file.position = offset + bytes.length;
  }

  #move({ op, from, to }: Call & { readonly op: 'rename' | 'link' }): void {
    const [source, target] = [this.#inside(from), this.#inside(to)];
    if (source !== undefined && target !== undefined) {
      const isDone = op === 'rename' ? this.tree.rename(source, target) : this.tree.link(source, target);
      if (!isDone) this.#lost(`${op} ${source}`);
    } else if (target !== undefined) this.unseen.push(`${op} ${from}: it was written outside the folder`);
    else if (source !== undefined && op === 'rename') this.tree.unlink(source);
  }

  #make(path: string, kind: { readonly type: 'folder' } | { readonly type: 'link'; readonly target: string }): void {
    const relative = this.#inside(path);
    if (relative === undefined || relative === '' || this.tree.find(relative) !== undefined) return;
    if (this.tree.create(relative, kind) === undefined) this.#lost(`mkdir ${relative}`);
  }

  #removeTree(path: string): void {
    const relative = this.#inside(path);
    if (relative === undefined) return;
    const inside = [...this.tree.entries().keys()].filter((name) => name === relative || name.startsWith(`${relative}/`));
    for (const name of inside.reverse()) this.tree.unlink(name);
  }

  #copy({ from, to, bytes }: Call & { readonly op: 'copy' }): void {
    const [source, target] = [this.#inside(from), this.#inside(to)];
    if (target === undefined) return;
    const inode = source === undefined ? undefined : this.tree.find(source);
    const content = inode === undefined ? bytes : this.tree.bytes(inode);
    const copied = this.tree.find(target) ?? this.tree.create(target);
    if (content === undefined || copied === undefined) {
      this.#lost(`copy ${from}`);
      return;
    }
    this.tree.truncate(copied, 0);
    this.tree.write(copied, 0, content);
  }

  #lost(what: string): void {
    this.unseen.push(`${what}: the record does not know this file, so something made it unseen`);
  }

  /** The path within the recorded folder; undefined outside. */
  #inside(path: string): string | undefined {
    const folder = this.#folder;
    if (path === folder) return '';
    return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  }
}
