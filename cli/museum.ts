/** `museum`: each broken node, what catches it and after how many runs; `--matrix`: what each property, fault kind and row is for. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { exhibits } from '../museum/index.ts';
import { undetectable } from '../museum/scenes.ts';
import { allProperties, failureOf, faultKinds, runScenario, ScenarioError } from '../scenarios/index.ts';
import { keepFailure } from './failures.ts';
import { jobCount, wholeNumber } from './flags.ts';
import { Interruption, interruptedExit, interruptedText } from './interruption.ts';
import { type Lost, lostText, lostUnit } from './lost.ts';
import { type MuseumRow, type MuseumTask, museumUnit } from './museum-unit.ts';
import { inOrder } from './pool.ts';
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

/** An exhibit that takes longer than this and so many ms a seed hangs: a hundred times what one takes. */
const sceneMs = 600_000;
const seedMs = 5000;

export function museumCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('museum')
    .description('the broken nodes: which properties catch each, and after how many runs')
    .option('--exhibit <name>', 'one of them')
    .option('--runs <n>', 'seeds tried at most, by fuzz and by random kills', wholeNumber, 100)
    .option('--jobs <n>', 'worker threads', jobCount, availableParallelism())
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
      if (flags.json === true) print(JSON.stringify(museumJson(rows, isInterrupted, lost), null, 1));
      else if (flags.markdown === true) print(markdown(rows));
      else if (flags.matrix === true) print(matrixText(matrix, paint));
      else for (const row of rows) print(rowText(row, paint));
      if (lost.length > 0 && flags.json !== true) print(paint.bad(lostText(lost)));
      if (isInterrupted && flags.json !== true) print(paint.bad(interruptedText(rows.length, chosen.length, 'exhibits')));
      const isFull = flags.exhibit !== undefined || matrix.every(({ lines }) => lines.every(({ red }) => red.length > 0));
      process.exitCode = isInterrupted ? interruptedExit : !isWhole ? 1 : lost.length > 0 ? 3 : isFull ? 0 : 1;
    });
}

function isCaught({ caughtBy, expected }: MuseumRow): boolean {
  return expected.length > 0 && expected.every((property) => caughtBy.includes(property));
}

function museumJson(rows: readonly MuseumRow[], isInterrupted: boolean, lost: readonly Lost[]): object {
  return {
    version: 1,
    ok: !isInterrupted && lost.length === 0 && rows.every(isCaught),
    isInterrupted,
    lost,
    rows: rows.map(({ exhibit, bug, source, caughtBy, expected, runs, ms, smallest }) => ({
      exhibit,
      bug,
      source,
      caughtBy,
      expected,
      runs,
      ms,
      smallest: { faults: smallest.faults, nodes: smallest.nodes, token: kept(exhibit, smallest.scenario, expected[0] ?? '') },
    })),
    honest: honestOf(rows),
  };
}

function honestOf(rows: readonly MuseumRow[]): MuseumRow['honest'] {
  return {
    runs: rows.reduce((sum, { honest }) => sum + honest.runs, 0),
    violated: rows.reduce((sum, { honest }) => sum + honest.violated, 0),
  };
}

/** The smallest failure as a file that fails by itself; its token. */
function kept(exhibit: string, data: MuseumRow['smallest']['scenario'], property: string): string {
  return keepFailure(failureOf(data, { exhibit }, runScenario(data, { exhibit }), property));
}

function rowText({ exhibit, bug, source, caughtBy, expected, runs, smallest, ms }: MuseumRow, paint: Paint): string {
  const isGood = expected.every((property) => caughtBy.includes(property));
  return [
    `${isGood ? paint.good('✓') : paint.bad('✕')} ${exhibit}`,
    `    ${bug}`,
    paint.dim(`    ${source}`),
    `    caught by ${caughtBy.join(', ') || 'nothing'}${isGood ? '' : paint.bad(`, expected ${expected.join(', ')}`)}`,
    paint.dim(
      `    first after: crash points ${shown(runs.crashpoints)}, fuzz ${shown(runs.fuzz)}, random kills ${shown(runs.random)}; smallest ${smallest.faults} faults, ${smallest.nodes} nodes; ${(ms / 1000).toFixed(1)} s`,
    ),
  ].join('\n');
}

function shown(count: number | null): string {
  return count === null ? '-' : String(count);
}

interface Section {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly red: readonly string[] }[];
}

/** The row that no fault of this world leads to, a log of another version: its own tests hold it (test/wal). */
const unreachable = 'foreign';
const recoveryRows = ['unborn', 'corrupt', 'torn', 'clean', 'gone', 'behind', 'replay', 'next'] as const;

function matrixOf(rows: readonly MuseumRow[]): readonly Section[] {
  const redBy = (holds: (row: MuseumRow) => boolean): readonly string[] => rows.filter(holds).map(({ exhibit }) => exhibit);
  const honest = new Set(
    undetectable
      .filter((scene) => runScenario(scene.data).verdict === 'violated')
      .flatMap(({ data }) => data.faults.map(({ fault }) => fault.type)),
  );
  const properties = [...allProperties.map(({ name }) => name), 'determinism'];
  return [
    { title: 'property', lines: properties.map((name) => ({ name, red: redBy(({ caughtBy }) => caughtBy.includes(name)) })) },
    {
      title: 'fault kind',
      lines: Object.keys(faultKinds).map((name) => ({
        name,
        red: [
          ...redBy(({ kinds }) => kinds.includes(name)),
          ...(honest.has(name as never) ? ['the honest node, kept correct'] : []),
        ],
      })),
    },
    {
      title: `recovery row (${unreachable} by its own tests)`,
      lines: recoveryRows.map((name) => ({ name, red: redBy(({ rows: met }) => met.includes(name)) })),
    },
    {
      title: 'rule',
      lines: [...new Set(rows.map(({ rule }) => rule))].map((name) => ({ name, red: redBy(({ rule }) => rule === name) })),
    },
    { title: 'exhibit', lines: rows.map(({ exhibit, caughtBy }) => ({ name: exhibit, red: caughtBy })) },
  ];
}

function matrixText(sections: readonly Section[], paint: Paint): string {
  return sections
    .flatMap(({ title, lines }) => [
      `${title}`,
      ...lines.map(
        ({ name, red }) => `  ${name.padEnd(44)} ${red.length === 0 ? paint.bad('nothing turns it red') : red.join(', ')}`,
      ),
      '',
    ])
    .join('\n');
}

function markdown(rows: readonly MuseumRow[]): string {
  const { violated, runs } = honestOf(rows);
  return [
    '# The museum',
    '',
    'Broken nodes, each an honest one with one part replaced, each with the real-world bug it stands for. A checker that cannot fail proves',
    'nothing: every exhibit must be red by the properties it names. Generated by `npx lazurite museum --markdown > docs/museum.md`.',
    '',
    `The honest node in the same scenes and seeds: ${runs} runs, ${violated} violated.`,
    '',
    '| exhibit | the bug | source | rule | caught by | crash points | fuzz | random kills | smallest |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ exhibit, bug, source, rule, caughtBy, runs: first, smallest }) =>
        `| \`${exhibit}\` | ${bug} | ${source} | ${rule} | ${caughtBy.join(', ')} | ${shown(first.crashpoints)} | ${shown(first.fuzz)} | ${shown(first.random)} | ${smallest.faults} faults, ${smallest.nodes} nodes |`,
    ),
    '',
    'The three numbers are deaths or seeds until the first catch; `-`: not caught within the bound (all deaths of one node at one height; 100',
    'seeds).',
  ].join('\n');
}
