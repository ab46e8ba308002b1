/** The command `fuzz`. It runs many seeds, each with a drawn environment and a fault plan within the bound, and shrinks and keeps the first failure of each property. */
import type { Command } from 'commander';
import {
  corpusOf,
  drawnRuns,
  type Failure,
  type FuzzMode,
  findingsIn,
  mergeFuzz,
  nothingRun,
  runFailure,
} from '../../campaigns/index.ts';
import { type Duration, milliseconds, type ScenarioData } from '../../scenarios/index.ts';
import { alterationOf } from '../../scenarios/runner.ts';
import { shown, visible } from '../output/escape.ts';
import { say } from '../output/standard-error.ts';
import { coverageOf, missedIn, wantedOf } from './coverage.ts';
import { exitCodeOf } from './exit-code.ts';
import { keepFailures, keptFor, tokenOf } from './failures.ts';
import { jobsOption, listOf, seedNumber, shardOf, wholeNumber } from './flags.ts';
import { fuzzCases } from './fuzz-cases.ts';
import { type FuzzTask, fuzzWorker } from './fuzz-unit.ts';
import { Interruption } from './interruption.ts';
import { loadScenario, registerBroken } from './load-scenario.ts';
import { type Lost, lostUnit } from './lost-units.ts';
import { notUsedByFuzz } from './not-used.ts';
import { packaged } from './packaged.ts';
import { inOrder } from './pool.ts';
import { type Again, type Campaign, type Found, fuzzJson, fuzzText, isIdle, isRed, type Outcome } from './print-fuzz.ts';
import { Progress } from './progress.ts';
import { type ReportFlags, report, reportOptions, tryReports } from './report.ts';
import type { Paint, Print } from './terminal.ts';

interface Flags extends ReportFlags {
  readonly runs: number;
  readonly for?: string;
  readonly seed?: number;
  readonly jobs: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly break?: string;
  readonly around?: boolean;
  readonly mustReach: readonly string[];
  readonly shrink: boolean;
  readonly progress: boolean;
  readonly json?: boolean;
}

/** The number of seeds in one unit of work. It is small, so that a lost worker costs little. */
const unitSeeds = 10;

export function fuzzCommand(program: Command, print: Print, paint: Paint): void {
  const command = program
    .command('fuzz')
    .description('many seeds, each with a random fault plan within the bound; failures are shrunk and kept')
    .argument('[file]', 'a scenario file: its nodes and environment (default: these are drawn from each seed)')
    .option('--runs <n>', 'how many seeds', wholeNumber, 300)
    .option('--for <duration>', 'as many seeds as fit, such as 2m')
    .option('--seed <n>', 'the first seed (default: random, and printed)', seedNumber)
    .addOption(jobsOption())
    .option('--shard <i/n>', 'one part of the seeds', shardOf)
    .option('--break <exhibit>', 'a broken node instead of the honest one, or a file that brings one, such as ./mine.ts')
    .option('--around', "keep the scenario's own scripts and faults, and draw what every node survives on top")
    .option(
      '--must-reach <marks>',
      'marks that some run must come by, by name, all of one part (wal), or all; pairs such as crash+node.halted, or pairs for all; commas between',
      listOf,
      [],
    )
    .option('--no-shrink', 'report failures as they were drawn')
    .option('--no-progress', 'no line that says how far it is')
    .option('--json', 'for machines');
  reportOptions(command).action(async (given: string | undefined, flags: Flags) => {
    const file = given ?? packaged('scenarios/yaml/four-validators.yaml');
    tryReports(flags);
    const { data } = await loadScenario(file);
    const mode = flags.around === true ? 'around' : given === undefined ? 'environments' : 'fuzz';
    // A misspelt name is reported here, before any worker starts.
    await registerBroken(flags.break);
    alterationOf(flags.break, data.protocol);
    const wanted = wantedOf(flags.mustReach, data, mode === 'environments');
    const first = flags.seed ?? Math.floor(Math.random() * 1_000_000_000);
    const started = performance.now();
    const interruption = new Interruption();
    const again = await tryAgain(data, flags.break, interruption);
    const units = seedUnits(first, mode, flags);
    const isEmpty = units.drawn.length + units.steered.length === 0;
    const ended = await run(file, data, units, mode, flags, interruption);
    const { found, failures } = foundIn(data, ended, mode, flags, interruption);
    const campaign = { ...ended, isInterrupted: interruption.isInterrupted };
    if (isEmpty) say(`no seed matched: ${nothingMatched(flags)}`);
    const missed = isEmpty ? [] : missedIn(campaign, wanted);
    const idle = campaign.runs > 0 && !campaign.exhibitActed ? flags.break : undefined;
    const outcome = { first, campaign, found, again, missed, idle, coverage: coverageOf(campaign, data.protocol) };
    const ms = Math.round(performance.now() - started);
    process.exitCode = exitOf(outcome, isEmpty);
    const cases = fuzzCases(data, file, outcome, flags.break, ms);
    if (flags.json === true) print(JSON.stringify(fuzzJson(outcome), null, 1));
    else if (flags.reporter === undefined) {
      print(fuzzText(visible(data.name), shown(outcome), paint));
      const left = given === undefined ? undefined : notUsedByFuzz(data, mode === 'around');
      if (left !== undefined) print(paint.dim(left));
    }
    report(cases, flags, print);
    keepFailures(failures);
  });
}

function exitOf(outcome: Outcome, isEmpty: boolean): number {
  const { isInterrupted, undecided, lost } = outcome.campaign;
  const isUndecided = undecided.length + lost.length > 0 || outcome.idle !== undefined || isIdle(outcome);
  return exitCodeOf({ isInterrupted, isViolated: isRed(outcome), isUndecided, isEmpty });
}

/** Runs the failures again that earlier campaigns have kept. */
async function tryAgain(data: ScenarioData, exhibit: string | undefined, interruption: Interruption): Promise<readonly Again[]> {
  const kept = await keptFor(data.name, exhibit);
  return kept.flatMap(({ token, failure }) => {
    const run = interruption.attempt(() => runFailure(failure, false));
    return run === undefined ? [] : [{ token, stillFails: run.verdict === 'violated', properties: failure.properties }];
  });
}

async function run(
  file: string,
  data: ScenarioData,
  units: Units,
  mode: FuzzMode,
  flags: Flags,
  interruption: Interruption,
): Promise<Campaign> {
  let counts = nothingRun;
  const lost: Lost[] = [];
  const started = performance.now();
  const mostMs = flags.for === undefined ? undefined : milliseconds(flags.for as Duration);
  const total = mostMs === undefined ? flags.runs : undefined;
  const progress = new Progress(flags.progress);
  const loaded = flags.jobs === 1 ? { data } : {};
  const how = { jobs: flags.jobs, hangMs: fuzzWorker.hangMs, interruption };
  const work = async (all: Units['drawn'], corpus: readonly number[], share: number): Promise<void> => {
    const tasks = all.map((seeds): FuzzTask => ({ file, ...loaded, exhibit: flags.break, mode, seeds, corpus }));
    for await (const { task, result, error } of inOrder(tasks, fuzzWorker, how)) {
      if (result === undefined) {
        lost.push(lostUnit(`seeds ${task.seeds[0]} to ${task.seeds.at(-1)}`, error));
      } else counts = mergeFuzz(counts, result);
      progress.show(counts.runs, total, 'runs');
      if (mostMs !== undefined && performance.now() - started > mostMs * share) break;
    }
  };
  await work(units.drawn, [], units.steered.length > 0 ? 1 / 2 : 1);
  if (!interruption.isInterrupted) await work(units.steered, corpusOf(counts.pairs), 1);
  progress.end();
  return { ...counts, lost, isInterrupted: interruption.isInterrupted };
}

function nothingMatched({ runs, shard }: Flags): string {
  if (runs === 0 || shard === undefined) return '--runs 0';
  return `${runs} seeds are units of up to ${unitSeeds}, and none of these is in shard ${shard.index} of ${shard.of}`;
}

/** The number of seeds of a campaign that ends by time: more than it can run. */
const endless = 10_000_000;

interface Units {
  /** Seeds that are drawn independently. */
  readonly drawn: readonly (readonly number[])[];
  /** Seeds whose runs vary rare ones of those. */
  readonly steered: readonly (readonly number[])[];
}

function seedUnits(first: number, mode: FuzzMode, { runs: wanted, for: duration, shard }: Flags): Units {
  const runs = duration === undefined ? wanted : endless;
  const drawn = drawnRuns(runs, mode);
  const unitsOf = (from: number, to: number): Units['drawn'] =>
    Array.from({ length: Math.ceil((to - from) / unitSeeds) }, (_unit, index) => {
      const begin = from + index * unitSeeds;
      return Array.from({ length: Math.min(unitSeeds, to - begin) }, (_seed, place) => first + begin + place);
    }).filter((_unit, index) => shard === undefined || index % shard.of === shard.index - 1);
  return { drawn: unitsOf(0, drawn), steered: unitsOf(drawn, runs) };
}

/** The first failure of each property, shrunk. After Ctrl-C it stays as it was drawn. `failures`: the failures to keep. */
function foundIn(
  data: ScenarioData,
  campaign: Campaign,
  mode: FuzzMode,
  flags: Flags,
  interruption: Interruption,
): { readonly found: readonly Found[]; readonly failures: readonly Failure[] } {
  const options = { mode, shrink: flags.shrink, ...(flags.break === undefined ? {} : { exhibit: flags.break }) };
  const findings = findingsIn(data, campaign.failures, options, (act) => interruption.attempt(act));
  const found = findings.map(({ shrunk, ...finding }): Found => {
    if (shrunk === undefined) return { ...finding, shrunk };
    const { failure, ...size } = shrunk;
    return { ...finding, shrunk: { token: tokenOf(failure), ...size } };
  });
  return { found, failures: findings.flatMap(({ shrunk }) => (shrunk === undefined ? [] : [shrunk.failure])) };
}
