/** A JSON file, replaced by write-file-atomic. */
import { readFileSync } from 'node:fs';
import { writeJsonFile } from 'write-json-file';

export function open(folder) {
  const file = `${folder}/state.json`;
  return { set: (value) => writeJsonFile(file, { value }), get: () => JSON.parse(readFileSync(file, 'utf8')).value };
}
