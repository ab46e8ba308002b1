/** A file written beside its place, synced and renamed. */
import { readFileSync } from 'node:fs';
import fastWriteAtomic from 'fast-write-atomic';

export function open(folder) {
  const file = `${folder}/state.json`;
  return {
    set: (value) => fastWriteAtomic.promise(file, JSON.stringify({ value })),
    get: () => JSON.parse(readFileSync(file, 'utf8')).value,
  };
}
