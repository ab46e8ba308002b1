/** The source of a student's log, whole or with its two defects. The judge holds what a student hands in against the whole one. */
import type { Exercise } from './exercise.ts';

/** `defects`: whether it is the exercise; without them it is the solution. */
export function logSource(exercise: Exercise, defects: boolean): string {
  const { log, few } = exercise;
  const promise = defects ? exercise.promise : undefined;
  const recovery = defects ? exercise.recovery : undefined;
  const waits = promise === 'flush waits for more';
  const append = 'storage.append(file, framed(entry))';
  const flush = waits
    ? `() => {
      if (unsynced < ${few}) return;
      storage.sync(file);
      unsynced = 0;
    }`
    : promise === 'flush does nothing'
      ? '() => undefined'
      : '() => storage.sync(file)';
  return `${head(exercise)}
export function openLog(storage) {
  const names = storage
    .list(folder)
    .map(Number)
    .sort((a, b) => a - b);
${opening(promise, recovery)}${waits ? '  let unsynced = 0;\n' : ''}  return {
    append: (entry) => ${waits ? `{\n      ${append};\n      unsynced += 1;\n    }` : append},
    flush: ${flush},
    read: () => entriesIn(storage.read(file)),
  };
}
${recovery === 'it goes on after a torn end' ? '' : longest(recovery)}
${frames(log, recovery, exercise.checkedBytes)}`;
}

function head({ log }: Exercise): string {
  const hex = `0x${log.magic.toString(16)}`;
  const order = log.isLengthFirst ? 'the length of the entry, its checksum' : 'the checksum of the entry, its length';
  return `// The log of a node. It has two defects: a promise that it does not keep, and a way in which it comes back wrong.
//
// \`append\` hands bytes to the page cache: a loss of power takes them. When \`flush\` returns, everything appended must survive any
// loss of power. Opened again, the log must have all of that, in order, and nothing that was not appended. Then it goes on.
//
// Disks in this format are in use, so it stays: one file for each life of the node in the folder '${log.folder}', named 1, 2, 3 and so on.
// The new one begins with a copy of all entries so far. A frame: ${hex} (2 bytes), ${order}
// (4 bytes each, ${log.isLittleEndian ? 'little' : 'big'} endian), the entry. The checksum covers all bytes of the entry.
//
// \`storage\` has create, append, sync, syncDirectory, read, size, list and remove. This file imports nothing. Every call is made
// in a fresh copy of it: what it keeps outside the storage is lost with the power.
const folder = '${log.folder}';
const magic = ${hex};
`;
}

function opening(promise: string | undefined, recovery: string | undefined): string {
  const syncs = promise === 'the directory is not synced' ? '' : '  storage.syncDirectory(folder);\n';
  if (recovery === 'it goes on after a torn end')
    return `  const file = \`\${folder}/\${names.at(-1) ?? 1}\`;
  if (names.length === 0) storage.create(file);
  storage.sync(file);
${syncs}`;
  const removal = `  for (const name of names) storage.remove(\`\${folder}/\${name}\`);\n`;
  const isEarly = recovery === 'the old file goes too early';
  return `  const kept = ${recovery === 'the newest file counts' ? 'newest' : 'longest'}(names.map((name) => entriesIn(storage.read(\`\${folder}/\${name}\`))));
  const file = \`\${folder}/\${(names.at(-1) ?? 0) + 1}\`;
  storage.create(file);
  for (const entry of kept) storage.append(file, framed(entry));
${isEarly ? removal : ''}  storage.sync(file);
${syncs}${isEarly ? '' : removal}`;
}

function longest(recovery: string | undefined): string {
  if (recovery === 'the newest file counts') return '\nconst newest = (lives) => lives.at(-1) ?? [];\n';
  return '\nconst longest = (lives) => lives.reduce((a, b) => (b.length >= a.length ? b : a), []);\n';
}

function frames(log: Exercise['log'], recovery: string | undefined, checkedBytes: number): string {
  const [lengthAt, sumAt] = log.isLengthFirst ? [2, 6] : [6, 2];
  const endian = log.isLittleEndian ? ', true' : '';
  const sum = recovery === 'a part is checked' ? `checksum(entry.subarray(0, ${checkedBytes}))` : 'checksum(entry)';
  const isWhole =
    recovery === 'nothing is checked' ? 'true' : `entry.length === length && view.getUint32(at + ${sumAt}${endian}) === ${sum}`;
  return `function framed(entry) {
  const bytes = new Uint8Array(10 + entry.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, magic${endian});
  view.setUint32(${lengthAt}, entry.length${endian});
  view.setUint32(${sumAt}, ${sum}${endian});
  bytes.set(entry, 10);
  return bytes;
}

/** The entries up to the first frame that is not whole. */
function entriesIn(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries = [];
  for (let at = 0; at + 10 <= bytes.length; ) {
    if (view.getUint16(at${endian}) !== magic) break;
    const length = view.getUint32(at + ${lengthAt}${endian});
    const entry = bytes.slice(at + 10, at + 10 + length);
    const isWhole = ${isWhole};
    if (!isWhole) break;
    entries.push(entry);
    at += 10 + length;
  }
  return entries;
}

function checksum(bytes) {
  let sum = 1;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x${log.multiplier.toString(16)}) >>> 0;
  return sum;
}
`;
}
