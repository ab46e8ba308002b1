/** `museum`: each broken node, what catches it and after how many runs; `--matrix`: what each property, fault kind and row is for. */
import type { Command } from 'commander';
import type { MuseumRow } from '../../campaigns/museum/measure.ts';
import { exhibits } from '../../museum/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { keepFailures } from './failures.ts';
import { jobsOption, wholeNumber } from './flags.ts';
import { Interruption, interruptedText } from './interruption.ts';
import { type Lost, lostText, lostUnit } from './lost-units.ts';
import { matrixOf, matrixText } from './museum-matrix.ts';
import { type MuseumTask, museumUnit } from './museum-unit.ts';
import { inOrder } from './pool.ts';
import { isCaught, type KeptRow, museumJson, museumMarkdown, rowText, withFailure } from './print-museum.ts';
import { Progress } from './progress.ts';
import type { Paint } from './terminal.ts';

interface Flags {
  readonly exhibit?: string;
  readonly runs: number;
  readonly jobs: number;
  readonly matrix?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly progress: boolean;
}

/** An exhibit counts as hanging after this time and the time for each seed: a hundred times what it takes. */
const sceneMs = 600_000;
const seedMs = 5000;

export function museumCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('museum')
    .description('the broken nodes: which properties catch each, and after how many runs')
    .option('--exhibit <name>', 'one of them')
    .option('--runs <n>', 'seeds tried at most, by fuzz and by random kills', wholeNumber, 100)
    .addOption(jobsOption())
    .option('--matrix', 'property, fault kind, recovery row and rule against exhibit; exit 1 if one is empty')
    .option('--markdown', 'as docs/museum.md')
    .option('--no-progress', 'no line that says how far it is')
    .option('--json', 'for machines')
    .action(async (flags: Flags) => {
      const chosen = exhibits.filter(({ name }) => flags.exhibit === undefined || name === flags.exhibit);
      if (chosen.length === 0)
        throw new ScenarioError(
          `no exhibit is called '${flags.exhibit}'; there are ${exhibits.map(({ name }) => name).join(', ')}`,
        );
      const tasks = chosen.map(({ name }): MuseumTask => ({ exhibit: name, runs: flags.runs }));
      const progress = new Progress(flags.progress);
      const interruption = new Interruption();
      const rows: MuseumRow[] = [];
      const lost: Lost[] = [];
      for await (const { task, result, error } of inOrder<MuseumTask, MuseumRow>(
        tasks,
        { file: 'museum-unit', name: 'museumUnit', local: museumUnit },
        { jobs: flags.jobs, interruption, hangMs: sceneMs + flags.runs * seedMs },
      )) {
        if (result === undefined) lost.push(lostUnit(`exhibit ${task.exhibit}`, error));
        else rows.push(result);
        progress.show(rows.length + lost.length, tasks.length, 'exhibits');
      }
      progress.end();
      const { isInterrupted } = interruption;
      const matrix = flags.matrix === true ? matrixOf(rows) : [];
      const isWhole = rows.every(isCaught) && rows.every(({ honest }) => honest.violated === 0);
      const isFull = flags.exhibit !== undefined || matrix.every(({ lines }) => lines.every(({ red }) => red.length > 0));
      process.exitCode = exitCodeOf({
        isInterrupted,
        isViolated: !isWhole || (lost.length === 0 && !isFull),
        isUndecided: lost.length > 0,
      });
      const kept: readonly KeptRow[] = flags.json === true ? rows.map(withFailure) : [];
      if (flags.json === true) print(JSON.stringify(museumJson(kept, isInterrupted, lost), null, 1));
      else if (flags.markdown === true) print(await museumMarkdown(rows));
      else if (flags.matrix === true) print(matrixText(matrix, paint));
      else for (const row of rows) print(rowText(row, paint));
      if (lost.length > 0 && flags.json !== true) print(paint.bad(lostText(lost)));
      if (isInterrupted && flags.json !== true) print(paint.bad(interruptedText(rows.length, chosen.length, 'exhibits')));
      keepFailures(kept.map(({ failure }) => failure));
    });
}
