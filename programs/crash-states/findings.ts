/** The plainest form of a failing state: every loss that does not matter is undone, and each that is left is named with the sync that is missing. */

import type { Fate, Pending } from '../../wal/storage/pending.ts';
import { type PersonalityName, personalities, personalityNames } from '../../wal/storage/personalities.ts';
import { formatFate, isLegalLoss, parseFate } from '../../wal/storage/power-loss-states.ts';
import type { Folder, RecordedCall } from '../recording/calls.ts';
import type { FileTree } from './file-tree.ts';
import { lossWords } from './loss-words.ts';

export interface Finding {
  /** Where the state can be; `token` names it on the first. */
  readonly fileSystems: readonly PersonalityName[];
  /** Names the state: file system, moment and fates. */
  readonly token: string;
  readonly fates: readonly Fate[];
  /** What is wrong with it. */
  readonly complaint: string;
  readonly acknowledged: readonly unknown[];
  /** What was lost, each with its place in the source and what is missing. */
  readonly losses: readonly string[];
  /** The files that the state holds. */
  readonly folder: Folder;
}

interface FailingState {
  readonly fileSystem: PersonalityName;
  readonly moment: number;
  readonly tree: FileTree;
  readonly fates: readonly Fate[];
  readonly complaint: string;
  readonly acknowledged: readonly unknown[];
  readonly callOf: ReadonlyMap<number, RecordedCall>;
  readonly calls: readonly RecordedCall[];
}

/**
 * Undoes losses, oldest first, as long as the state can be on that file system and still fails: first many at once, at the end one by one. Each attempt is
 * a recovery, which can be slow.
 */
export async function simplest(
  state: FailingState,
  complaintOf: (folder: Folder) => Promise<string | undefined>,
): Promise<Finding> {
  const { fileSystem, moment, tree, acknowledged, callOf, calls } = state;
  const { pending } = tree;
  let { fates, complaint } = state;
  const groups = groupsOf(pending);
  for (let size = groups.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < groups.length; from += size) {
      const chunk = new Set(groups.slice(from, from + size).flat());
      if ([...chunk].every((place) => fates[place] === 'kept')) continue;
      const tried = fates.map((fate, place): Fate => (chunk.has(place) ? 'kept' : fate));
      if (!isLegalLoss(pending, personalities[fileSystem], tried)) continue;
      const still = await complaintOf(tree.afterPowerLoss(tried).entries());
      if (still === undefined) continue;
      fates = tried;
      complaint = still;
    }
  return {
    fileSystems: [fileSystem],
    token: formatStateToken({ fileSystem, moment, fates }),
    fates,
    complaint,
    acknowledged,
    losses: lossWords(tree, fates, callOf, calls),
    folder: tree.afterPowerLoss(fates).entries(),
  };
}

export interface StateToken {
  readonly fileSystem: PersonalityName;
  readonly moment: number;
  readonly fates: readonly Fate[];
}

/** Such as `posix-weakest@2/1x3.0.c5`: the moment, and the fates of its pending operations, equal ones counted. */
export function formatStateToken({ fileSystem, moment, fates }: StateToken): string {
  const runs: { text: string; count: number }[] = [];
  for (const fate of fates) {
    const text = formatFate(fate);
    const last = runs.at(-1);
    if (last?.text === text) last.count += 1;
    else runs.push({ text, count: 1 });
  }
  return `${fileSystem}@${moment}/${runs.map(({ text, count }) => (count === 1 ? text : `${text}x${count}`)).join('.')}`;
}

/** Undefined when the text names no state. */
export function parseStateToken(text: string): StateToken | undefined {
  const [, name, moment, list] = /^([a-z0-9-]+)@(\d+)\/([0-9a-z.]*)$/.exec(text) ?? [];
  const fileSystem = personalityNames.find((one) => one === name);
  if (fileSystem === undefined || list === undefined) return undefined;
  const fates: Fate[] = [];
  for (const part of list === '' ? [] : list.split('.')) {
    const [fateText = '', count = '1'] = part.split('x');
    const fate = parseFate(fateText);
    if (fate === undefined || Number(count) > 1_000_000) return undefined;
    for (let index = 0; index < Number(count); index += 1) fates.push(fate);
  }
  return { fileSystem, moment: Number(moment), fates };
}

/** Operations that belong together, oldest first: both names of a rename, a write with its length. */
function groupsOf(pending: readonly Pending[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  for (const [place, one] of pending.entries()) {
    const before = pending[place - 1];
    const belongs =
      before !== undefined &&
      ((one.type === 'unlink' && one.renamedBy === before.id) ||
        (one.type === 'write' && before.type === 'resize' && before.isOfWrite));
    if (belongs) groups.at(-1)?.push(place);
    else groups.push([place]);
  }
  return groups;
}
