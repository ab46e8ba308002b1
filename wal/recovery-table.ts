/**
 * Recovery as two tables that are data: what one file is, and what a folder of them means. The code has no other branch on these
 * conditions. Exactly one row holds for each combination; docs and the command print the same rows.
 */

export type Finding = 'foreign' | 'unborn' | 'corrupt' | 'torn' | 'clean';

/** What is computed about a file before the table is asked. */
export interface FileConditions {
  /** `right`: magic, checksum, known version, height and life of the name. `foreign`: checksum right, version or flags unknown. */
  readonly header: 'right' | 'foreign' | 'wrong';
  /** At most 48 bytes. */
  readonly isShort: boolean;
  /** `whole`: header, all copies and `opened`; otherwise whether a whole frame is after the place of `opened`. */
  readonly opened: 'whole' | 'broken' | 'broken, frames behind';
  /** The attest file names this file's life. */
  readonly isNamed: boolean;
  /** How it ends: after a whole frame; at bad bytes; at bad bytes of which something durable says that they were; at a frame that is not understood. */
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

/** s: last height in the block store. `heights`: heights >= s with a born segment. a: the attested height, if any. */
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

/** The row that holds. Throws when the table has a gap, which its test excludes. */
export function rowOf<Row extends { readonly holds: (conditions: Conditions) => boolean }, Conditions>(
  table: readonly Row[],
  conditions: Conditions,
): Row {
  const row = table.find(({ holds }) => holds(conditions));
  if (row === undefined) throw new Error(`no row of the recovery table holds for ${JSON.stringify(conditions)}`);
  return row;
}
