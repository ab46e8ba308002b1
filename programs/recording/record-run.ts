/** Records one function of this process: what it does to the files of a folder, and what it acknowledges. */
import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, ProgramRecord, RecordedCall } from './calls.ts';
import { watchEscapes } from './escapes.ts';
import { unwatched, watchFs } from './fs-binding.ts';
import { readFolder } from './read-folder.ts';
import { recorder } from './recorder.ts';

/** Says that something must survive from now on. The value is copied. */
export type Acknowledge<Value> = (value: Value) => void;

/** The longest time that calls under way may take to end after the function has returned. */
const settleMs = 2000;

export async function recordRun<Value>(
  folder: string,
  run: (folder: string, acknowledge: Acknowledge<Value>) => unknown,
): Promise<ProgramRecord> {
  const real = realpathSync(folder);
  const before = readFolder(real);
  const calls: RecordedCall[] = [];
  let stamps = 0;
  let underWay = 0;
  const stamp = (): number => {
    stamps += 1;
    return stamps;
  };
  const note = (call: Call): void => {
    calls.push({ begin: stamp(), end: stamp(), process: 'main', call, place: '' });
  };
  const watch = recorder({ folder: real, process: 'main', stamp, onCall: (call) => calls.push(call) });
  const stopFs = watchFs((name, args) => {
    const end = watch(name, args);
    if (end === undefined) return undefined;
    underWay += 1;
    return (outcome) => {
      underWay -= 1;
      return end(outcome);
    };
  });
  const stopEscapes = watchEscapes(({ what }) => note({ op: 'unseen', what }));
  try {
    await run(real, (value) => note({ op: 'acknowledge', value: structuredClone(value) }));
    for (let waited = 0; underWay > 0 && waited < settleMs; waited += 5) await sleep(5);
    if (underWay > 0) note({ op: 'unseen', what: `${underWay} file calls that were still under way at the end` });
    return { folder: real, before, after: unwatched(() => readFolder(real)), calls };
  } finally {
    stopEscapes();
    stopFs();
  }
}
