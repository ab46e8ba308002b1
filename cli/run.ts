/** `run`: scenario files, in workers if asked, printed in the order of the files whatever order they end in. */
import type { Command } from 'commander';
import { jobCount, wholeNumber } from './flags.ts';
import { loadScenario, scenarioFiles } from './load-scenario.ts';
import { inOrder } from './pool.ts';
import { type Paint, runJson, runText, totalsOf } from './print-run.ts';
import { Progress } from './progress.ts';
import { type RunDone, type RunTask, runOne } from './run-one.ts';

interface RunFlags {
  readonly seed?: number;
  readonly variant?: string;
  readonly grep?: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly trace?: boolean;
  readonly bail?: boolean;
  readonly progress: boolean;
}

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
    .option('--no-progress', 'no line that says how far it is')
    .action(async (paths: readonly string[], flags: RunFlags) => {
      const tasks = await tasksOf(paths, flags);
      if (tasks.length === 0) {
        process.stderr.write('no scenario matched\n');
        process.exitCode = 4;
        return;
      }
      const done: RunDone[] = [];
      const worker = { file: 'run-one', name: 'runOne', local: runOne };
      const progress = new Progress(flags.progress && flags.json === true);
      for await (const { result: one, error } of inOrder<RunTask, RunDone>(tasks, worker, { jobs: flags.jobs })) {
        if (one === undefined) throw error;
        done.push(one);
        progress.show(done.length, tasks.length, 'runs');
        if (flags.json !== true) print(runText(one.run, paint));
        for (const line of one.trace) print(line);
        if (flags.bail === true && !one.run.asExpected) break;
      }
      progress.end();
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
