// Exercise 4: behind the torn tail.
//
// After a crash the file may end in half a frame. This log goes on writing after it. Nobody will ever read that.
// A life that writes its own file, with all that was whole copied into it, has no such end.
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
  storage.syncDirectory('log');
  return {
    append: (entry) => storage.append(file, framed(entry)),
    flush: () => storage.sync(file),
    read: () => wholeEntriesIn(storage.read(file)),
  };
}

const longer = (a, b) => (b.length >= a.length ? b : a);
