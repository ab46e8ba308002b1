/**
 * Bring your own log: anything with `append`, `flush` and `read` over a `Storage` is driven through a few batches on the simulated disk, the
 * power is cut before every operation with every crash image, the log is opened again, and what it reads is judged:
 *
 * every entry that a flush had acknowledged is there, in order; what follows is a prefix of what was appended since; nothing else. Then it
 * goes on: one more entry is appended and flushed, the power fails again, and both what was read and the new entry must come back.
 */
import type { CrashImage } from '../core/events.ts';
import { crashImages, formatImage, SimulatedDisk, type Storage } from '../wal/storage/index.ts';

/** A log as its user sees it. `open` recovers whatever the storage holds; `read` gives all entries, oldest first. */
export interface AnyLog {
  append(entry: Uint8Array): void;
  /** When it returns, everything appended is durable. */
  flush(): void;
  read(): readonly Uint8Array[];
}

/** What a log of others may ask of its disk beyond our own. */
export interface RenamingStorage extends Storage {
  /** Gives a file another name, over whatever had it. */
  rename(file: string, to: string): void;
}

export type OpenLog = (storage: RenamingStorage) => AnyLog;

export interface CrashImagePlan {
  /** Entries of each batch, one flush behind each. */
  readonly batches: readonly number[];
  readonly entryBytes: number;
  /** Pending writes that vary sector by sector. */
  readonly pending: number;
}

/** Three batches of one, two and three entries of 700 bytes, so that frames cross sectors. */
export function everyCrashImage(plan: Partial<CrashImagePlan> = {}): CrashImagePlan {
  return { batches: plan.batches ?? [1, 2, 3], entryBytes: plan.entryBytes ?? 700, pending: plan.pending ?? 2 };
}

export interface LogFinding {
  /** The operation before which power failed, such as `append log #3`, and what survived. */
  readonly at: string;
  readonly image: string;
  readonly message: string;
}

export interface RecoverResult {
  readonly images: number;
  /** Recoveries that differed. */
  readonly findings: readonly LogFinding[];
}

interface Moment {
  readonly at: string;
  readonly disk: SimulatedDisk;
  /** Entries appended so far, and how many a flush has acknowledged. */
  readonly appended: number;
  readonly acknowledged: number;
}

export function recoverFrom(open: OpenLog, plan: CrashImagePlan): RecoverResult {
  const entries = entriesOf(plan);
  const findings: LogFinding[] = [];
  let images = 0;
  for (const moment of momentsOf(open, plan, entries)) {
    for (const image of crashImages(moment.disk, { pending: plan.pending }).images) {
      images += 1;
      const message = judge(open, moment, image, entries);
      if (message !== undefined) findings.push({ at: moment.at, image: formatImage(image), message });
    }
  }
  return { images, findings };
}

/** Distinct entries, so that an order or a mixture shows. */
function entriesOf({ batches, entryBytes }: CrashImagePlan): readonly Uint8Array[] {
  const count = batches.reduce((sum, batch) => sum + batch, 0);
  return Array.from({ length: count }, (_, index) => {
    const entry = new Uint8Array(entryBytes).fill(index + 1);
    entry[0] = 0xa5;
    entry[entryBytes - 1] = index;
    return entry;
  });
}

/** The disk before each operation that changes it, and at the end. */
function momentsOf(open: OpenLog, { batches }: CrashImagePlan, entries: readonly Uint8Array[]): readonly Moment[] {
  const moments: Moment[] = [];
  const disk = new SimulatedDisk();
  let appended = 0;
  let acknowledged = 0;
  let operations = 0;
  const note = (what: string): void => {
    operations += 1;
    moments.push({ at: `${what} #${operations}`, disk: disk.fork(), appended, acknowledged });
  };
  const watched: RenamingStorage = {
    create: (file) => {
      note(`create ${file}`);
      disk.create(file);
    },
    append: (file, bytes) => {
      note(`append ${file}`);
      disk.append(file, bytes);
    },
    writeAt: (file, offset, bytes) => {
      note(`writeAt ${file}`);
      disk.writeAt(file, offset, bytes);
    },
    sync: (file) => {
      note(`sync ${file}`);
      disk.sync(file);
    },
    syncDirectory: (directory) => {
      note(`syncDirectory ${directory}`);
      disk.syncDirectory(directory);
    },
    remove: (file) => {
      note(`remove ${file}`);
      disk.remove(file);
    },
    rename: (file, to) => {
      note(`rename ${file}`);
      disk.rename(file, to);
    },
    read: (file, offset, length) => disk.read(file, offset, length),
    size: (file) => disk.size(file),
    list: (directory) => disk.list(directory),
  };
  const log = open(watched);
  let next = 0;
  for (const batch of batches) {
    for (let index = 0; index < batch; index += 1) {
      // An entry counts as appended from the moment its append begins: a torn one may be there as a whole.
      appended += 1;
      log.append(entries[next] as Uint8Array);
      next += 1;
    }
    log.flush();
    acknowledged = appended;
  }
  note('the end');
  return moments;
}

function judge(
  open: OpenLog,
  { disk, appended, acknowledged }: Moment,
  image: CrashImage,
  entries: readonly Uint8Array[],
): string | undefined {
  const after = disk.fork();
  after.powerLoss(image);
  let log: AnyLog;
  let read: readonly Uint8Array[];
  try {
    log = open(after);
    read = log.read();
  } catch (error) {
    return `it could not be opened: ${wordsOf(error)}`;
  }
  const wrong = read.findIndex((entry, index) => !isSame(entry, entries[index]));
  if (wrong !== -1) return `entry ${wrong + 1} of ${read.length} is not what was appended`;
  if (read.length < acknowledged) return `${read.length} entries are left of ${acknowledged} that a flush had acknowledged`;
  if (read.length > appended) return `${read.length} entries, and only ${appended} were appended`;
  return judgeNextLife(open, log, after, [...read]);
}

/** A recovered log must be one to go on with: what was read may be relied upon, and what is flushed now must be found again. */
function judgeNextLife(open: OpenLog, log: AnyLog, disk: SimulatedDisk, read: readonly Uint8Array[]): string | undefined {
  const news = Uint8Array.of(0x5a, read.length);
  try {
    log.append(news);
    log.flush();
    disk.powerLoss('none');
    const again = open(disk).read();
    const expected = [...read, news];
    if (again.length === expected.length && again.every((entry, index) => isSame(entry, expected[index]))) return undefined;
    return `after recovery it had ${read.length} entries, flushed one more, and came back with ${again.length}`;
  } catch (error) {
    return `it could not go on after recovery: ${wordsOf(error)}`;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index]);
}
