/** `run`: scenario files, in workers if asked, printed in the order of the files, also if they end in another. */

import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { nanoid } from 'nanoid';
import { failureOf } from '../../campaigns/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { traceLines } from '../../scenarios/trace-text.ts';
import { counted } from '../output/counted.ts';
import { shown, visible } from '../output/escape.ts';
import { say } from '../output/standard-error.ts';
import { wrapped } from '../output/wrapped.ts';
import { orNote, tryToWrite, writeWhole } from '../output/write-whole.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { delayRange, endTime, jobCount, seedNumber, seedRange, wholeNumber } from './flags.ts';
import { refuseGuess } from './guesses.ts';
import { Interruption, interruptedText } from './interruption.ts';
import { type Lost, lostText, lostUnit } from './lost-units.ts';
import { inOrder } from './pool.ts';
import { runText } from './print-run.ts';
import { Progress } from './progress.ts';
import { type ReportFlags, report, reportOptions, tryReports } from './report.ts';
import { type Case, openCase } from './report-formats.ts';
import { runJson, totalsOf } from './run-json.ts';
import { type TaskFlags, tasksOf } from './run-tasks.ts';
import { type RunDone, type RunTask, runUnit, traceRun } from './run-unit.ts';
import { type Paint, type Print, terminalWidth } from './terminal.ts';
import { filterOf, traceOptions, windowOf } from './trace-flags.ts';
import { watchAndRun } from './watch.ts';

interface RunFlags extends ReportFlags, TaskFlags {
  readonly json?: boolean;
  readonly level: Level;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly bail?: boolean;
  readonly watch?: boolean;
  readonly record?: string;
  readonly progress: boolean;
}

/** A run among several that takes longer hangs. */
const hangMs = 1_200_000;

const levels = ['quiet', 'normal', 'wal', 'all'] as const;
type Level = (typeof levels)[number];

function levelOf({ level, quiet, verbose }: RunFlags): Level {
  if (verbose === true) return 'all';
  return quiet === true ? 'quiet' : level;
}

/** Prints the events of a run that is over, as many as are asked for. `wal`: what concerns logs, deaths and returns. */
async function printTrace(task: RunTask, run: RunDone['run'], flags: RunFlags, onLine: (line: string) => void): Promise<void> {
  const filter = filterOf(flags);
  const level = levelOf(flags);
  if (filter !== undefined) {
    const window = windowOf(filter, run, onLine);
    await traceRun(task, (event) => window.see(event));
    window.end();
  } else if (level === 'all' || level === 'wal')
    await traceRun(task, (event) => {
      for (const line of traceLines([event], level)) onLine(line);
    });
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
    .option('-v, --verbose', 'the names of what held, and every event of each run (--level all)')
    .option('--max-steps <n>', 'give a run up as undecided after so many deliveries', wholeNumber)
    .option('--bail', 'stop at the first surprise')
    .option('--record <file>', 'keep the one run as a file for replay, view, why and diff, with an id of its own')
    .option('--watch', 'run again whenever a file beside the scenarios changes')
    .option('--no-progress', 'no line that says how far it is');
  reportOptions(traceOptions(command)).action(async (paths: readonly string[], flags: RunFlags) => {
    if (flags.watch === true) {
      watchAndRun(paths);
      return;
    }
    refuseGuess(program, paths);
    tryReports(flags);
    const { tasks, mistakes } = await tasksOf(paths, flags);
    if (tasks.length === 0 && mistakes.length > 0) throw new ScenarioError(mistakes.join('\n'));
    if (flags.record !== undefined) refuseRecord(flags.record, tasks.length);
    if (tasks.length === 0) {
      say('no scenario matched');
      process.exitCode = 4;
      return;
    }
    const level = levelOf(flags);
    const printing = { isFull: level === 'wal' || level === 'all', width: terminalWidth() };
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
      if (isPrinted && !(level === 'quiet' && one.run.asExpected)) print(runText(shown(one.run), paint, printing));
      if (isPrinted) await printTrace(task, one.run, flags, (line) => print(visible(line)));
      if (flags.bail === true && !one.run.asExpected) break;
    }
    progress.end();
    const { isInterrupted } = interruption;
    const interrupted = interruptedText(done.length, tasks.length, 'runs');
    const open = [
      ...mistakes,
      ...lost.map(({ unit, error }) => `lost: ${unit}: ${error}`),
      ...(isInterrupted ? [interrupted] : []),
    ];
    const runs = done.map(({ run }) => run);
    const surprises = runs.filter(({ asExpected }) => !asExpected);
    // A step or fault that did nothing weighs more than what is undecided because of it.
    const isViolated = surprises.some((run) => run.complaints.some((complaint) => !run.open.includes(complaint)));
    const isUndecided = surprises.length + lost.length > 0;
    // What could not be loaded weighs more than what was found in the others.
    const isUsage = mistakes.length > 0 && !isInterrupted;
    process.exitCode = isUsage ? exitCodes.usage : exitCodeOf({ isInterrupted, isViolated, isUndecided });
    if (flags.json === true) print(JSON.stringify(runJson(done, { isInterrupted, lost, mistakes }), null, 1));
    else if (flags.reporter === undefined) {
      const { runs: all, asExpected, deaths, votesRestored } = totalsOf(runs);
      const sum = [counted(deaths, 'death'), `${counted(votesRestored, 'vote')} restored by replay`];
      print(wrapped(`\n${asExpected} of ${all} runs as expected; ${sum.join(', ')}`, terminalWidth()));
      if (lost.length > 0) print(paint.bad(lostText(lost)));
      if (isInterrupted) print(paint.bad(interrupted));
    }
    if (mistakes.length > 0) say(mistakes.join('\n'));
    report([...done.map(caseOf), ...open.map(openCase)], flags, print);
    const [one] = done;
    if (flags.record !== undefined && one !== undefined && !isInterrupted) keepRecord(flags.record, one);
  });
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

/** Before the run. Throws `ScenarioError` if there will be no such file. */
function refuseRecord(file: string, runs: number): void {
  if (!file.endsWith('.json'))
    throw new ScenarioError(`--record ${file}: give a file whose name ends in .json, so that other commands know what is in it`);
  if (runs > 1)
    throw new ScenarioError(`--record ${file}: it keeps one run, and these are ${runs}; choose by --variant or --grep`);
  if (existsSync(file)) throw new ScenarioError(`${file} exists; give another name`);
  tryToWrite(file);
}
