/** `crashpoints`: every crash point of the chosen nodes, both deaths, every crash image; a strip and a certificate. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { pointText } from '../actors/scheduler/index.ts';
import type { CrashpointsResult } from '../checker/index.ts';
import { type CrashpointsOptions, crashpointsPlan } from '../scenarios/crashpoints.ts';
import { type Duration, milliseconds, type ScenarioData, ScenarioError } from '../scenarios/index.ts';
import { type CrashpointsTask, crashpointsUnit, together } from './crashpoints-unit.ts';
import { jobCount, wholeNumber } from './flags.ts';
import { loadScenario } from './load-scenario.ts';
import { inOrder } from './pool.ts';
import { causesOf, crashpointsJson, crashpointsText } from './print-crashpoints.ts';
import type { Paint } from './print-run.ts';
import { Progress } from './progress.ts';

interface Flags {
  readonly node?: string;
  readonly site?: string;
  readonly heights?: string;
  readonly death?: string;
  readonly restart?: string;
  readonly pending: number;
  readonly merge: boolean;
  readonly nested?: boolean;
  readonly break?: string;
  readonly variant?: string;
  readonly jobs: number;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly progress: boolean;
}

export function crashpointsCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('crashpoints')
    .description('kill the chosen nodes at every crash point, in every way that leaves a distinct disk')
    .argument('<file>', 'a scenario file')
    .option('--node <names>', 'victims, by comma (default: all)')
    .option('--site <names>', 'sites, by comma (default: all)')
    .option('--heights <range>', 'such as 10 or 3-5 (default: the heights the scenario names, else 1-2)')
    .option('--death <kind>', 'kill or power (default: both)')
    .option('--restart <duration>', "how long a victim stays down (default: the script's first restart, else 1s)")
    .option('--pending <k>', 'writes that vary sector by sector', wholeNumber, 2)
    .option('--nested', 'a second death at every point of each distinct recovery')
    .option('--no-merge', 'judge each death to its end')
    .option('--break <exhibit>', 'a broken node instead of the honest one')
    .option('--variant <name>', 'another variant than the first')
    .option('--jobs <n>', 'worker threads', jobCount, availableParallelism())
    .option('--list', 'only name the points')
    .option('--no-progress', 'no line that says how far it is')
    .option('--json', 'for machines')
    .action(async (file: string, flags: Flags) => {
      const { data } = await loadScenario(file);
      const options = optionsOf(flags);
      // A mistake in the flags is told here, before any worker starts.
      const { victims } = crashpointsPlan(data, options);
      const names = pointNames(data, options);
      if (flags.list === true) {
        for (const name of names) print(name);
        return;
      }
      const started = performance.now();
      const result = await enumerate(file, options, names.length, flags);
      const ms = Math.round(performance.now() - started);
      const causes = causesOf(data, result, options);
      if (flags.json === true) print(JSON.stringify(crashpointsJson(result, causes, options, ms), null, 1));
      else print(crashpointsText(data.name, victims, result, causes, ms, paint));
      const isViolated = result.cells.some(({ verdict }) => verdict === 'violated');
      const isOpen = result.cells.some(({ verdict }) => verdict === 'undecided');
      process.exitCode = result.cells.length === 0 ? 4 : isViolated ? 1 : isOpen ? 3 : 0;
    });
}

function optionsOf(flags: Flags): CrashpointsOptions {
  const { death } = flags;
  if (death !== undefined && death !== 'kill' && death !== 'power')
    throw new ScenarioError(`--death ${death}: give 'kill' or 'power', or leave it out for both`);
  return {
    ...(flags.node === undefined ? {} : { nodes: flags.node.split(',') }),
    ...(flags.site === undefined ? {} : { sites: flags.site.split(',') }),
    ...(flags.heights === undefined ? {} : { heights: flags.heights }),
    ...(flags.restart === undefined ? {} : { restartMs: milliseconds(flags.restart as Duration) }),
    ...(death === undefined ? {} : { death }),
    ...(flags.break === undefined ? {} : { exhibit: flags.break }),
    ...(flags.variant === undefined ? {} : { variant: flags.variant }),
    pending: flags.pending,
    merge: flags.merge,
    nested: flags.nested === true,
  };
}

/** Parts a worker: more would share fewer states, fewer would leave a worker idle at the end. */
const partsPerJob = 2;

async function enumerate(file: string, options: CrashpointsOptions, points: number, flags: Flags): Promise<CrashpointsResult> {
  const { jobs } = flags;
  const of = jobs === 1 ? 1 : jobs * partsPerJob;
  const border = (part: number): number => Math.floor((points * part) / of);
  const tasks = Array.from({ length: of }, (_, part): CrashpointsTask => {
    const range = { from: border(part) + 1, to: border(part + 1) };
    return { file, options: { ...options, ...(of === 1 ? {} : { range }) } };
  });
  const worker = { file: 'crashpoints-unit', name: 'crashpointsUnit', local: crashpointsUnit };
  const progress = new Progress(flags.progress);
  const parts: CrashpointsResult[] = [];
  let done = 0;
  for await (const { result, error } of inOrder<CrashpointsTask, CrashpointsResult>(tasks, worker, { jobs })) {
    if (result === undefined) throw error;
    parts.push(result);
    done += result.cells.length;
    progress.show(done, points, 'crash points');
  }
  progress.end();
  return together(parts);
}

/** The points alone: the walk without a death. */
function pointNames(data: ScenarioData, options: CrashpointsOptions): readonly string[] {
  const plan = crashpointsPlan(data, options);
  const world = plan.start();
  const names: string[] = [];
  const [first, last] = plan.heights;
  world.onPoint = (point, phase) => {
    const isWanted = plan.victims.includes(point.node) && point.height >= first && point.height <= last;
    if (isWanted && plan.sites?.includes(point.site) !== false) names.push(pointText(point, phase));
  };
  world.run({ until: (now) => plan.victims.every((victim) => now.position(victim).height > last), time: plan.limitMs * 1000 });
  return names;
}
