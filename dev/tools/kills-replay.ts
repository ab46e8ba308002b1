/** The changes that a killed writer has reported, made again on a simulated disk, which then knows what of the folder is durable. */
import type { SimulatedDisk, Storage } from '../../wal/index.ts';

type Change = readonly [name: keyof SimulatedDisk, file: string, ...values: (string | number)[]];

/** A line of JSON for each change, each but the last one followed by `done` or `skipped`. `folder`: the files as the killed writer left them. */
export function replayChanges(disk: SimulatedDisk, changes: readonly string[], folder: Storage): void {
  for (const [index, line] of changes.entries()) {
    if (line === 'done' || line === 'skipped') continue;
    const change = JSON.parse(line) as Change;
    const outcome = changes[index + 1];
    if (outcome === 'done') made(disk, change);
    else if (outcome === undefined) madeAsFound(disk, change, folder);
  }
}

function made(disk: SimulatedDisk, [name, file, ...values]: Change): void {
  const given = name === 'append' || name === 'writeAt' ? [...values.slice(0, -1), bytesOf(String(values.at(-1)))] : values;
  (disk[name] as (...all: readonly unknown[]) => void).apply(disk, [file, ...given]);
}

/** The kill came while this change was under way: the folder shows how far it got. A sync leaves no trace, so it counts as not done. */
function madeAsFound(disk: SimulatedDisk, change: Change, folder: Storage): void {
  const [name, file, ...values] = change;
  const isThere = isIn(folder, file);
  if (name === 'create' && isThere) made(disk, change);
  if (name === 'remove' && !isThere) made(disk, change);
  if (name === 'append') {
    const more = folder.read(file).subarray(disk.size(file));
    if (more.length > 0) disk.append(file, more);
  }
  if (name === 'writeAt') {
    const [offset = 0] = values as [number];
    const length = bytesOf(String(values.at(-1))).length;
    const found = folder.read(file, offset, length);
    if (found.length > 0) disk.writeAt(file, offset, found);
  }
}

function isIn(folder: Storage, file: string): boolean {
  const slash = file.lastIndexOf('/');
  return folder.list(file.slice(0, slash)).includes(file.slice(slash + 1));
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
