/** `run`: scenario files, in workers if asked, printed in the order of the files whatever order they end in. */

import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { nanoid } from 'nanoid';
import { failureOf } from '../../campaigns/index.ts';
import { type Duration, type ScenarioData, ScenarioError } from '../../scenarios/index.ts';
import { variantNamed } from '../../scenarios/runner.ts';
import { didYouMean } from '../../scenarios/spelling.ts';
import { shown, visible } from '../output/escape.ts';
import { say } from '../output/standard-error.ts';
import { orNote, tryToWrite, writeWhole } from '../output/write-whole.ts';
import { exitCodeOf } from './exit-code.ts';
import { delayRange, endTime, jobCount, seedNumber, seedRange, wholeNumber } from './flags.ts';
import { Interruption, interruptedText } from './interruption.ts';
import { loadScenario, scenarioFiles } from './load-scenario.ts';
import { type Lost, lostText, lostUnit } from './lost-units.ts';
import { inOrder } from './pool.ts';
import { runJson, runText, totalsOf } from './print-run.ts';
import { Progress } from './progress.ts';
import { type ReportFlags, report, reportOptions, tryReports } from './report.ts';
import { type Case, openCase } from './report-formats.ts';
import { type RunDone, type RunTask, runUnit, traceRun } from './run-unit.ts';
import type { Paint, Print } from './terminal.ts';
import { watchAndRun } from './watch.ts';

interface RunFlags extends ReportFlags {
  readonly seed?: number;
  readonly seeds?: readonly number[];
  readonly delay?: readonly [Duration, Duration];
  readonly variant?: string;
  readonly grep?: string;
  readonly until?: ScenarioData['until'];
  readonly validators?: number;
  readonly crash?: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly level: Level;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly trace?: boolean;
  readonly maxSteps?: number;
  readonly bail?: boolean;
  readonly watch?: boolean;
  readonly record?: string;
  readonly progress: boolean;
}

/** A run among several that takes longer hangs. */
const hangMs = 1_200_000;

const levels = ['quiet', 'normal', 'wal', 'all'] as const;
type Level = (typeof levels)[number];

function levelOf({ level, quiet, verbose, trace }: RunFlags): Level {
  if (verbose === true || trace === true) return 'all';
  return quiet === true ? 'quiet' : level;
}

/** `wal`: what concerns logs, deaths and returns. */
function traceOf(level: Level): 'none' | 'wal' | 'all' {
  return level === 'all' || level === 'wal' ? level : 'none';
}

export function runCommand(program: Command, print: Print, paint: Paint): void {
  const command = program
    .command('run', { isDefault: true })
    .description('run scenario files, or all of a folder; without a path, a cluster made by --validators and --crash')
    .argument('[path...]', 'scenario files or folders')
    .option('--seed <n>', 'another seed than the scenario names', seedNumber)
    .addOption(new Option('--seeds <range>', 'each of these seeds in turn, such as 1-10').argParser(seedRange).conflicts('seed'))
    .option('--delay <range>', 'other delays of messages than the scenario names, such as 1ms..25ms (or one delay)', delayRange)
    .option('--variant <name>', 'one variant only')
    .option('--grep <text>', 'scenarios whose name or file holds this text')
    .option('--until <end>', 'another end than the scenario names: 30s, h:8 or h:8/r:2', endTime)
    .option('--validators <n>', 'without a path: how many validators, A, B, C, ...', wholeNumber)
    .option('--crash <point>', 'without a path: a crash point at which a node loses power, such as B@1.0/wal.flush~1:before')
    .option('--jobs <n>', 'worker threads', jobCount, 1)
    .option('--json', 'the result for machines')
    .addOption(new Option('--level <level>', 'how much is told of each run').choices(levels).default('normal'))
    .option('-q, --quiet', 'only what was not as expected, and the totals (--level quiet)')
    .option('-v, --verbose', 'every event of each run (--level all)')
    .option('--trace', 'the same')
    .option('--max-steps <n>', 'give a run up as undecided after so many deliveries', wholeNumber)
    .option('--bail', 'stop at the first surprise')
    .option('--record <file>', 'keep the one run as a file for replay, view, why and diff, with an id of its own')
    .option('--watch', 'run again whenever a file beside the scenarios changes')
    .option('--no-progress', 'no line that says how far it is');
  reportOptions(command).action(async (paths: readonly string[], flags: RunFlags) => {
    if (flags.watch === true) {
      watchAndRun(paths);
      return;
    }
    refuseMisspelt(program, paths);
    tryReports(flags);
    const tasks = await tasksOf(paths, flags);
    if (flags.record !== undefined) refuseRecord(flags.record, tasks.length);
    if (tasks.length === 0) {
      say('no scenario matched');
      process.exitCode = 4;
      return;
    }
    const trace = traceOf(levelOf(flags));
    const isPrinted = flags.json !== true && flags.reporter === undefined;
    const done: RunDone[] = [];
    const lost: Lost[] = [];
    const isSingle = tasks.length === 1;
    const progress = new Progress(flags.progress && (isSingle || !isPrinted));
    const local = (task: RunTask): Promise<() => RunDone> =>
      isSingle ? runUnit(task, (seconds) => progress.show(seconds, undefined, 's of virtual time')) : runUnit(task);
    const worker = { file: 'run-unit', name: 'runUnit', local } as const;
    const interruption = new Interruption();
    // One run alone keeps nobody waiting: it may take as long as it takes.
    const how = { jobs: flags.jobs, interruption, ...(isSingle ? {} : { hangMs }) };
    for await (const { task, result: one, error } of inOrder<RunTask, RunDone>(tasks, worker, how)) {
      if (one === undefined) {
        lost.push(lostUnit(nameOf(task), error));
        if (flags.bail === true) break;
        continue;
      }
      done.push(one);
      if (isSingle) progress.end();
      else progress.show(done.length, tasks.length, 'runs');
      if (isPrinted && !(levelOf(flags) === 'quiet' && one.run.asExpected)) print(runText(shown(one.run), paint));
      if (isPrinted && trace !== 'none') await traceRun(task, trace, (line) => print(visible(line)));
      if (flags.bail === true && !one.run.asExpected) break;
    }
    progress.end();
    const { isInterrupted } = interruption;
    const interrupted = interruptedText(done.length, tasks.length, 'runs');
    const open = [...lost.map(({ unit, error }) => `lost: ${unit}: ${error}`), ...(isInterrupted ? [interrupted] : [])];
    const runs = done.map(({ run }) => run);
    const surprises = runs.filter(({ asExpected }) => !asExpected);
    // A step or fault that did nothing weighs more than what is undecided because of it.
    const isViolated = surprises.some((run) => run.complaints.some((complaint) => !run.open.includes(complaint)));
    process.exitCode = exitCodeOf({ isInterrupted, isViolated, isUndecided: surprises.length + lost.length > 0 });
    if (flags.json === true) print(JSON.stringify(runJson(done, { isInterrupted, lost }), null, 1));
    else if (flags.reporter === undefined) {
      const { runs: all, asExpected, deaths, votesRestored } = totalsOf(runs);
      print(`\n${asExpected} of ${all} runs as expected; ${deaths} deaths, ${votesRestored} votes restored by replay`);
      if (lost.length > 0) print(paint.bad(lostText(lost)));
      if (isInterrupted) print(paint.bad(interrupted));
    }
    report([...done.map(caseOf), ...open.map(openCase)], flags, print);
    const [one] = done;
    if (flags.record !== undefined && one !== undefined && !isInterrupted) keepRecord(flags.record, one);
  });
}

/** `run` is what is done without a command, so a misspelt command is taken for a path. */
function refuseMisspelt(program: Command, [path = '']: readonly string[]): void {
  const meant = didYouMean(
    path,
    program.commands.map((command) => command.name()),
  );
  if (meant !== '' && /^[a-z-]+$/.test(path) && !existsSync(path))
    throw new ScenarioError(`no command and no file is called '${path}'${meant}`);
}

function nameOf({ file, variant, seed }: RunTask): string {
  const of = variant === undefined ? file : `${file}, variant '${variant}'`;
  return seed === undefined ? of : `${of}, seed ${seed}`;
}

function caseOf({ file, run, ms, token }: RunDone): Case {
  const { scenario: suite, variant, verdict, asExpected, complaints } = run;
  return { suite, name: variant ?? 'as written', verdict, isRight: asExpected, message: complaints.join('; '), file, ms, token };
}

/**
 * Writes the record of one run: its scenario and its hash, so that a reader can run it again, and an id. Two records of the same run
 * have the same hash and different ids.
 */
function keepRecord(file: string, one: RunDone): void {
  const { data, variant, exhibit } = one.run;
  const isVariant = data.variants.some(({ name }) => name === variant);
  const options = isVariant && variant !== null ? { variant } : exhibit === undefined ? {} : { exhibit };
  const id = nanoid();
  const text = `${JSON.stringify({ id, ...failureOf(data, options, one.run, '') }, null, 1)}\n`;
  if (orNote(() => writeWhole(file, text))) say(`written: ${file}, record ${id}`);
}

/** Before the run. Throws `ScenarioError` where there will be no such file. */
function refuseRecord(file: string, runs: number): void {
  if (runs > 1)
    throw new ScenarioError(`--record ${file}: it keeps one run, and these are ${runs}; choose by --variant or --grep`);
  if (existsSync(file)) throw new ScenarioError(`${file} exists; give another name`);
  tryToWrite(file);
}

async function tasksOf(paths: readonly string[], flags: RunFlags): Promise<readonly RunTask[]> {
  const common = {
    ...(flags.maxSteps === undefined ? {} : { maxSteps: flags.maxSteps }),
    ...(flags.delay === undefined ? {} : { delay: flags.delay }),
    ...(flags.until === undefined ? {} : { until: flags.until }),
  };
  if (paths.length === 0) {
    const plain = { file: '', plain: clusterOf(flags), ...common };
    return (flags.seeds ?? [flags.seed]).map((seed) => (seed === undefined ? plain : { ...plain, seed }));
  }
  const tasks: RunTask[] = [];
  for (const file of scenarioFiles(paths)) {
    const { data } = await loadScenario(file);
    if (flags.grep !== undefined && !data.name.includes(flags.grep) && !file.includes(flags.grep)) continue;
    const names = flags.variant === undefined ? data.variants.map(({ name }) => name) : [flags.variant];
    // A wrong name is told here, before any worker starts.
    if (flags.variant !== undefined) variantNamed(data, flags.variant);
    const own = { file, ...common, ...(flags.jobs === 1 ? { data } : {}) };
    const variants = names.length === 0 ? [own] : names.map((variant) => ({ ...own, variant }));
    for (const seed of flags.seeds ?? [flags.seed])
      tasks.push(...variants.map((task) => (seed === undefined ? task : { ...task, seed })));
  }
  return tasks;
}

/** `run --validators 4 --crash B@1.0/wal.flush~1:before`: no file at all. */
function clusterOf({ validators = 4, crash }: RunFlags): NonNullable<RunTask['plain']> {
  if (crash === undefined)
    throw new ScenarioError(
      'give a scenario file or a folder, or a crash point: run --validators 4 --crash B@1.0/wal.flush~1:before',
    );
  return { validators, crash };
}
