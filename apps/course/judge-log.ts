/**
 * Judges a student's log in three parts, with the whole log of the same format at hand. Does its flush keep its promise, in the format that the disks
 * have? It writes, and the whole log comes back. Does it come back well? The whole log writes, and the student's comes back, with a second loss of power
 * meanwhile. The last part is the student's log alone. Entries are mixed with a key.
 */

import { Process } from '../../testing/log-process.ts';
import {
  type AnyLog,
  type CrashImagePlan,
  everyCrashImage,
  type OpenLog,
  type RenamingStorage,
  recoverFrom,
} from '../../testing/recover-from.ts';
import { crashImages, formatImage, SimulatedDisk } from '../../wal/storage/index.ts';
import { numberOf } from './exercise.ts';
import { firstOf, type Part } from './part.ts';
import { type Copy, sandboxed } from './sandbox.ts';

/** Many flushes of short entries; and few entries that cross from one sector to the next, so that the middle of one may be missing. */
const short = everyCrashImage({ batches: [1, 2, 3], entryBytes: 24 });
const long = everyCrashImage({ batches: [1, 1], entryBytes: 300 });

/** `handed`, `whole`: bundled code. `key` mixes the entries. `onPart` is called as the work goes on. */
export function judgeLog(handed: string, whole: string, folder: string, key: string, onPart: () => void): readonly Part[] {
  const student = opener(handed, key);
  const reference = opener(whole, key);
  const judge = (name: Part['name'], ...tries: readonly (() => readonly string[])[]): Part => {
    const reasons = tries.flatMap((one) => {
      onPart();
      return reasonsOf(one);
    });
    return { name, reasons: firstOf(reasons) };
  };
  return [
    judge(
      'promise',
      () => found(firstThen(student, reference), short),
      () => foundInLongRun(student, reference, key),
    ),
    judge(
      'recovery',
      () => found(firstThen(reference, helped(student, folder)), long),
      () => foundWhileOpening(reference, student, key),
    ),
    judge(
      'log',
      () => found(student, short),
      () => foundWhileOpening(student, student, key),
      () => foundInLongRun(student, student, key),
    ),
  ];
}

function reasonsOf(judge: () => readonly string[]): readonly string[] {
  try {
    return firstOf(judge());
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function found(open: OpenLog, plan: CrashImagePlan): readonly string[] {
  return recoverFrom(open, plan).findings.map(
    ({ at, image, message }) => `power fails at ${at}, of the rest ${image} survives: ${message}`,
  );
}

/** The first process is one log, all later ones are the other. */
function firstThen(first: OpenLog, later: OpenLog): OpenLog {
  let isFirst = true;
  return (storage) => {
    const open = isFirst ? first : later;
    isFirst = false;
    return open(storage);
  };
}

/** A log whose flush is done for it: what it recovers is judged alone. */
function helped(open: OpenLog, folder: string): OpenLog {
  return (storage) => {
    const log = open(storage);
    const flush = (): void => {
      log.flush();
      for (const file of storage.list(folder)) storage.sync(`${folder}/${file}`);
      storage.syncDirectory(folder);
      storage.syncDirectory('');
    };
    return { ...log, append: (entry) => log.append(entry), flush, read: () => log.read() };
  };
}

/** Some entries are durable. The power fails at each moment while the log is opened, and again it is opened. */
function foundWhileOpening(write: OpenLog, open: OpenLog, key: string): readonly string[] {
  const disk = new SimulatedDisk();
  const entries = Array.from({ length: 3 }, (_, index) => new Uint8Array(60).fill(numberOf(`${key} ${index}`, 256)));
  const writer = new Process(disk);
  const log = write(writer.storage) as AnyLog;
  for (const entry of entries) log.append(entry);
  log.flush();
  writer.end();
  disk.powerLoss('none');
  const moments: { readonly at: string; readonly disk: SimulatedDisk }[] = [];
  const opening = disk.fork();
  const process = new Process(opening, (what, file) => moments.push({ at: `${what} ${file}`, disk: opening.fork() }));
  open(process.storage);
  process.end();
  moments.push({ at: 'the end', disk: opening });
  const wrong: string[] = [];
  for (const moment of moments)
    for (const image of crashImages(moment.disk, { pending: short.pending }).images) {
      const after = moment.disk.fork();
      after.powerLoss(image);
      const left = open(new Process(after).storage).read();
      const isSame = areSame(left, entries);
      const where = `power fails again while the log is opened, at ${moment.at}, of the rest ${formatImage(image)} survives`;
      if (!isSame) wrong.push(`${where}: ${left.length} of ${entries.length} durable entries are left`);
    }
  return wrong;
}

const longRun = { flushes: 24, mostEntries: 4, mostBytes: 2000 } as const;

/** Many entries of many sizes. The power fails after each flush, and nothing that is not synced survives. */
function foundInLongRun(write: OpenLog, open: OpenLog, key: string): readonly string[] {
  const disk = new SimulatedDisk();
  const writer = new Process(disk);
  const log = write(writer.storage);
  const entries: Uint8Array[] = [];
  for (let flush = 1; flush <= longRun.flushes; flush += 1) {
    for (let count = numberOf(`${key} batch ${flush}`, longRun.mostEntries); count >= 0; count -= 1) {
      const entry = new Uint8Array(2 + numberOf(`${key} size ${entries.length}`, longRun.mostBytes)).fill(entries.length + 1);
      log.append(entry);
      entries.push(entry);
    }
    log.flush();
    const after = disk.fork();
    after.powerLoss('none');
    const left = open(new Process(after).storage).read();
    if (!areSame(left, entries))
      return [`power fails after flush no. ${flush}: of ${entries.length} entries, ${left.length} are left, or they are others`];
  }
  return [];
}

function areSame(found: readonly Uint8Array[], entries: readonly Uint8Array[]): boolean {
  return (
    found.length === entries.length && found.every((entry, index) => Buffer.compare(entry, entries[index] as Uint8Array) === 0)
  );
}

const operations = ['create', 'append', 'sync', 'syncDirectory', 'read', 'size', 'list', 'remove'] as const;

/** The log of a file, a fresh copy of it for each process. What it is given and gives back is mixed with the key. */
function opener(code: string, key: string): OpenLog {
  const fresh = sandboxed(code);
  return (storage) => {
    const copy = fresh();
    copy.open('openLog', operations, (name, args) => operate(storage, name, args));
    return {
      append: (entry) => void copy.on('append', [mixed(entry, key)]),
      flush: () => void copy.on('flush', []),
      read: () => entriesOf(copy, key),
    };
  };
}

function operate(storage: RenamingStorage, name: string, [file, ...rest]: readonly unknown[]): unknown {
  if (typeof file !== 'string' || file.length > 200) throw new Error(`${name} takes the name of a file`);
  switch (name as (typeof operations)[number]) {
    case 'append':
      if (!(rest[0] instanceof Uint8Array)) throw new Error('append takes the name of a file and a Uint8Array');
      return storage.append(file, rest[0]);
    case 'read':
      return storage.read(file, ...(rest.filter((one) => typeof one === 'number') as [number?, number?]));
    case 'create':
    case 'sync':
    case 'syncDirectory':
    case 'size':
    case 'list':
    case 'remove':
      return storage[name as 'create' | 'sync' | 'syncDirectory' | 'size' | 'list' | 'remove'](file);
  }
}

function entriesOf(copy: Copy, key: string): readonly Uint8Array[] {
  const given = copy.on('read', []);
  if (!Array.isArray(given) || !given.every((entry) => entry instanceof Uint8Array))
    throw new Error('read() gives a list of Uint8Array');
  return given.map((entry) => unmixed(entry, key));
}

/** The same entry under a key, and 1 to 7 bytes longer: nobody can know in advance what a log will be given. */
function mixed(entry: Uint8Array, key: string): Uint8Array {
  const more = 1 + numberOf(`${key} ${entry.length} ${entry[0]} ${entry.at(-1)}`, 7);
  const bytes = new Uint8Array(entry.length + more).fill(more);
  bytes.set(entry);
  return streamed(bytes, key);
}

function unmixed(bytes: Uint8Array, key: string): Uint8Array {
  const plain = streamed(bytes, key);
  return plain.slice(0, Math.max(0, plain.length - (plain.at(-1) ?? 0)));
}

const streams = new Map<string, Uint8Array>();

function streamed(bytes: Uint8Array, key: string): Uint8Array {
  const stream = streams.get(key) ?? Uint8Array.from({ length: 256 }, (_, at) => numberOf(`${key} stream ${at}`, 256));
  streams.set(key, stream);
  return bytes.map((byte, at) => byte ^ (stream[at % 256] ?? 0));
}
