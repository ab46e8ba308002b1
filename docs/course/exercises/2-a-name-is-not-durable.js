// Exercise 2: a name must be durable too.
//
// The bytes of a file are synced by `sync`. That the file exists is an entry of its directory, which is synced by `syncDirectory`.
import { framed, wholeEntriesIn } from '../frames.js';

export function openLog(storage) {
  const names = storage
    .list('log')
    .map(Number)
    .sort((a, b) => a - b);
  const kept = names.map((name) => wholeEntriesIn(storage.read(`log/${name}`))).reduce(longer, []);
  // Each life writes its own file, so that nothing is ever appended after a torn end.
  const file = `log/${(names.at(-1) ?? 0) + 1}`;
  storage.create(file);
  for (const entry of kept) storage.append(file, framed(entry));
  storage.sync(file);
  return {
    append: (entry) => storage.append(file, framed(entry)),
    flush: () => storage.sync(file),
    read: () => wholeEntriesIn(storage.read(file)),
  };
}

const longer = (a, b) => (b.length >= a.length ? b : a);
