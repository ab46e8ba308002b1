/** `crashpoints`: every crash point of the chosen nodes, both deaths, every crash image; a strip and a certificate. */

import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { pointText } from '../../actors/scheduler/index.ts';
import {
  type CrashpointsOptions,
  type CrashpointsReport,
  type CrashpointsResult,
  crashpointsPlan,
  crashpointsReport,
  listCrashpoints,
  type NamedPoint,
  type NumberedPoint,
  type WalkPart,
} from '../../campaigns/index.ts';
import { type Duration, milliseconds, type ScenarioData, ScenarioError } from '../../scenarios/index.ts';
import { say } from '../output/standard-error.ts';
import { type CrashpointsTask, crashpointsUnit } from './crashpoints-unit.ts';
import { exitCodeOf } from './exit-code.ts';
import { keepFailures } from './failures.ts';
import { jobCount, wholeNumber } from './flags.ts';
import { idleText } from './idle-exhibit.ts';
import { Interruption, interruptedText } from './interruption.ts';
import { loadScenario, registerBroken } from './load-scenario.ts';
import { type Lost, lostText, lostUnit } from './lost-units.ts';
import { notJudgedAtPoints } from './not-used.ts';
import { inOrder } from './pool.ts';
import { crashpointsJson, crashpointsText } from './print-crashpoints.ts';
import { Progress } from './progress.ts';
import { type ReportFlags, report, reportOptions, tryReports } from './report.ts';
import { casesOf } from './report-cases.ts';
import type { Paint, Print } from './terminal.ts';
import { refuseWrongMerge, type WrongMerge } from './wrong-merge.ts';

interface Flags extends ReportFlags {
  readonly node?: string;
  readonly site?: string;
  readonly heights?: string;
  readonly death?: string;
  readonly restart?: string;
  readonly pending: number;
  readonly merge: boolean;
  readonly verifyMerges?: boolean;
  readonly nested?: boolean;
  readonly together?: boolean;
  readonly break?: string;
  readonly variant?: string;
  readonly jobs?: number;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly progress: boolean;
}

export function crashpointsCommand(program: Command, print: Print, paint: Paint): void {
  const command = program
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
    .option('--together', 'two victims in one run: the second dies while the first is down, and both come back together')
    .option('--no-merge', 'judge each death to its end')
    .option('--verify-merges', 'keep the state behind each merge key, and compare it on each hit')
    .option('--break <exhibit>', 'a broken node instead of the honest one, or a file that brings one, such as ./mine.ts')
    .option('--variant <name>', 'another variant than the first')
    .option('--jobs <n>', 'worker threads (default: one for each core; for few points half of that)', jobCount)
    .option('--list', 'only name the points')
    .option('--no-progress', 'no line that says how far it is')
    .option('--json', 'for machines');
  reportOptions(command).action(async (file: string, flags: Flags) => {
    tryReports(flags);
    const { data } = await loadScenario(file);
    await registerBroken(flags.break);
    const options = optionsOf(flags);
    // A mistake in the flags is reported here, before any worker starts.
    const plan = crashpointsPlan(data, options);
    const { victims } = plan;
    const points = listCrashpoints(plan);
    if (flags.list === true && flags.json === true) {
      print(
        JSON.stringify(
          points.map(({ point, phase }) => pointText(point, phase)),
          null,
          1,
        ),
      );
      return;
    }
    if (flags.list === true) {
      for (const { point, phase } of points) print(pointText(point, phase));
      return;
    }
    const started = performance.now();
    const interruption = new Interruption();
    const { parts, unjudged, lost } = await enumerate(file, data, options, points, victims, flags, interruption);
    const judged = crashpointsReport(data, options, parts, unjudged);
    const ms = Math.round(performance.now() - started);
    const { isInterrupted } = interruption;
    const isEmpty = judged.cells.length === 0;
    const isRed = judged.violated > 0 || judged.withoutDeath.length > 0;
    const idle = judged.idleExhibit;
    const told = {
      ...crashpointsJson(judged, options, ms),
      ...(isEmpty || idle !== undefined ? { ok: false } : {}),
      ...(idle === undefined ? {} : { idle }),
    };
    const { length: all } = judged.cells;
    const cases = casesOf({
      suite: data.name,
      file,
      ms,
      properties: plan.properties,
      violated: [...judged.failures, ...judged.withoutDeath.map((one) => ({ ...one, token: '' }))],
      open: idle === undefined ? openIn(judged) : idleText(idle),
    });
    const isUndecided = judged.undecided > 0 || idle !== undefined;
    process.exitCode = exitCodeOf({ isInterrupted, isViolated: isRed, isUndecided, isEmpty });
    if (isEmpty) say(`no crash point matched: ${nothingMatched(data, options)}`);
    if (flags.json === true) print(JSON.stringify({ ...told, isInterrupted, lost }, null, 1));
    else if (flags.reporter === undefined) {
      print(crashpointsText(data.name, judged, ms, paint));
      const left = notJudgedAtPoints(data);
      if (left !== undefined) print(paint.dim(left));
      if (idle !== undefined) print(paint.bad(`undecided: ${idleText(idle)}`));
      if (lost.length > 0) print(paint.bad(lostText(lost)));
      if (isInterrupted) print(paint.bad(interruptedText(all - unjudged.length, all, 'crash points')));
    }
    report(cases, flags, print);
    keepFailures(judged.failures.map(({ failure }) => failure));
  });
}

/** Why not all was judged. */
function openIn({ cells, undecided }: CrashpointsReport): string | undefined {
  if (cells.length === 0) return 'no crash point matched';
  return undecided === 0 ? undefined : `${undecided} of ${cells.length} crash points were not judged to their end`;
}

/** The sites that there are, where a wrong one was named. */
function nothingMatched(data: ScenarioData, { sites: _named, ...options }: CrashpointsOptions): string {
  const sites = new Set(listCrashpoints(crashpointsPlan(data, options)).map(({ point }) => point.site));
  return sites.size === 0 ? 'no victim works at these heights' : `the sites at these heights are ${[...sites].join(', ')}`;
}

function optionsOf(flags: Flags): CrashpointsOptions {
  const { death } = flags;
  if (flags.verifyMerges === true && !flags.merge)
    throw new ScenarioError('--verify-merges and --no-merge: nothing is merged, so nothing can be verified; leave one out');
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
    verifyMerges: flags.verifyMerges === true,
    nested: flags.nested === true,
    together: flags.together === true,
  };
}

/** Fewer points than this are done before two workers on two cores have come up to speed: each compiles on a second core at first. */
const fewPoints = 1000;

function jobsFor({ jobs, nested, together }: Flags, points: number): number {
  const cores = availableParallelism();
  return jobs ?? (points < fewPoints && nested !== true && together !== true ? Math.max(1, Math.floor(cores / 2)) : cores);
}

/** Milliseconds for each point, after which a part counts as hanging: a thousand times what one point takes. */
const pointMs = 20_000;
/** With all second deaths, with two victims together, or with each death judged to its end. */
const slowPointMs = 600_000;

/** The least number of parts for each worker: more would share fewer states, fewer would leave a worker idle at the end. */
const partsPerJob = 2;

/** A victim's points in a row, as few parts as keep all workers busy. */
function partsOf(points: readonly NamedPoint[], victims: readonly string[], jobs: number): readonly WalkPart[] {
  const each = Math.ceil((jobs * partsPerJob) / victims.length);
  return victims.flatMap((victim) => {
    const numbers = points.flatMap(({ point: { node } }, index) => (node === victim ? [index + 1] : []));
    const border = (part: number): number => Math.floor((numbers.length * part) / each);
    return Array.from({ length: each }, (_, part) => numbers.slice(border(part), border(part + 1))).flatMap((own) =>
      own.length === 0 ? [] : [{ victim, from: own[0] as number, to: own.at(-1) as number }],
    );
  });
}

interface Walked {
  readonly parts: readonly CrashpointsResult[];
  /** The points of parts that were lost or not come to. */
  readonly unjudged: readonly NumberedPoint[];
  readonly lost: readonly Lost[];
}

async function enumerate(
  file: string,
  data: ScenarioData,
  options: CrashpointsOptions,
  points: readonly NamedPoint[],
  victims: readonly string[],
  flags: Flags,
  interruption: Interruption,
): Promise<Walked> {
  const jobs = jobsFor(flags, points.length);
  const walked = partsOf(points, victims, jobs);
  const loaded = jobs === 1 ? { data } : {};
  const tasks = walked.map((part): CrashpointsTask => ({ file, ...loaded, options: { ...options, part } }));
  const worker = { file: 'crashpoints-unit', name: 'crashpointsUnit', local: crashpointsUnit } as const;
  const longest = Math.max(0, ...walked.map(({ from, to }) => to - from + 1));
  const hangMs = longest * (options.merge && options.nested !== true && options.together !== true ? pointMs : slowPointMs);
  const progress = new Progress(flags.progress);
  const parts: CrashpointsResult[] = [];
  const lost: Lost[] = [];
  const unjudged = new Set(walked);
  let done = 0;
  for await (const { task, result, error } of inOrder<CrashpointsTask, CrashpointsResult | WrongMerge>(tasks, worker, {
    jobs,
    interruption,
    hangMs,
  })) {
    const part = task.options.part as WalkPart;
    if (result === undefined) {
      lost.push(lostUnit(`points ${part.from} to ${part.to} of ${part.victim}`, error));
      continue;
    }
    const judged = refuseWrongMerge(result);
    parts.push(judged);
    unjudged.delete(part);
    done += judged.cells.length;
    progress.show(done, points.length, 'crash points');
  }
  progress.end();
  return { parts, unjudged: [...unjudged].flatMap((part) => pointsIn(part, points)), lost };
}

function pointsIn({ victim, from, to }: WalkPart, points: readonly NamedPoint[]): readonly NumberedPoint[] {
  const numbered = points.map((named, index): NumberedPoint => ({ ...named, order: index + 1 }));
  return numbered.filter(({ point, order }) => point.node === victim && order >= from && order <= to);
}
