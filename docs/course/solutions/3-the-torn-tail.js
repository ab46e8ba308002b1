// Exercise 3: the torn tail.
//
// Power fails while a frame is on its way to the disk: a part of it arrives. The reader must see that, and stop in front of it.
// `framesIn` says for each frame whether it is whole.
import { framed, framesIn } from '../frames.js';

export function openLog(storage) {
  const names = storage
    .list('log')
    .map(Number)
    .sort((a, b) => a - b);
  const kept = names.map((name) => entriesIn(storage.read(`log/${name}`))).reduce(longer, []);
  // Each life writes its own file, so that nothing is ever appended after a torn end.
  const file = `log/${(names.at(-1) ?? 0) + 1}`;
  storage.create(file);
  for (const entry of kept) storage.append(file, framed(entry));
  storage.sync(file);
  storage.syncDirectory('log');
  return {
    append: (entry) => storage.append(file, framed(entry)),
    flush: () => storage.sync(file),
    read: () => entriesIn(storage.read(file)),
  };
}

const longer = (a, b) => (b.length >= a.length ? b : a);

function entriesIn(bytes) {
  const frames = framesIn(bytes);
  const torn = frames.findIndex(({ isWhole }) => !isWhole);
  return (torn === -1 ? frames : frames.slice(0, torn)).map(({ entry }) => entry);
}
