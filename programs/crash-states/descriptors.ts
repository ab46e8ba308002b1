/** Open files by process and descriptor. Copies of a descriptor (dup, fork) share one place in the file. */

export interface OpenFile {
  readonly inode: number;
  position: number;
  readonly appends: boolean;
  /** Whether each write is durable when it returns: with O_DSYNC its bytes, with O_SYNC all. */
  readonly syncs: 'no' | 'data' | 'all';
  /** It was cut to nothing when it was opened. */
  readonly isTruncated: boolean;
}

export class Descriptors {
  readonly #tables = new Map<string, Map<number, OpenFile>>();

  get(process: string, fd: number): OpenFile | undefined {
    return this.#tables.get(process)?.get(fd);
  }

  set(process: string, fd: number, file: OpenFile): void {
    this.#table(process).set(fd, file);
  }

  share(process: string, fd: number, to: number): void {
    const file = this.get(process, fd);
    if (file === undefined) this.#table(process).delete(to);
    else this.set(process, to, file);
  }

  close(process: string, fd: number): OpenFile | undefined {
    const file = this.get(process, fd);
    this.#table(process).delete(fd);
    return file;
  }

  fork(process: string, child: string): void {
    this.#tables.set(child, new Map(this.#table(process)));
  }

  #table(process: string): Map<number, OpenFile> {
    const table = this.#tables.get(process) ?? new Map<number, OpenFile>();
    this.#tables.set(process, table);
    return table;
  }
}
