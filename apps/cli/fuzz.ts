/** `fuzz`: many seeds, each with a fault plan drawn within the bound; the first failure of each property is shrunk and kept. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { drawnCase, type FuzzMode, failureOf, minimize, runFailure, sizeOf } from '../../campaigns/index.ts';
import { type Duration, formatToken, milliseconds, runScenario, type ScenarioData, scenarioHash } from '../../scenarios/index.ts';
import { marksNamed } from '../../scenarios/names.ts';
import { alterationOf } from '../../scenarios/runner.ts';
import { keepFailure, keptFor } from './failures.ts';
import { jobCount, listOf, seedNumber, shardOf, wholeNumber } from './flags.ts';
import { fuzzCases } from './fuzz-cases.ts';
import { type FuzzFailure, type FuzzTask, type FuzzUnit, fuzzUnit } from './fuzz-unit.ts';
import { Interruption, interruptedExit } from './interruption.ts';
import { loadScenario } from './load-scenario.ts';
import { lostUnit } from './lost-units.ts';
import { packaged } from './packaged.ts';
import { inOrder } from './pool.ts';
import { type Again, type Campaign, type Found, fuzzJson, fuzzText, isRed, type Outcome } from './print-fuzz.ts';
import { Progress } from './progress.ts';
import { type ReportFlags, report, reportOptions } from './report.ts';
import type { Paint } from './terminal.ts';

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

/** Seeds of one unit: small enough that a lost worker costs little. */
const unitSeeds = 10;
const hangMs = 120_000;

export function fuzzCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  const command = program
    .command('fuzz')
    .description('many seeds, each with a random fault plan within the bound; failures are shrunk and kept')
    .argument('[file]', 'a scenario file: its cast and environment (default: four validators)')
    .option('--runs <n>', 'how many seeds', wholeNumber, 300)
    .option('--for <duration>', 'as many seeds as fit, such as 2m')
    .option('--seed <n>', 'the first seed (default: random, and printed)', seedNumber)
    .option('--jobs <n>', 'worker threads', jobCount, availableParallelism())
    .option('--shard <i/n>', 'one part of the seeds', shardOf)
    .option('--break <exhibit>', 'a broken node instead of the honest one')
    .option('--around', "keep the scenario's own scripts and faults, and draw what every node survives on top")
    .option(
      '--must-reach <marks>',
      'marks that some run must come by, by name, all of one part (wal), or all; commas between',
      listOf,
      [],
    )
    .option('--no-shrink', 'report failures as they were drawn')
    .option('--no-progress', 'no line that says how far it is')
    .option('--json', 'for machines');
  reportOptions(command).action(async (given: string | undefined, flags: Flags) => {
    const file = given ?? packaged('scenarios/yaml/four-validators.yaml');
    const { data } = await loadScenario(file);
    // A misspelt name is told here, before any worker starts.
    alterationOf(flags.break, data.protocol);
    const wanted = marksNamed(flags.mustReach, data.protocol);
    const first = flags.seed ?? Math.floor(Math.random() * 1_000_000_000);
    const started = performance.now();
    const interruption = new Interruption();
    const again = tryAgain(data, flags.break, interruption);
    const units = seedUnits(first, flags);
    const isEmpty = units.length === 0;
    const campaign = await run(file, data, units, flags, interruption);
    const found = foundIn(data, campaign, flags, interruption);
    campaign.isInterrupted = interruption.isInterrupted;
    if (isEmpty) process.stderr.write(`no seed matched: ${nothingMatched(flags)}\n`);
    const missed = isEmpty ? [] : wanted.filter((mark) => campaign.marks[mark] === undefined);
    const outcome = { first, campaign, found, again, missed };
    const ms = Math.round(performance.now() - started);
    const hasReported = report(fuzzCases(data, file, outcome, flags.break, ms), flags, print);
    if (flags.json === true) print(JSON.stringify(fuzzJson(outcome), null, 1));
    else if (!hasReported) print(fuzzText(data.name, outcome, paint));
    process.exitCode = isEmpty && !isRed(outcome) ? 4 : exitOf(outcome);
  });
}

function exitOf(outcome: Outcome): number {
  const { isInterrupted, undecided, lost } = outcome.campaign;
  if (isInterrupted) return interruptedExit;
  if (isRed(outcome)) return 1;
  return undecided.length + lost.length > 0 ? 3 : 0;
}

/** Failures that were kept are tried first. */
function tryAgain(data: ScenarioData, exhibit: string | undefined, interruption: Interruption): readonly Again[] {
  return keptFor(data.name, exhibit).flatMap(({ token, failure }) => {
    const run = interruption.attempt(() => runFailure(failure, false));
    return run === undefined ? [] : [{ token, stillFails: run.verdict === 'violated', properties: failure.properties }];
  });
}

async function run(
  file: string,
  data: ScenarioData,
  units: readonly (readonly number[])[],
  flags: Flags,
  interruption: Interruption,
): Promise<Campaign> {
  const campaign: Campaign = {
    runs: 0,
    deaths: 0,
    heights: 0,
    marks: {},
    kinds: {},
    failures: [],
    undecided: [],
    lost: [],
    isInterrupted: false,
  };
  const deadline = flags.for === undefined ? undefined : performance.now() + milliseconds(flags.for as Duration);
  const total = deadline === undefined ? flags.runs : undefined;
  const progress = new Progress(flags.progress);
  const loaded = flags.jobs === 1 ? { data } : {};
  const tasks = units.map((seeds): FuzzTask => ({ file, ...loaded, exhibit: flags.break, mode: modeOf(flags), seeds }));
  const worker = { file: 'fuzz-unit', name: 'fuzzUnit', local: fuzzUnit } as const;
  const how = { jobs: flags.jobs, hangMs, interruption };
  for await (const { task, result, error } of inOrder<FuzzTask, FuzzUnit>(tasks, worker, how)) {
    if (result === undefined) {
      campaign.lost.push(lostUnit(`seeds ${task.seeds[0]} to ${task.seeds.at(-1)}`, error));
    } else add(campaign, result);
    progress.show(campaign.runs, total, 'runs');
    if (deadline !== undefined && performance.now() > deadline) break;
  }
  progress.end();
  return campaign;
}

function nothingMatched({ runs, shard }: Flags): string {
  if (runs === 0 || shard === undefined) return '--runs 0';
  const units = Math.ceil(runs / unitSeeds);
  return `${runs} seeds are ${units} unit(s) of ${unitSeeds}, and none is in shard ${shard.index} of ${shard.of}`;
}

/** A campaign that ends by time is given more seeds than it will come to. */
const endless = 10_000_000;

function seedUnits(first: number, { runs: wanted, for: duration, shard }: Flags): readonly (readonly number[])[] {
  const runs = duration === undefined ? wanted : endless;
  const units: number[][] = [];
  const count = Math.ceil(runs / unitSeeds);
  for (let unit = 0; unit < count; unit += 1) {
    if (shard !== undefined && unit % shard.of !== shard.index - 1) continue;
    const from = first + unit * unitSeeds;
    units.push(Array.from({ length: Math.min(unitSeeds, runs - unit * unitSeeds) }, (_, index) => from + index));
  }
  return units;
}

function add(campaign: Campaign, unit: FuzzUnit): void {
  campaign.runs += unit.runs;
  campaign.deaths += unit.deaths;
  campaign.heights += unit.heights;
  for (const [name, count] of Object.entries(unit.marks)) campaign.marks[name] = (campaign.marks[name] ?? 0) + count;
  for (const [name, count] of Object.entries(unit.kinds)) campaign.kinds[name] = (campaign.kinds[name] ?? 0) + count;
  campaign.failures.push(...unit.failures);
  campaign.undecided.push(...unit.undecided);
}

function modeOf({ around }: Flags): FuzzMode {
  return around === true ? 'around' : 'fuzz';
}

/** The first failure of each property, shrunk and kept; as it was drawn where Ctrl-C came before. */
function foundIn(data: ScenarioData, { failures }: Campaign, flags: Flags, interruption: Interruption): readonly Found[] {
  const names = [...new Set(failures.flatMap(({ properties }) => properties.map(({ name }) => name)))];
  const exhibit = flags.break === undefined ? {} : { exhibit: flags.break };
  const mode = modeOf(flags);
  return names.map((property): Found => {
    const all = failures.filter(({ properties }) => properties.some(({ name }) => name === property));
    const { seed, properties } = all[0] as FuzzFailure;
    const message = properties.find(({ name }) => name === property)?.message ?? '';
    const token = formatToken({ scenario: scenarioHash(data), seed, variant: undefined, exhibit: flags.break, what: mode });
    const base = { property, message, token, seed, count: all.length };
    const minimized = flags.shrink
      ? interruption.attempt(() => minimize(drawnCase[mode](data, seed), exhibit, property))
      : undefined;
    if (minimized === undefined) return { ...base, shrunk: undefined };
    const smallest = { ...minimized.data, description: `Breaks ${property}; shrunk from ${token}.` };
    const kept = failureOf(smallest, exhibit, runScenario(smallest, exhibit), property, token);
    const { tries, isMinimal } = minimized;
    return { ...base, message: kept.message, shrunk: { token: keepFailure(kept), ...sizeOf(minimized.data), tries, isMinimal } };
  });
}
