/** `run`: scenario files, in workers if asked, printed in the order of the files whatever order they end in. */
import { type Command, InvalidArgumentError } from 'commander';
import { Piscina } from 'piscina';
import { loadScenario, scenarioFiles } from './load-scenario.ts';
import { type Paint, runJson, runText, totalsOf } from './print-run.ts';
import { type RunDone, type RunTask, runOne } from './run-one.ts';

interface RunFlags {
  readonly seed?: number;
  readonly variant?: string;
  readonly grep?: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly trace?: boolean;
  readonly bail?: boolean;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('give a whole number from 0 on');
  return value;
};

const jobCount = (text: string): number => {
  const value = wholeNumber(text);
  if (value < 1 || value > 64) throw new InvalidArgumentError('give a number of workers from 1 to 64');
  return value;
};

export function runCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('run', { isDefault: true })
    .description('run scenario files, or all of a folder')
    .argument('<path...>', 'scenario files or folders')
    .option('--seed <n>', 'another seed than the scenario names', wholeNumber)
    .option('--variant <name>', 'one variant only')
    .option('--grep <text>', 'scenarios whose name or file holds this text')
    .option('--jobs <n>', 'worker threads', jobCount, 1)
    .option('--json', 'the result for machines')
    .option('--trace', 'print the events of each run')
    .option('--bail', 'stop at the first surprise')
    .action(async (paths: readonly string[], flags: RunFlags) => {
      const tasks = await tasksOf(paths, flags);
      if (tasks.length === 0) {
        process.stderr.write('no scenario matched\n');
        process.exitCode = 4;
        return;
      }
      const done: RunDone[] = [];
      for await (const one of results(tasks, flags.jobs)) {
        done.push(one);
        if (flags.json !== true) print(runText(one.run, paint));
        for (const line of one.trace) print(line);
        if (flags.bail === true && !one.run.asExpected) break;
      }
      const runs = done.map(({ run }) => run);
      if (flags.json === true) print(JSON.stringify(runJson(done), null, 1));
      else {
        const { runs: all, asExpected, deaths, votesRestored } = totalsOf(runs);
        print(`\n${asExpected} of ${all} runs as expected; ${deaths} deaths, ${votesRestored} votes restored by replay`);
      }
      const surprises = runs.filter(({ asExpected }) => !asExpected);
      process.exitCode = surprises.length === 0 ? 0 : surprises.every(({ verdict }) => verdict === 'undecided') ? 3 : 1;
    });
}

async function tasksOf(paths: readonly string[], flags: RunFlags): Promise<readonly RunTask[]> {
  const tasks: RunTask[] = [];
  for (const file of scenarioFiles(paths)) {
    const { data } = await loadScenario(file);
    if (flags.grep !== undefined && !data.name.includes(flags.grep) && !file.includes(flags.grep)) continue;
    const names = flags.variant === undefined ? data.variants.map(({ name }) => name) : [flags.variant];
    const common = { file, trace: flags.trace === true, ...(flags.seed === undefined ? {} : { seed: flags.seed }) };
    if (names.length === 0) tasks.push(common);
    else for (const variant of names) tasks.push({ ...common, variant });
  }
  return tasks;
}

/** In the order of the tasks. A worker that fails rejects its own task, with its error. */
async function* results(tasks: readonly RunTask[], jobs: number): AsyncGenerator<RunDone> {
  if (jobs === 1) {
    for (const task of tasks) yield await runOne(task);
    return;
  }
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = new Piscina({
    filename: new URL(`./run-one.${extension}`, import.meta.url).href,
    name: 'runOne',
    maxThreads: jobs,
  });
  try {
    const running = tasks.map((task) => pool.run(task) as Promise<RunDone>);
    // A later failure must not count as unhandled while an earlier result is awaited.
    for (const one of running) one.catch(() => undefined);
    for (const one of running) yield await one;
  } finally {
    await pool.destroy();
  }
}
