/** `campaign`: a long fuzz campaign with a journal: interrupted it goes on, shared out it adds up, and the digest says that it is the same. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type CampaignTotals, type FuzzCounts, planOf, totalsOf, unitsOf, type WorkUnit } from '../../campaigns/index.ts';
import { CampaignJournal } from '../../runtime/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { shippedProtocols } from '../../scenarios/protocols.ts';
import { alterationOf } from '../../scenarios/runner.ts';
import { exitCodeOf } from './exit-code.ts';
import { jobsOption, seedNumber, shardOf, wholeNumber } from './flags.ts';
import { type FuzzTask, fuzzUnit } from './fuzz-unit.ts';
import { Interruption } from './interruption.ts';
import { loadScenario } from './load-scenario.ts';
import { packaged, packageVersion } from './packaged.ts';
import { inOrder } from './pool.ts';
import { Progress } from './progress.ts';
import type { Paint } from './terminal.ts';

interface Flags {
  readonly runs: number;
  readonly seed: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly break?: string;
  readonly around?: boolean;
  readonly jobs: number;
  readonly units?: number;
  readonly journal?: string;
  readonly json?: boolean;
  readonly progress: boolean;
}

const home = join('.lazurite', 'campaigns');
const hangMs = 120_000;

export function campaignCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  const campaign = program.command('campaign').description('long fuzz campaigns that go on where they were interrupted');
  const working = (command: Command): Command =>
    command
      .addOption(jobsOption())
      .option('--units <n>', 'stop after so many units; `resume` goes on', wholeNumber)
      .option('--no-progress', 'no line that says how far it is')
      .option('--json', 'for machines');
  working(campaign.command('start').description('begin a campaign, or one shard of it'))
    .argument('[file]', 'a scenario file: its cast and environment (default: four validators)')
    .option('--runs <n>', 'how many seeds', wholeNumber, 1000)
    .option('--seed <n>', 'the first seed', seedNumber, 1)
    .option('--shard <i/n>', 'one part of the units', shardOf)
    .option('--break <exhibit>', 'a broken node instead of the honest one')
    .option('--around', "keep the scenario's own scripts and faults, and draw what every node survives on top")
    .option('--journal <folder>', `where its journal goes (default: a new one in ${home})`)
    .action(async (given: string | undefined, flags: Flags) => {
      const { data } = await loadScenario(given ?? packaged('scenarios/yaml/four-validators.yaml'));
      alterationOf(flags.break, data.protocol);
      if (data.protocol !== undefined && !shippedProtocols.includes(data.protocol))
        throw new ScenarioError(
          `a journal holds data alone, and '${data.protocol}' is a protocol of your own; use \`lazurite fuzz\``,
        );
      const kind = flags.around === true ? 'around' : 'fuzz';
      const version = packageVersion();
      const plan = planOf(data, { version, kind, exhibit: flags.break ?? null, first: flags.seed, runs: flags.runs });
      const folder = flags.journal ?? freeName(plan.scenario, flags.shard);
      const shard = flags.shard ?? { index: 1, of: 1 };
      await work(folder, CampaignJournal.create(folder, { plan, data, shard }), flags, print, paint);
    });
  working(campaign.command('resume').description('go on with a campaign that was interrupted'))
    .argument('[folder]', 'its journal (default: the newest)')
    .action(async (given: string | undefined, flags: Flags) => {
      const folder = given ?? newest();
      const journal = CampaignJournal.open(folder);
      const { version } = journal.start.plan;
      if (version !== packageVersion()) {
        journal.close();
        throw new ScenarioError(
          `${folder} is a campaign of version ${version}, and this is ${packageVersion()}: seeds may draw other faults; use that version`,
        );
      }
      await work(folder, journal, flags, print, paint);
    });
  campaign
    .command('report')
    .description('the results of a campaign, or of several shards of one, put together')
    .argument('<folder...>', 'journals')
    .option('--json', 'for machines')
    .action((folders: readonly string[], flags: { readonly json?: boolean }) => {
      report(merged(folders), flags.json === true, print, paint);
    });
}

async function work(
  folder: string,
  journal: CampaignJournal,
  flags: Flags,
  print: (text: string) => void,
  paint: Paint,
): Promise<void> {
  const { plan, data, shard } = journal.start;
  const todo = unitsOf(plan, shard).filter(({ from }) => !journal.results.has(from));
  const tasks = todo.slice(0, flags.units ?? todo.length).map(
    ({ from, count }: WorkUnit): FuzzTask => ({
      file: '',
      data,
      exhibit: plan.exhibit ?? undefined,
      mode: plan.kind,
      seeds: Array.from({ length: count }, (_none, index) => from + index),
    }),
  );
  const interruption = new Interruption();
  const progress = new Progress(flags.progress);
  const worker = { file: 'fuzz-unit', name: 'fuzzUnit', local: fuzzUnit } as const;
  for await (const { task, result, error } of inOrder<FuzzTask, FuzzCounts>(tasks, worker, {
    jobs: flags.jobs,
    hangMs,
    interruption,
  })) {
    const [from] = task.seeds;
    if (result === undefined)
      process.stderr.write(
        `lost: the unit from seed ${from}: ${error instanceof Error ? error.message : String(error)}; \`resume\` tries it again\n`,
      );
    else journal.add(from as number, result);
    progress.show(journal.results.size, unitsOf(plan, shard).length, 'units');
  }
  progress.end();
  journal.close();
  report({ ...merged([folder]), folder }, flags.json === true, print, paint);
  if (interruption.isInterrupted) process.exitCode = exitCodeOf({ isInterrupted: true });
}

interface Reported {
  readonly totals: CampaignTotals;
  readonly folder: string;
}

/** Throws `ScenarioError` where the journals are not of one campaign. */
function merged(folders: readonly string[]): Reported {
  const journals = folders.map((folder) => CampaignJournal.open(folder));
  for (const journal of journals) journal.close();
  const first = journals[0] as CampaignJournal;
  const results = new Map<number, FuzzCounts>();
  for (const [index, journal] of journals.entries()) {
    if (JSON.stringify(journal.start.plan) !== JSON.stringify(first.start.plan))
      throw new ScenarioError(
        `${folders[index]} is another campaign than ${folders[0]}: scenario, version, seeds and kind must be the same`,
      );
    for (const [from, counts] of journal.results) results.set(from, counts);
  }
  return { totals: totalsOf(first.start.plan, results), folder: folders[0] as string };
}

function report({ totals, folder }: Reported, isJson: boolean, print: (text: string) => void, paint: Paint): void {
  const { counts, done, missing, digest } = totals;
  const { runs, deaths, failures, undecided } = counts;
  const isRed = failures.length > 0;
  const isOpen = missing.length > 0 || undecided.length > 0;
  process.exitCode = exitCodeOf({ isViolated: isRed, isUndecided: isOpen });
  if (isJson) {
    print(
      JSON.stringify(
        { version: 1, ok: !isRed && !isOpen, folder, digest, units: { done, missing: missing.length }, counts },
        null,
        1,
      ),
    );
    return;
  }
  const sign = isRed ? paint.bad('✕') : isOpen ? '?' : paint.good('✓');
  print(
    `${sign} ${runs} runs, ${deaths} deaths, ${failures.length} red, ${undecided.length} undecided; ${done} units done, ${missing.length} missing; digest ${digest}`,
  );
  const names = [...new Set(failures.flatMap(({ properties }) => properties.map(({ name }) => name)))].sort();
  for (const name of names) {
    const seeds = failures
      .filter(({ properties }) => properties.some((property) => property.name === name))
      .map(({ seed }) => seed);
    print(`    ${name}: ${seeds.length} seeds, first ${seeds.slice(0, 5).join(', ')}`);
  }
  if (missing.length > 0) print(`    go on with   npx lazurite campaign resume ${folder}`);
}

function freeName(scenario: string, shard: Flags['shard']): string {
  const name = `${scenario}${shard === undefined ? '' : `-${shard.index}of${shard.of}`}`;
  for (let number = 1; ; number += 1) {
    const folder = join(home, `${name}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}

/** The one with the highest number of those that were begun here. */
function newest(): string {
  const names = existsSync(home) ? readdirSync(home) : [];
  const [last] = names.sort((a, b) => Number(b.replace(/.*-/, '')) - Number(a.replace(/.*-/, '')));
  if (last === undefined) throw new ScenarioError(`no campaign is in ${home}; begin one with \`lazurite campaign start\``);
  return join(home, last);
}
