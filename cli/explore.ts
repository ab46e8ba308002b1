/** `explore`: search over schedules and deaths, one victim after another; says what was seen and whether the space was exhausted. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { ExploreResult } from '../checker/index.ts';
import { castOf, ScenarioError } from '../scenarios/model.ts';
import { type ExploreTask, exploreUnit } from './explore-unit.ts';
import { jobCount, wholeNumber } from './flags.ts';
import { loadScenario } from './load-scenario.ts';
import { inOrder } from './pool.ts';
import type { Paint } from './print-run.ts';
import { Progress } from './progress.ts';

interface Flags {
  readonly node?: string;
  readonly deviations: string;
  readonly heights: number;
  readonly rounds: number;
  readonly deaths: number;
  readonly merge: boolean;
  readonly maxStates: number;
  readonly break?: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly progress: boolean;
}

interface Row {
  readonly victim: string;
  readonly result: ExploreResult;
}

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
    .option('--max-states <n>', 'stop after so many states a victim', wholeNumber, 2_000_000)
    .option('--no-merge', 'follow every schedule to its end')
    .option('--break <exhibit>', 'a broken node instead of the honest one')
    .option('--jobs <n>', 'worker threads', jobCount, availableParallelism())
    .option('--no-progress', 'no line that says how far it is')
    .option('--json', 'for machines')
    .action(async (file: string, flags: Flags) => {
      const { data } = await loadScenario(file);
      const cast = castOf(data);
      const victims = flags.node?.split(',') ?? cast;
      for (const victim of victims)
        if (!cast.includes(victim)) throw new ScenarioError(`no node is called '${victim}'; the cast is ${cast.join(', ')}`);
      const deviations = flags.deviations === 'all' ? Number.MAX_SAFE_INTEGER : Number(flags.deviations);
      if (!Number.isSafeInteger(deviations) || deviations < 0)
        throw new ScenarioError(`--deviations ${flags.deviations}: give a whole number from 0 on, or 'all'`);
      const { heights, rounds, deaths, merge, maxStates } = flags;
      const broken = flags.break === undefined ? {} : { exhibit: flags.break };
      const tasks = victims.map(
        (victim): ExploreTask => ({
          file,
          options: { victim, heights, rounds, deaths, deviations, merge, maxStates, ...broken },
        }),
      );
      const progress = new Progress(flags.progress);
      const started = performance.now();
      const rows: Row[] = [];
      for await (const { task, result, error } of inOrder<ExploreTask, ExploreResult>(
        tasks,
        { file: 'explore-unit', name: 'exploreUnit', local: exploreUnit },
        { jobs: flags.jobs },
      )) {
        if (result === undefined) throw error;
        rows.push({ victim: task.options.victim, result });
        progress.show(rows.length, tasks.length, 'victims');
      }
      progress.end();
      const ms = Math.round(performance.now() - started);
      if (flags.json === true) print(JSON.stringify(exploreJson(rows, flags, ms), null, 1));
      else print(exploreText(data.name, rows, flags, ms, paint));
      const isViolated = rows.some(({ result }) => result.violations.length > 0);
      process.exitCode = isViolated ? 1 : rows.every(({ result }) => result.isExhausted) ? 0 : 3;
    });
}

function exploreJson(rows: readonly Row[], { deviations, heights, rounds, deaths }: Flags, ms: number): object {
  return {
    version: 1,
    ok: rows.every(({ result }) => result.violations.length === 0 && result.isExhausted),
    bound: { deviations, heights, rounds, deaths },
    exhausted: rows.every(({ result }) => result.isExhausted),
    victims: rows.map(({ victim, result }) => ({ victim, ...result })),
    ms,
  };
}

function exploreText(name: string, rows: readonly Row[], flags: Flags, ms: number, paint: Paint): string {
  const { deviations, heights, rounds, deaths } = flags;
  const lines = [
    `${name}: ${heights} height(s), rounds 0 to ${rounds}, ${deaths} death(s), at most ${deviations} departures from first in, first out`,
  ];
  for (const { victim, result } of rows) {
    const { states, transitions, ends, cut, merged, isExhausted, violations, deaths: died } = result;
    const verdict = violations.length > 0 ? paint.bad('✕') : paint.good('✓');
    lines.push(
      `${verdict} ${victim} dies: ${states} states, ${transitions} transitions, ${died} deaths, ${ends} ends judged, ${cut} cut at the last round, ${merged} merged; ${isExhausted ? 'exhausted' : 'NOT exhausted'}`,
    );
    for (const { property, message, path } of violations)
      lines.push(paint.bad(`  ✕ ${property}: ${message}`), ...path.map((step) => `      ${step}`));
  }
  lines.push(`${(ms / 1000).toFixed(1)} s`);
  return lines.join('\n');
}
