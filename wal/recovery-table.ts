/**
 * The rules of recovery as two tables of data: the state of one file, and the state of a whole folder. Exactly one row applies to each combination of
 * conditions. The code has no other branches on these conditions. Documents and the command print the same rows.
 */

export type Finding = 'foreign' | 'unborn' | 'corrupt' | 'torn' | 'clean';

/** The conditions of a file, which select its row. */
export interface FileConditions {
  /** `right`: magic, checksum and version are right, and height and life are those of the name. `foreign`: the checksum is right, but version or flags are unknown. */
  readonly header: 'right' | 'foreign' | 'wrong';
  /** The file has at most 48 bytes, the length of a header. */
  readonly isShort: boolean;
  /** `whole`: header, all copies and `opened` are whole. Otherwise it also says whether there is a whole frame after the place of `opened`. */
  readonly opened: 'whole' | 'broken' | 'broken, frames behind';
  /** The attest file names this file's life. */
  readonly isNamed: boolean;
  /** How the valid part ends: after a whole frame, at bad bytes, at bad bytes that were durable once (a later frame proves it), or at a frame that cannot be decoded. */
  readonly end: 'after a frame' | 'bad bytes' | 'attested bad bytes' | 'not understood';
  /** The last whole frame is before the attested sequence. */
  readonly isBeforeAttested: boolean;
}

export interface FileRow {
  readonly finding: Finding;
  readonly when: string;
  readonly outcome: string;
  readonly holds: (conditions: FileConditions) => boolean;
}

const isUnborn = ({ header, isShort, opened, isNamed }: FileConditions): boolean =>
  !isNamed && ((header === 'wrong' && isShort) || (header === 'right' && opened === 'broken'));
const isBorn = ({ header, opened }: FileConditions): boolean => header === 'right' && opened === 'whole';
const isDamaged = ({ end, isBeforeAttested }: FileConditions): boolean =>
  end === 'attested bad bytes' || end === 'not understood' || isBeforeAttested;

/** The table of findings about one file; exactly one row holds for each file. */
export const fileTable: readonly FileRow[] = [
  {
    finding: 'foreign',
    when: 'header checksum right, version or flags unknown',
    outcome: 'typed error; the file is kept',
    holds: ({ header }) => header === 'foreign',
  },
  {
    finding: 'unborn',
    when: 'at most 48 bytes and no right header, or `opened` not whole and no whole frame behind its place; never a life that the attest file names',
    outcome: 'the older life is read; removed at the end of boot',
    holds: isUnborn,
  },
  {
    finding: 'corrupt',
    when: 'no right header, or `opened` not whole, in any other case; bad bytes that something durable says were durable; a frame that is not understood; an end before the attested sequence',
    outcome: 'never cut: typed error with file, offset and sequence; files are kept',
    holds: (file) => file.header !== 'foreign' && !isUnborn(file) && (!isBorn(file) || isDamaged(file)),
  },
  {
    finding: 'torn',
    when: 'bad bytes, and nothing says that they were durable',
    outcome: 'the frames before are kept, the rest is reported in bytes',
    holds: (file) => isBorn(file) && !isDamaged(file) && file.end === 'bad bytes',
  },
  {
    finding: 'clean',
    when: 'the file ends after a whole frame',
    outcome: 'all frames are kept',
    holds: (file) => isBorn(file) && !isDamaged(file) && file.end === 'after a frame',
  },
];

export type FolderRowName = 'gone' | 'behind' | 'replay' | 'next';

/** The conditions of a folder. `s`: the last height in the block store. `heights`: the heights from `s` on with a complete segment. `a`: the attested height, if any. */
export interface FolderConditions {
  readonly stored: number;
  readonly heights: ReadonlySet<number>;
  readonly attested: number | undefined;
}

export interface FolderRow {
  readonly name: FolderRowName;
  readonly when: string;
  readonly outcome: string;
  readonly holds: (conditions: FolderConditions) => boolean;
}

const isGone = ({ stored, heights, attested }: FolderConditions): boolean => {
  if (attested !== undefined && attested > stored && !heights.has(attested)) return true;
  if (heights.size === 0) return true;
  const last = Math.max(...heights);
  if (last > stored + 2) return true;
  const first = heights.has(stored) ? stored : stored + 1;
  for (let height = first; height <= last; height += 1) if (!heights.has(height)) return true;
  return false;
};

/** The table of findings about the whole folder; exactly one row holds for each folder. */
export const folderTable: readonly FolderRow[] = [
  {
    name: 'gone',
    when: 'a > s and a not in D; or D empty; or D has a hole, counted from s or s+1; or max D > s+2',
    outcome: '`corrupt`, nothing is removed',
    holds: isGone,
  },
  {
    name: 'behind',
    when: 's+2 in D',
    outcome: 's+1 must reach the base of s+2 and hold the decision, else `corrupt`; store again, report `store-behind`; then s+2',
    holds: (folder) => !isGone(folder) && folder.heights.has(folder.stored + 2),
  },
  {
    name: 'replay',
    when: 's+1 in D',
    outcome: 'replay',
    holds: (folder) => !isGone(folder) && !folder.heights.has(folder.stored + 2) && folder.heights.has(folder.stored + 1),
  },
  {
    name: 'next',
    when: 'D = {s}',
    outcome: 's+1 is born',
    holds: (folder) => !isGone(folder) && folder.heights.size === 1 && folder.heights.has(folder.stored),
  },
];

/** The row that applies. Throws if there is none; a test shows that this cannot happen. */
export function rowOf<Row extends { readonly holds: (conditions: Conditions) => boolean }, Conditions>(
  table: readonly Row[],
  conditions: Conditions,
): Row {
  const row = table.find(({ holds }) => holds(conditions));
  if (row === undefined) throw new Error(`no row of the recovery table holds for ${JSON.stringify(conditions)}`);
  return row;
}
