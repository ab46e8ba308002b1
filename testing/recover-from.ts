/**
 * Bring your own log: anything with `append`, `flush` and `read` over a `Storage`. It is driven through a few batches on the simulated
 * disk. The power is cut before every operation with every crash image, the log is opened again, and what it reads is judged:
 *
 * every entry that a flush had acknowledged is there, in order; what follows is a prefix of what was appended since; nothing else. Then it
 * goes on: one more entry is appended and flushed, the power fails again, and both what was read and the new entry must come back.
 *
 * Each call of the log may return a promise. A log that keeps its entries elsewhere than in the storage is not judged: power takes nothing from it.
 */
import type { CrashImage } from '../core/events.ts';
import { crashImages, formatImage, SimulatedDisk } from '../wal/storage/index.ts';
import { type AnyLog, type AsyncLog, type OpenAsyncLog, type OpenLog, opened, read, refuseNoOpener } from './any-log.ts';
import { Process, type WriteName } from './log-process.ts';
import { settled, type Work } from './settled.ts';

export type { AnyLog, AsyncLog, OpenAsyncLog, OpenLog } from './any-log.ts';
export type { RenamingStorage } from './log-process.ts';

export interface CrashImagePlan {
  /** Entries of each batch, one flush after each. */
  readonly batches: readonly number[];
  readonly entryBytes: number;
  /** Pending writes that vary sector by sector. */
  readonly pending: number;
}

/** Three batches of one, two and three entries of 700 bytes, so that frames cross sectors. */
export function everyCrashImage(plan: Partial<CrashImagePlan> = {}): CrashImagePlan {
  return { batches: plan.batches ?? [1, 2, 3], entryBytes: plan.entryBytes ?? 700, pending: plan.pending ?? 2 };
}

/** Why nothing can be tested by this plan, in words. */
export function wrongPlan(plan: unknown): string | undefined {
  const { batches, entryBytes, pending } = (plan ?? {}) as Readonly<Record<string, unknown>>;
  if (batches === undefined) return 'recoverFrom() takes a plan: `everyCrashImage()`';
  const isCount = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;
  if (!Array.isArray(batches) || batches.length === 0 || !batches.every((size) => isCount(size, 1)))
    return '`batches` is a list of sizes, each at least 1, such as [1, 2, 3]';
  // The first and the last byte of an entry distinguish it from the others.
  if (!isCount(entryBytes, 2)) return '`entryBytes` is a whole number from 2 on';
  return isCount(pending, 0) ? undefined : '`pending` is a whole number from 0 on';
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
  /** Why the log was not tested, such as one that never touched its storage; this is a finding too. Without it, the log was tested. */
  readonly untested?: string;
}

interface Moment {
  readonly at: string;
  readonly disk: SimulatedDisk;
  /** Entries appended so far, and how many a flush has acknowledged. */
  readonly appended: number;
  readonly acknowledged: number;
}

/** A promise if the log is asynchronous. Throws, or rejects, if the log fails before any power was cut. */
export function recoverFrom(open: OpenAsyncLog, plan: CrashImagePlan): Promise<RecoverResult>;
export function recoverFrom(open: OpenLog, plan: CrashImagePlan): RecoverResult;
export function recoverFrom(open: OpenLog | OpenAsyncLog, plan: CrashImagePlan): RecoverResult | Promise<RecoverResult> {
  refuseNoOpener(open);
  const wrong = wrongPlan(plan);
  if (wrong !== undefined) throw new Error(wrong);
  return settled(everyRecovery(open, plan));
}

function* everyRecovery(open: OpenLog | OpenAsyncLog, plan: CrashImagePlan): Work<RecoverResult> {
  const entries = entriesOf(plan);
  const findings: LogFinding[] = [];
  let images = 0;
  const { moments, untested } = yield* momentsOf(open, plan, entries);
  if (untested !== undefined) return { images, findings: [{ at: 'the end', image: 'none', message: untested }], untested };
  for (const moment of moments) {
    for (const image of crashImages(moment.disk, { pending: plan.pending }).images) {
      images += 1;
      const message = yield* judge(open, moment, image, entries);
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

interface Driven {
  /** The disk before each operation that changes it, and at the end. */
  readonly moments: readonly Moment[];
  readonly untested: string | undefined;
}

function* momentsOf(open: OpenLog | OpenAsyncLog, { batches }: CrashImagePlan, entries: readonly Uint8Array[]): Work<Driven> {
  const moments: Moment[] = [];
  const disk = new SimulatedDisk();
  let appended = 0;
  let acknowledged = 0;
  const note = (what: WriteName | 'the end', file?: string): void => {
    const at = [what, ...(file === undefined ? [] : [file]), `#${moments.length + 1}`].join(' ');
    moments.push({ at, disk: disk.fork(), appended, acknowledged });
  };
  const process = new Process(disk, note);
  const log = opened(yield open(process.storage));
  let next = 0;
  for (const batch of batches) {
    for (let index = 0; index < batch; index += 1) {
      // An entry counts as appended from the moment its append begins: a torn one may be there as a whole.
      appended += 1;
      yield log.append(entries[next] as Uint8Array);
      next += 1;
    }
    yield log.flush();
    acknowledged = appended;
  }
  process.end();
  const writes = moments.length;
  note('the end');
  if (writes === 0) return { moments, untested: 'the log wrote nothing to the storage that it was given' };
  return { moments, untested: yield* keptElsewhere(open) };
}

/** On an empty disk a log is empty. Entries that it reads there are kept where no loss of power reaches them. */
function* keptElsewhere(open: OpenLog | OpenAsyncLog): Work<string | undefined> {
  const process = new Process(new SimulatedDisk());
  const found = read(yield opened(yield open(process.storage)).read());
  process.end();
  if (found.length === 0) return undefined;
  return `on an empty disk the log has ${found.length} entries: it keeps them elsewhere than in the storage that it was given`;
}

function* judge(
  open: OpenLog | OpenAsyncLog,
  { disk, appended, acknowledged }: Moment,
  image: CrashImage,
  entries: readonly Uint8Array[],
): Work<string | undefined> {
  const after = disk.fork();
  after.powerLoss(image);
  const process = new Process(after);
  let log: AnyLog | AsyncLog;
  let found: readonly Uint8Array[];
  try {
    log = opened(yield open(process.storage));
    found = read(yield log.read());
  } catch (error) {
    return `it could not be opened: ${wordsOf(error)}`;
  }
  const wrong = found.findIndex((entry, index) => !isSame(entry, entries[index]));
  if (wrong !== -1) return `entry ${wrong + 1} of ${found.length} is not what was appended`;
  if (found.length < acknowledged) return `${found.length} entries are left of ${acknowledged} that a flush had acknowledged`;
  if (found.length > appended) return `${found.length} entries, and only ${appended} were appended`;
  return yield* judgeNextLife(open, { log, process, disk: after }, [...found]);
}

/** A recovered log must be one to go on with: what was read may be relied upon, and what is flushed now must be found again. */
function* judgeNextLife(
  open: OpenLog | OpenAsyncLog,
  { log, process, disk }: { readonly log: AnyLog | AsyncLog; readonly process: Process; readonly disk: SimulatedDisk },
  before: readonly Uint8Array[],
): Work<string | undefined> {
  const news = Uint8Array.of(0x5a, before.length);
  try {
    yield log.append(news);
    yield log.flush();
    process.end();
    disk.powerLoss('none');
    const again = read(yield opened(yield open(new Process(disk).storage)).read());
    const expected = [...before, news];
    if (again.length === expected.length && again.every((entry, index) => isSame(entry, expected[index]))) return undefined;
    return `after recovery it had ${before.length} entries, flushed one more, and came back with ${again.length}`;
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
