/**
 * A simulated disk that follows the real disk of a process. It executes every operation that the process recorded, and must have the same bytes whenever the
 * process is dead. It then computes what a loss of power could have left, and the real files are changed to that. So a page cache is lost although the
 * machine keeps running.
 */
import type { DiskOperation } from '../../core/effects.ts';
import type { CrashImage } from '../../core/events.ts';
import { SimulatedDisk, type Storage, type SyncTicket } from '../../wal/index.ts';

/** What a process that was killed left of its last operation. */
export type LastOperation =
  | 'done'
  | 'never-begun'
  /** A part of an append. */
  | { readonly file: string; readonly bytes: Uint8Array };

const directories = ['wal', 'blocks'] as const;

export class DiskModel {
  disk: SimulatedDisk;
  /** Before the last operation that changes something. */
  #before: SimulatedDisk;
  #last: DiskOperation | undefined;
  #ticket: SyncTicket | undefined;

  constructor(disk: SimulatedDisk) {
    this.disk = disk;
    this.#before = disk.fork();
  }

  /** An operation is about to be carried out. `pretended`: a sync that will not be. Errors are the process's own. */
  begin(operation: DiskOperation, pretended: boolean): void {
    const { disk } = this;
    this.#last = operation;
    this.#ticket = undefined;
    switch (operation.type) {
      case 'create':
      case 'remove':
        this.#before = disk.fork();
        disk[operation.type](operation.file);
        return;
      case 'append':
        this.#before = disk.fork();
        disk.append(operation.file, operation.bytes);
        return;
      case 'writeAt':
        this.#before = disk.fork();
        disk.writeAt(operation.file, operation.offset, operation.bytes);
        return;
      case 'sync':
        if (!pretended) this.#ticket = disk.beginSync(operation.file);
        return;
      case 'syncDirectory':
        if (!pretended) this.#ticket = disk.beginSyncDirectory(operation.directory);
        return;
      default:
        return;
    }
  }

  /** It was carried out: only now is a sync durable. */
  done(): void {
    if (this.#ticket !== undefined) this.disk.endSync(this.#ticket);
    this.#ticket = undefined;
  }

  /** What the dead process left of its last operation. Throws if the files are not what its operations make. */
  compare(real: Storage): LastOperation {
    const found = textOf(real);
    if (found === textOf(this.disk)) return 'done';
    if (found === textOf(this.#before)) return 'never-begun';
    const last = this.#last;
    if (last?.type === 'append') {
      const count = real.size(last.file) - this.#before.size(last.file);
      const left = { file: last.file, bytes: last.bytes.subarray(0, Math.max(0, count)) };
      const torn = this.#before.fork();
      torn.append(left.file, left.bytes);
      if (found === textOf(torn)) return left;
    }
    throw new Error('the files are not what the recorded operations make: model and disk have parted');
  }

  /** The last operation was not, or not wholly, carried out. */
  undo(left: LastOperation): void {
    if (left === 'done') return;
    this.disk = this.#before.fork();
    this.tear(left);
  }

  /** Carries out the part that was left. */
  tear(left: LastOperation): void {
    if (typeof left === 'object') this.disk.append(left.file, left.bytes);
  }

  /** Power fails. Returns how many bytes were lost. */
  powerLoss(image: CrashImage): number {
    const { lostBytes } = this.disk.powerLoss(image);
    // All that is left is durable, so a new disk with these files is the same. The files of one share their memory with bytes that are long removed.
    this.disk = diskOf(filesOf(this.disk));
    this.#before = this.disk.fork();
    return lostBytes;
  }
}

/** Every file with every byte. */
function textOf(storage: Storage): string {
  return filesOf(storage)
    .map(([file, bytes]) => `${file} ${Buffer.from(bytes).toString('base64')}`)
    .join('\n');
}

/** A file's name, with its directory, and its bytes. */
export type FileBytes = readonly [file: string, bytes: Uint8Array];

/** The files of a log and a block store. */
export function filesOf(storage: Storage): readonly FileBytes[] {
  return directories.flatMap((directory) =>
    storage.list(directory).map((name): FileBytes => {
      const file = `${directory}/${name}`;
      return [file, storage.read(file)];
    }),
  );
}

/** A disk on which these files are durable. */
export function diskOf(files: readonly FileBytes[]): SimulatedDisk {
  const disk = new SimulatedDisk();
  for (const [file, bytes] of files) {
    disk.create(file);
    disk.append(file, bytes);
    disk.sync(file);
  }
  for (const directory of directories) disk.syncDirectory(directory);
  return disk;
}

/** Makes the real files those of the model. The process must be dead. */
export function makeReal(disk: SimulatedDisk, real: Storage): void {
  for (const directory of directories) for (const name of real.list(directory)) real.remove(`${directory}/${name}`);
  for (const file of [...disk.names()].sort()) {
    real.create(file);
    real.append(file, disk.read(file));
  }
}

/** One of the images that the fault model allows, drawn by `choose`. */
export function drawnImage(disk: SimulatedDisk, choose: (below: number) => number): CrashImage {
  const pending = disk.pending();
  const writes = pending.flatMap((entry) => (entry.type === 'write' && entry.isOrphan !== true ? [entry] : []));
  const names = pending.filter(({ type }) => type !== 'write').length;
  const digits = (count: number): string => Array.from({ length: count }, () => String(choose(2))).join('');
  const directory = names === 0 ? {} : { directory: digits(names) };
  const bytes = writes.reduce((sum, entry) => sum + entry.bytes.length, 0);
  switch (choose(4)) {
    case 0:
      return 'none';
    case 1:
      return 'all';
    case 2:
      return { cut: choose(bytes + 1), ...directory };
    default:
      return {
        sectors: digits(writes.reduce((sum, { offset, bytes: { length } }) => sum + sectorsIn(offset, length), 0)),
        ...directory,
      };
  }
}

const sectorBytes = 512;

function sectorsIn(offset: number, length: number): number {
  return length === 0 ? 0 : Math.floor((offset + length - 1) / sectorBytes) - Math.floor(offset / sectorBytes) + 1;
}
