/** A stream to a file beside its place, which is renamed at the end. */
import { readFileSync } from 'node:fs';
import writeStreamAtomic from 'fs-write-stream-atomic';

export function open(folder) {
  const file = `${folder}/state.json`;
  return {
    set: (value) =>
      new Promise((resolve, reject) => {
        const stream = writeStreamAtomic(file);
        stream.on('error', reject);
        stream.on('finish', resolve);
        stream.end(JSON.stringify({ value }));
      }),
    get: () => JSON.parse(readFileSync(file, 'utf8')).value,
  };
}
