/** A process over a simulated disk: the storage that a log of your own is given. What it does after its death has no effect. */
import type { SimulatedDisk, Storage } from '../wal/storage/index.ts';

/** What a log of others may ask of its disk beyond our own. */
export interface RenamingStorage extends Storage {
  /** Gives a file another name, and replaces a file of that name. */
  rename(file: string, to: string): void;
}

export type WriteName = 'create' | 'append' | 'writeAt' | 'sync' | 'syncDirectory' | 'remove' | 'rename';

export class Process {
  readonly storage: RenamingStorage;
  #disk: SimulatedDisk;

  /** `onWrite` is called for each operation that changes the disk, before it does. */
  constructor(disk: SimulatedDisk, onWrite: (name: WriteName, file: string) => void = () => undefined) {
    this.#disk = disk;
    const told =
      <Rest extends readonly unknown[]>(name: WriteName, act: (file: string, ...rest: Rest) => void) =>
      (file: string, ...rest: Rest): void => {
        if (this.#disk === disk) onWrite(name, file);
        act(file, ...rest);
      };
    this.storage = {
      create: told('create', (file) => this.#disk.create(file)),
      append: told('append', (file, bytes: Uint8Array) => this.#disk.append(file, bytes)),
      writeAt: told('writeAt', (file, offset: number, bytes: Uint8Array) => this.#disk.writeAt(file, offset, bytes)),
      sync: told('sync', (file) => this.#disk.sync(file)),
      syncDirectory: told('syncDirectory', (directory) => this.#disk.syncDirectory(directory)),
      remove: told('remove', (file) => this.#disk.remove(file)),
      rename: told('rename', (file, to: string) => this.#disk.rename(file, to)),
      read: (file, offset, length) => this.#disk.read(file, offset, length),
      size: (file) => this.#disk.size(file),
      list: (directory) => this.#disk.list(directory),
    };
  }

  /** It dies. What it had left to do, such as a write that nobody awaited, reaches a copy that nobody reads. */
  end(): void {
    this.#disk = this.#disk.fork();
  }
}
