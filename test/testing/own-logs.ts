/** Two small logs over the storage interface: one that is right, and one that a reader would pass. */
import type { AnyLog } from '../../testing/recover-from.ts';
import type { Storage } from '../../wal/index.ts';

const folder = 'log';
const file = `${folder}/entries`;

/** Length, a sum over the entry, the entry. A torn end is cut by writing a new file, synced, under the next name. */
export function carefulLog(storage: Storage): AnyLog {
  const names = storage
    .list(folder)
    .map(Number)
    .sort((a, b) => a - b);
  const entries = names
    .map((name) => entriesIn(storage.read(`${folder}/${name}`)))
    .reduce((longest, one) => (one.length >= longest.length ? one : longest), []);
  const current = `${folder}/${(names.at(-1) ?? 0) + 1}`;
  storage.create(current);
  for (const entry of entries) storage.append(current, framed(entry));
  storage.sync(current);
  storage.syncDirectory(folder);
  return {
    append: (entry) => storage.append(current, framed(entry)),
    flush: () => storage.sync(current),
    read: () => entriesIn(storage.read(current)),
  };
}

/** The bug: the file is synced and its name never is, and a frame without a checksum may look like zeros. */
export function hopefulLog(storage: Storage): AnyLog {
  if (!storage.list(folder).includes('entries')) storage.create(file);
  return {
    append: (entry) => storage.append(file, framed(entry)),
    flush: () => storage.sync(file),
    read: () => entriesIn(storage.read(file)),
  };
}

function framed(entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + entry.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, entry.length);
  view.setUint32(4, sumOf(entry));
  bytes.set(entry, 8);
  return bytes;
}

function entriesIn(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end > bytes.length || end === at + 8) break;
    const entry = bytes.slice(at + 8, end);
    if (sumOf(entry) !== view.getUint32(at + 4)) break;
    entries.push(entry);
    at = end;
  }
  return entries;
}

function sumOf(entry: Uint8Array): number {
  let sum = 1;
  for (const byte of entry) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum;
}
