/** `explore`: search over schedules and deaths, one victim after another; says what was seen and whether the space was exhausted. */
import { type Command, Option } from 'commander';
import { changesARun, plainSchedules } from '../../campaigns/exhibit-effect.ts';
import { type ExploreResult, explorationFailures, type Failure } from '../../campaigns/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { alterationOf } from '../../scenarios/runner.ts';
import { shown, visible } from '../output/escape.ts';
import { exitCodeOf } from './exit-code.ts';
import { type ExploreTask, exploreUnit } from './explore-unit.ts';
import { keepFailures, tokenOf } from './failures.ts';
import { jobsOption, seedNumber, wholeNumber } from './flags.ts';
import { idleText } from './idle-exhibit.ts';
import { Interruption, interruptedText } from './interruption.ts';
import { loadScenario, registerBroken } from './load-scenario.ts';
import { type Lost, lostText, lostUnit } from './lost-units.ts';
import { inOrder } from './pool.ts';
import { Progress } from './progress.ts';
import type { Paint } from './terminal.ts';
import { refuseWrongMerge, type WrongMerge } from './wrong-merge.ts';

interface Flags {
  readonly node?: string;
  readonly deviations: string;
  readonly heights: number;
  readonly rounds: number;
  readonly deaths: number;
  readonly merge: boolean;
  readonly verifyMerges?: boolean;
  readonly everyDeparture?: boolean;
  readonly disks: 'victim' | 'all';
  readonly maxStates: number;
  readonly strategy: 'search' | 'random' | 'pct';
  readonly depth: number;
  readonly runs: number;
  readonly seed?: number;
  readonly break?: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly progress: boolean;
}

interface Row {
  readonly victim: string;
  readonly result: ExploreResult;
  /** In the order of the violations. */
  readonly tokens: readonly string[];
}

interface Ended {
  readonly rows: readonly Row[];
  /** A row for each victim. */
  readonly isWhole: boolean;
  readonly isInterrupted: boolean;
  readonly lost: readonly Lost[];
  /** An exhibit that changed no run. */
  readonly idle: string | undefined;
}

/** A victim counts as hanging after this time and the time for each state or drawn schedule: ten times what it takes. */
const startMs = 60_000;
const stateMs = 2;
const drawnMs = 1000;

export function exploreCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('explore')
    .description('every schedule with few departures from first in, first out, and in each every death of a victim')
    .argument('<file>', 'a scenario file: its cast and environment')
    .option('--node <names>', 'victims, by comma (default: each in turn)')
    .option('--deviations <d>', 'departures from first in, first out, or `all`', '2')
    .option('--heights <n>', 'heights that are decided', wholeNumber, 1)
    .option('--rounds <n>', 'the last round that is followed', wholeNumber, 1)
    .option('--deaths <n>', 'deaths of the victim', wholeNumber, 1)
    .option('--max-states <n>', 'stop after so many states a victim', wholeNumber, 10_000_000)
    .addOption(
      new Option('--strategy <name>', 'search all schedules, or draw them')
        .choices(['search', 'random', 'pct'])
        .default('search'),
    )
    .option('--depth <d>', 'pct: one more than the places at which a priority falls', wholeNumber, 3)
    .option('--runs <n>', 'random, pct: schedules drawn for each victim', wholeNumber, 1000)
    .option('--seed <n>', 'random, pct: of the draws (default: random, and printed)', seedNumber)
    .option('--no-merge', 'follow every schedule to its end')
    .option('--every-departure', 'also departures that change nothing but the order of independent steps')
    .option('--verify-merges', 'keep the state behind each merge key, and compare it on each hit')
    .addOption(
      new Option('--disks <whose>', 'whose disks may answer late, behind what is on the wire')
        .choices(['victim', 'all'])
        .default('victim'),
    )
    .option('--break <exhibit>', 'a broken node instead of the honest one, or a file that brings one, such as ./mine.ts')
    .addOption(jobsOption())
    .option('--no-progress', 'no line that says how far it is')
    .option('--json', 'for machines')
    .action(async (file: string, flags: Flags) => {
      const { data } = await loadScenario(file);
      const cast = castOf(data);
      const victims = flags.node?.split(',') ?? cast;
      for (const victim of victims)
        if (!cast.includes(victim)) throw new ScenarioError(`no node is called '${victim}'; the cast is ${cast.join(', ')}`);
      await registerBroken(flags.break);
      alterationOf(flags.break, data.protocol);
      const deviations = flags.deviations === 'all' ? Number.MAX_SAFE_INTEGER : Number(flags.deviations);
      if (!Number.isSafeInteger(deviations) || deviations < 0)
        throw new ScenarioError(`--deviations ${flags.deviations}: give a whole number from 0 on, or 'all'`);
      const { heights, rounds, deaths, merge, disks, maxStates, strategy, depth, runs } = flags;
      if (strategy !== 'search' && runs === 0) throw new ScenarioError('--runs 0: no schedule would be drawn');
      const { verifyMerges = false, everyDeparture = false } = flags;
      if (verifyMerges && (!merge || strategy !== 'search'))
        throw new ScenarioError(
          '--verify-merges: nothing is merged with --no-merge, or where schedules are drawn; leave one of the two out',
        );
      const seed = flags.seed ?? Math.floor(Math.random() * 1_000_000_000);
      const sampling = strategy === 'search' ? {} : { sampling: { strategy, depth, runs, seed } };
      const broken = flags.break === undefined ? {} : { exhibit: flags.break };
      const tasks = victims.map(
        (victim): ExploreTask => ({
          file,
          ...(flags.jobs === 1 ? { data } : {}),
          options: {
            victim,
            heights,
            rounds,
            deaths,
            deviations,
            merge,
            disks,
            maxStates,
            ...broken,
            ...(verifyMerges ? { merges: { verify: true } } : {}),
            ...(everyDeparture ? { everyDeparture } : {}),
          },
          ...sampling,
        }),
      );
      const progress = new Progress(flags.progress);
      const interruption = new Interruption();
      const started = performance.now();
      const rows: Row[] = [];
      const found: Failure[] = [];
      const lost: Lost[] = [];
      const hangMs = startMs + (strategy === 'search' ? maxStates * stateMs : runs * drawnMs);
      for await (const { task, result, error } of inOrder<ExploreTask, ExploreResult | WrongMerge>(
        tasks,
        { file: 'explore-unit', name: 'exploreUnit', local: exploreUnit },
        { jobs: flags.jobs, interruption, hangMs },
      )) {
        if (result === undefined) lost.push(lostUnit(`victim ${task.options.victim}`, error));
        else {
          const explored = refuseWrongMerge(result);
          const failures = explorationFailures(data, task.options, explored);
          rows.push({ victim: task.options.victim, result: explored, tokens: failures.map(tokenOf) });
          found.push(...failures);
        }
        progress.show(rows.length + lost.length, tasks.length, 'victims');
      }
      progress.end();
      const ms = Math.round(performance.now() - started);
      const { isInterrupted } = interruption;
      const isViolated = rows.some(({ result }) => result.violations.length > 0);
      const idle = isViolated || isInterrupted || changesSome(data, tasks) ? undefined : flags.break;
      const ended: Ended = { rows, isWhole: rows.length === victims.length, isInterrupted, lost, idle };
      process.exitCode = exitOf(ended, strategy);
      if (flags.json === true) print(JSON.stringify(exploreJson(ended, { ...flags, seed }, ms), null, 1));
      else print(exploreText(visible(data.name), shown(rows), { ...flags, seed }, ms, paint));
      if (idle !== undefined && flags.json !== true) print(paint.bad(`undecided: ${idleText(idle)}`));
      if (lost.length > 0 && flags.json !== true) print(paint.bad(lostText(lost)));
      if (isInterrupted && flags.json !== true) print(paint.bad(interruptedText(rows.length, victims.length, 'victims')));
      keepFailures(found);
    });
}

function exitOf(ended: Ended, strategy: Flags['strategy']): number {
  const { rows, isInterrupted, idle } = ended;
  const isViolated = rows.some(({ result }) => result.violations.length > 0);
  return exitCodeOf({ isInterrupted, isViolated, isUndecided: !isDone(ended, strategy) || idle !== undefined });
}

/** Whether the exhibit, if there is one, changes a run of some victim. */
function changesSome(data: ScenarioData, tasks: readonly ExploreTask[]): boolean {
  return tasks.some(
    ({ options }) => options.exhibit === undefined || changesARun(plainSchedules(data, options), options.exhibit),
  );
}

function isExhausted({ rows, isWhole }: Ended): boolean {
  return isWhole && rows.every(({ result }) => result.isExhausted);
}

/** What is drawn exhausts nothing, and need not. */
function isDone(ended: Ended, strategy: Flags['strategy']): boolean {
  return strategy === 'search' ? isExhausted(ended) : ended.isWhole;
}

function exploreJson(ended: Ended, flags: Flags, ms: number): object {
  const { rows, isInterrupted, lost, idle } = ended;
  const { deviations, heights, rounds, deaths, disks, strategy, runs, depth, seed } = flags;
  const isSearch = strategy === 'search';
  return {
    version: 1,
    ok: isDone(ended, strategy) && idle === undefined && rows.every(({ result }) => result.violations.length === 0),
    isInterrupted,
    lost,
    ...(idle === undefined ? {} : { idle }),
    strategy,
    bound: isSearch ? { deviations, heights, rounds, deaths, disks } : { runs, heights, rounds, deaths, disks, seed, depth },
    exhausted: isExhausted(ended),
    victims: rows.map(({ victim, result, tokens }) => ({
      victim,
      ...result,
      violations: result.violations.map((violation, index) => ({ ...violation, token: tokens[index] })),
    })),
    ms,
  };
}

function exploreText(name: string, rows: readonly Row[], flags: Flags, ms: number, paint: Paint): string {
  const { deviations, heights, rounds, deaths, disks, strategy, runs, depth, seed } = flags;
  const isSearch = strategy === 'search';
  const late = disks === 'all' ? ', all disks may be late' : '';
  const how = isSearch
    ? `at most ${deviations} departures from first in, first out`
    : `${runs} schedules drawn (${strategy}${strategy === 'pct' ? `, depth ${depth}` : ''}), seed ${seed}`;
  const lines = [`${name}: ${heights} height(s), rounds 0 to ${rounds}, ${deaths} death(s), ${how}${late}`];
  for (const { victim, result, tokens } of rows) {
    const { states, transitions, ends, cut, merged, isExhausted, violations, deaths: died } = result;
    const { verifiedMerges } = result;
    const verdict = violations.length > 0 ? paint.bad('✕') : paint.good('✓');
    const space = isSearch
      ? `; ${merged} merged${verifiedMerges === undefined ? '' : `, ${verifiedMerges} of equal states (verified)`}; ${isExhausted ? 'exhausted' : 'NOT exhausted'}`
      : '; sampled, not exhausted';
    lines.push(
      `${verdict} ${victim} dies: ${states} states, ${transitions} transitions, ${died} deaths, ${ends} ends judged, ${cut} cut at a bound${space}`,
    );
    for (const [index, { property, message, path }] of violations.entries())
      lines.push(
        paint.bad(`  ✕ ${property}: ${message}`),
        ...path.map((step) => `      ${step}`),
        `    replay   npx lazurite replay ${tokens[index]}`,
        `    look     npx lazurite view ${tokens[index]}`,
      );
  }
  lines.push(`${(ms / 1000).toFixed(1)} s`);
  return lines.join('\n');
}
