/** One loss of power: the same operations on a real file system and on the model, and whether what came back is a state of the model. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ContentIds } from '../../programs/crash-states/folder-ids.ts';
import { timelineOf } from '../../programs/crash-states/timeline.ts';
import type { Folder, ProgramRecord } from '../../programs/recording/calls.ts';
import { readFolder } from '../../programs/recording/read-folder.ts';
import { recordRun } from '../../programs/recording/record-run.ts';
import { type PersonalityName, personalities } from '../../wal/storage/personalities.ts';
import { powerLossStates } from '../../wal/storage/power-loss-states.ts';
import type { LoopDisk } from './loop-disk.ts';
import { doWork, prepareWork, type Step } from './work.ts';

export interface Cut {
  /** `unknown`: too many states to list them all. */
  readonly verdict: 'in the model' | 'impossible' | 'unknown';
  /** States of the model. */
  readonly states: number;
  readonly found: Folder;
  /** Something was lost: the folder is not as it was before the power failed. */
  readonly isLossy: boolean;
}

/** More than these are not listed. */
const mostStates = 100_000;

export async function cutAfter(disk: LoopDisk, steps: readonly Step[]): Promise<Cut> {
  const folder = join(disk.path, 'work');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  prepareWork(folder);
  disk.sync();
  const record = await recordRun<never>(folder, (at) => doWork(at, steps));
  disk.cut();
  disk.restart();
  const found = readFolder(folder);
  return { ...memberOf(record, disk.fileSystem, found), found };
}

/** Whether a folder is among those that a loss of power at the end of the record may leave. */
export function memberOf(record: ProgramRecord, fileSystem: PersonalityName, found: Folder): Omit<Cut, 'found'> {
  const ids = new ContentIds();
  const key = ids.keyOf(found);
  const isLossy = key !== ids.keyOf(record.after);
  const { moments, unseen } = timelineOf(record, personalities[fileSystem]);
  if (unseen.length > 0) throw new Error(`the work could not be recorded: ${unseen.join('; ')}`);
  const tree = moments.at(-1)?.tree;
  if (tree === undefined) return { verdict: isLossy ? 'impossible' : 'in the model', states: 1, isLossy };
  const list = powerLossStates(tree.pending, personalities[fileSystem], {
    limit: mostStates,
    deviations: 2,
    window: 16,
    knownUpTo: 0,
  });
  let states = 0;
  for (const { fates } of list.states) {
    states += 1;
    if (ids.keyOf(tree.afterPowerLoss(fates).entries()) === key) return { verdict: 'in the model', states, isLossy };
  }
  return { verdict: list.bound === 'every' ? 'impossible' : 'unknown', states, isLossy };
}
