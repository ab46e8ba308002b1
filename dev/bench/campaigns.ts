/** `crashpoints`, `fuzz`, `explore` and `shrink`: each campaign on four nodes, small enough for a second. */
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { explorePlan } from '../../campaigns/exploration/from-scenario.ts';
import { enumerateCrashpoints, fuzzCase, minimize, randomKills, searchSchedules } from '../../campaigns/index.ts';
import { runScenario, scenario } from '../../scenarios/index.ts';

const powers = { A: 1, B: 1, C: 1, D: 1 };

/** Crash images tried in each second, and distinct states after recovery found in each second. */
export function measureCrashpoints(): { readonly imagesPerSecond: number; readonly distinctPerSecond: number } {
  const { data } = scenario('crash anywhere', powers);
  const started = performance.now();
  const { images, states } = enumerateCrashpoints(crashpointsPlan(data, { nodes: ['B'], heights: '2', pending: 2, merge: true }));
  const seconds = (performance.now() - started) / 1000;
  return { imagesPerSecond: images / seconds, distinctPerSecond: states.length / seconds };
}

/** Drawn runs in each second, and milliseconds of a run of five heights in which nodes die. */
export function measureFuzz(count: number): { readonly runsPerSecond: number; readonly fiveHeightsMs: number } {
  const { data } = scenario('fuzz', powers);
  const started = performance.now();
  for (let seed = 1; seed <= count; seed += 1) runScenario(fuzzCase(data, seed));
  const between = performance.now();
  for (let seed = 1; seed <= count; seed += 1) runScenario({ ...randomKills(data, seed), until: { height: 5, round: 0 } });
  return { runsPerSecond: (1000 * count) / (between - started), fiveHeightsMs: (performance.now() - between) / count };
}

/** States visited in each second by a whole search of one height with one death. */
export function measureExplore(): number {
  const { data } = scenario('explore', powers);
  const bounds = { victim: 'B', heights: 1, rounds: 1, deaths: 1, deviations: 0, merge: true, maxStates: 100_000 };
  const started = performance.now();
  const { states } = searchSchedules(explorePlan(data, bounds));
  return (1000 * states) / (performance.now() - started);
}

/** Milliseconds from a failure with nine faults to the smallest one. */
export function measureShrink(): number {
  const { data } = scenario('shrink', powers);
  const started = performance.now();
  minimize(fuzzCase(data, 3), { exhibit: 'no-wal' }, 'no-equivocation');
  return performance.now() - started;
}
