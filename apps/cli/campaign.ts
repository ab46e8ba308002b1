/** `campaign`: a long fuzz campaign with a journal: interrupted it goes on, shared out it adds up, and the digest says that it is the same. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type FuzzCounts, planOf, totalsOf, unitSeeds, unitsOf } from '../../campaigns/index.ts';
import { CampaignJournal } from '../../runtime/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { castOf } from '../../scenarios/model.ts';
import { shippedProtocols } from '../../scenarios/protocols.ts';
import { alterationOf } from '../../scenarios/runner.ts';
import { queueCommands, queueOption, reportQueue, resumeQueue, startInQueue } from './campaign-queue.ts';
import { type ReportedCampaign, reportCampaign } from './campaign-report.ts';
import { exitCodeOf } from './exit-code.ts';
import { jobsOption, seedNumber, shardOf, wholeNumber } from './flags.ts';
import { type FuzzTask, fuzzTaskOf, fuzzWorker } from './fuzz-unit.ts';
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
  readonly unit: number;
  readonly units?: number;
  readonly queue?: string;
  readonly wait: boolean;
  readonly journal?: string;
  readonly json?: boolean;
  readonly progress: boolean;
}

interface ReportFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly queue?: string;
}

const home = join('.lazurite', 'campaigns');

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
    .option('--unit <n>', 'seeds of one unit', unitSize, unitSeeds)
    .option('--shard <i/n>', 'one part of the units', shardOf)
    .option('--break <exhibit>', 'a broken node instead of the honest one')
    .option('--around', "keep the scenario's own scripts and faults, and draw what every node survives on top")
    .option('--journal <folder>', `where its journal goes (default: a new one in ${home})`)
    .addOption(queueOption('puts its units into a queue for `work`, here and on other machines, and waits for them'))
    .option('--no-wait', 'with --queue: end when all units are in the queue')
    .action(async (given: string | undefined, flags: Flags, command: Command) => {
      refuseMixed(command);
      const { data } = await loadScenario(given ?? packaged('scenarios/yaml/four-validators.yaml'));
      alterationOf(flags.break, data.protocol);
      if (data.protocol !== undefined && !shippedProtocols.includes(data.protocol))
        throw new ScenarioError(
          `a journal holds data alone, and '${data.protocol}' is a protocol of your own; use \`lazurite fuzz\``,
        );
      const kind = flags.around === true ? 'around' : 'fuzz';
      const version = packageVersion();
      const plan = planOf(data, {
        version,
        kind,
        exhibit: flags.break ?? null,
        first: flags.seed,
        runs: flags.runs,
        unit: flags.unit,
      });
      if (flags.queue !== undefined) return await startInQueue(flags.queue, { plan, data }, flags, print, paint);
      const folder = flags.journal ?? freeName(plan.scenario, flags.shard);
      const shard = flags.shard ?? { index: 1, of: 1 };
      await work(folder, CampaignJournal.create(folder, { plan, data, shard }), flags, print, paint);
    });
  working(campaign.command('resume').description('go on with a campaign that was interrupted'))
    .argument('[campaign]', 'its journal, or its name in the queue (default: the newest)')
    .addOption(queueOption('one in a queue, which was paused'))
    .action(async (given: string | undefined, flags: Flags, command: Command) => {
      refuseMixed(command);
      if (flags.queue !== undefined) return await resumeQueue(flags.queue, given, print);
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
    .argument('[campaign...]', 'journals, or its name in the queue (default: the newest there)')
    .addOption(queueOption('one in a queue'))
    .option('--json', 'for machines')
    .option('--markdown', 'a table, for the page of a job on GitHub')
    .action(async (given: readonly string[], flags: ReportFlags) => {
      if (flags.queue !== undefined) return await reportQueue(flags.queue, given, flags, print, paint);
      if (given.length === 0) throw new ScenarioError('report: give a journal or several, or --queue with an address');
      reportCampaign(merged(given), flags, print, paint);
    });
  queueCommands(campaign, print);
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
  const tasks = todo.slice(0, flags.units ?? todo.length).map((unit) => fuzzTaskOf(plan, data, unit));
  const interruption = new Interruption();
  const progress = new Progress(flags.progress);
  const how = { jobs: flags.jobs, hangMs: fuzzWorker.hangMs, interruption };
  for await (const { task, result, error } of inOrder<FuzzTask, FuzzCounts>(tasks, fuzzWorker, how)) {
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
  reportCampaign(merged([folder]), { json: flags.json === true }, print, paint);
  if (interruption.isInterrupted) process.exitCode = exitCodeOf({ isInterrupted: true });
}

/** Throws `ScenarioError` if the journals are not of one campaign. */
function merged(folders: readonly string[]): ReportedCampaign {
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
  const folder = folders[0] as string;
  const totals = totalsOf(first.start.plan, results);
  return { totals, nodes: castOf(first.start.data), place: { folder }, lost: [], goOn: `npx lazurite campaign resume ${folder}` };
}

/** A queue has no journal, and its units are shared out by the engine. */
function refuseMixed(command: Command): void {
  const isGiven = (flag: string): boolean => command.getOptionValueSource(flag) === 'cli';
  const wrong = isGiven('queue') ? ['journal', 'shard', 'units', 'jobs'].filter(isGiven) : isGiven('wait') ? ['no-wait'] : [];
  if (wrong.length === 0) return;
  const reason = isGiven('queue') ? 'is for a campaign without --queue' : 'is for a campaign with --queue';
  throw new ScenarioError(wrong.map((flag) => `--${flag} ${reason}`).join('\n'));
}

function unitSize(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > mostUnitSeeds) throw new InvalidArgumentError(`give a number of seeds from 1 to ${mostUnitSeeds}`);
  return value;
}

/** A unit must end within the time after which it counts as hung. */
const mostUnitSeeds = 1000;

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
