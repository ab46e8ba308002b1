/**
 * What blocks held before: a file that is gone leaves its blocks to the next one that is created, in their order, each once. So frames of
 * an older segment are where those of the new one will be, which is the worst that an allocator may do.
 */
import { ForkingMap } from '../../core/forking-map.ts';
import { Content } from './content.ts';

export class FormerBlocks {
  /** Removed files; the one that was removed last is at the end. */
  #free: readonly Content[] = [];
  #formers = new ForkingMap<number, Content>();

  fork(): FormerBlocks {
    const copy = new FormerBlocks();
    copy.#free = this.#free;
    copy.#formers = this.#formers.fork();
    return copy;
  }

  /** A file is gone; what lay on its blocks stays there. */
  release(inode: number, held: Content | undefined): void {
    this.#formers.delete(inode);
    if (held !== undefined && held.length > 0) this.#free = [...this.#free, held];
  }

  /** A file is created, and takes blocks that are free. */
  give(inode: number): void {
    const former = this.#free.at(-1);
    if (former === undefined) return;
    this.#free = this.#free.slice(0, -1);
    this.#formers.set(inode, former);
  }

  /** The bytes at this place of a file before anything is written there; zeros if its blocks held nothing. */
  at(inode: number, from: number, to: number): Uint8Array {
    const bytes = new Uint8Array(to - from);
    bytes.set((this.#formers.get(inode) ?? Content.empty).bytes.subarray(from, to));
    return bytes;
  }

  /** What blocks hold, as plain data. */
  present(): unknown {
    const formers = new Map<number, Uint8Array>();
    for (const [inode, { bytes }] of this.#formers) formers.set(inode, bytes);
    return { formers, free: this.#free.map(({ bytes }) => bytes) };
  }
}
