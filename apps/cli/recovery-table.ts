/** `recovery-table`: prints the two recovery tables with how many combinations of conditions each row meets. */
import type { Command } from 'commander';
import {
  type FileConditions,
  type FileRow,
  type FolderConditions,
  type FolderRow,
  fileTable,
  folderTable,
} from '../../wal/index.ts';
import { exitCodeOf } from './exit-code.ts';

export function recoveryTableCommand(program: Command, print: (text: string) => void): void {
  program
    .command('recovery-table')
    .description('the two tables of recovery as the code holds them, each combination met exactly once')
    .action(() => {
      const { text, isWhole } = recoveryTableText();
      print(text);
      process.exitCode = exitCodeOf({ isViolated: !isWhole });
    });
}

export function fileCombinations(): readonly FileConditions[] {
  const all: FileConditions[] = [];
  for (const header of ['right', 'foreign', 'wrong'] as const)
    for (const isShort of [true, false])
      for (const opened of ['whole', 'broken', 'broken, frames behind'] as const)
        for (const isNamed of [true, false])
          for (const end of ['after a frame', 'bad bytes', 'attested bad bytes', 'not understood'] as const)
            for (const isBeforeAttested of [true, false]) all.push({ header, isShort, opened, isNamed, end, isBeforeAttested });
  return all;
}

/** Every subset of the heights s-2 .. s+3, for several s and each attested height around it, or none. */
export function folderCombinations(): readonly FolderConditions[] {
  const all: FolderConditions[] = [];
  for (const stored of [0, 1, 2, 7]) {
    for (let mask = 0; mask < 64; mask += 1) {
      const near = [0, 1, 2, 3, 4, 5].filter((bit) => (mask & (1 << bit)) !== 0).map((bit) => stored - 2 + bit);
      const heights = new Set(near.filter((height) => height >= stored));
      for (const attested of [undefined, stored - 1, stored, stored + 1, stored + 2, stored + 3])
        all.push({ stored, heights, attested });
    }
  }
  return all;
}

export function recoveryTableText(): { readonly text: string; readonly isWhole: boolean } {
  const files = countRows<FileConditions>(fileTable, fileCombinations());
  const folders = countRows<FolderConditions>(folderTable, folderCombinations());
  const fileLines = fileTable.map((row: FileRow, index) => lineOf(row.finding, row, files.counts[index] ?? 0));
  const folderLines = folderTable.map((row: FolderRow, index) => lineOf(row.name, row, folders.counts[index] ?? 0));
  const text = [
    'One file',
    ...fileLines,
    `  ${files.total} combinations, each met exactly once: ${files.isWhole ? 'yes' : 'NO'}`,
    '',
    'The folder (s: last stored height; D: heights >= s with a born segment; a: attested height)',
    ...folderLines,
    `  ${folders.total} combinations, each met exactly once: ${folders.isWhole ? 'yes' : 'NO'}`,
  ].join('\n');
  return { text, isWhole: files.isWhole && folders.isWhole };
}

interface Counts {
  readonly counts: readonly number[];
  readonly total: number;
  readonly isWhole: boolean;
}

export function countRows<Conditions>(
  table: readonly { readonly holds: (conditions: Conditions) => boolean }[],
  combinations: readonly Conditions[],
): Counts {
  const counts = table.map(() => 0);
  let isWhole = true;
  for (const conditions of combinations) {
    const met = table.flatMap(({ holds }, index) => (holds(conditions) ? [index] : []));
    if (met.length !== 1) isWhole = false;
    for (const index of met) counts[index] = (counts[index] ?? 0) + 1;
  }
  return { counts, total: combinations.length, isWhole: isWhole && counts.every((count) => count > 0) };
}

function lineOf(name: string, { when, outcome }: { readonly when: string; readonly outcome: string }, count: number): string {
  return `  ${name.padEnd(8)} ${String(count).padStart(4)}  when ${when}\n                 then ${outcome}`;
}
