/** `npm run bench [-- --json]`: medians of interleaved runs, each beside its floor. */
import { arch, cpus, platform } from 'node:os';
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { explorePlan } from '../../campaigns/exploration/from-scenario.ts';
import { enumerateCrashpoints, fuzzCase, minimize, randomKills, searchSchedules } from '../../campaigns/index.ts';
import { allProperties, buildWorld, runScenario, scenario } from '../../scenarios/index.ts';
import { measureDriver } from './driver.ts';
import { measureHeights } from './heights.ts';
import { measureAppend, measureReplay } from './log.ts';
import { median } from './median.ts';
import { measurePage } from './page.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly ratio?: number;
  readonly runs: number;
}

const asJson = process.argv.includes('--json');
const runs = 3;
const rows: Row[] = [];
const rounded = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000);

function report(name: string, unit: string, value: number, floor?: number): void {
  const beside = floor === undefined ? {} : { floor: rounded(floor), ratio: rounded(value / floor) };
  rows.push({ name, value: rounded(value), unit, ...beside, runs });
  if (!asJson)
    process.stdout.write(
      `${name.padEnd(14)} ${rounded(value)} ${unit}${floor === undefined ? '' : `   floor ${rounded(floor)}, ratio ${rounded(value / floor)}`}\n`,
    );
}

const repeat = <Result>(act: () => Result): readonly Result[] => Array.from({ length: runs }, act);

const measured = repeat(() => ({
  four: measureHeights(4, 2000),
  hundred: measureHeights(100, 10),
  driver4: measureDriver(4, 100_000),
  driver100: measureDriver(100, 2000),
}));
report('heights 4', 'heights/s', median(measured.map(({ four }) => four.heightsPerSecond)));
report(
  'heights 4',
  'steps/s',
  median(measured.map(({ four }) => four.stepsPerSecond)),
  median(measured.map(({ four }) => four.floorStepsPerSecond)),
);
report(
  'heights 100',
  'steps/s',
  median(measured.map(({ hundred }) => hundred.stepsPerSecond)),
  median(measured.map(({ hundred }) => hundred.floorStepsPerSecond)),
);
report('driver 4', 'inputs/s', median(measured.map(({ driver4 }) => driver4)));
report('driver 100', 'inputs/s', median(measured.map(({ driver100 }) => driver100)));

const replays = repeat(() => measureReplay(100));
report(
  'replay',
  'frames/s',
  median(replays.map(({ framesPerSecond }) => framesPerSecond)),
  median(replays.map(({ floor }) => floor)),
);
for (const [name, batch] of [
  ['append', 1],
  ['append 64', 64],
] as const) {
  const appends = repeat(() => measureAppend(batch, 200));
  report(name, 'us', median(appends.map(({ microseconds }) => microseconds)), median(appends.map(({ bare }) => bare)));
}

const growth = repeat(() => {
  const world = buildWorld(scenario('memory', { A: 1, B: 1, C: 1, D: 1 }).data, {
    seed: 1,
    keeps: 'hash',
    properties: allProperties,
  });
  const heapAt = (height: number): number => {
    world.run({ until: (now) => now.position('A').height > height });
    (globalThis as { gc?: () => void }).gc?.();
    return process.memoryUsage().heapUsed / 1e6;
  };
  return { early: heapAt(2000), late: heapAt(10_000) };
});
report('memory', 'MB after 10000 heights', median(growth.map(({ late }) => late)), median(growth.map(({ early }) => early)));

const searches = repeat(() => {
  const { data } = scenario('crash anywhere', { A: 1, B: 1, C: 1, D: 1 });
  const started = performance.now();
  const { images, states } = enumerateCrashpoints(crashpointsPlan(data, { nodes: ['B'], heights: '2', pending: 2, merge: true }));
  const seconds = (performance.now() - started) / 1000;
  return { images: images / seconds, distinct: states.length / seconds };
});
report('crashpoints', 'images/s', median(searches.map(({ images }) => images)));
report('crashpoints', 'distinct/s', median(searches.map(({ distinct }) => distinct)));

const fuzzed = repeat(() => {
  const { data } = scenario('fuzz', { A: 1, B: 1, C: 1, D: 1 });
  const started = performance.now();
  const count = 30;
  for (let seed = 1; seed <= count; seed += 1) runScenario(fuzzCase(data, seed));
  const plain = performance.now();
  for (let seed = 1; seed <= count; seed += 1) runScenario({ ...randomKills(data, seed), until: { height: 5, round: 0 } });
  return { runs: (1000 * count) / (plain - started), msFiveHeights: (performance.now() - plain) / count };
});
report('fuzz', 'runs/s', median(fuzzed.map(({ runs }) => runs)));
report('fuzz', 'ms for five heights with deaths', median(fuzzed.map(({ msFiveHeights }) => msFiveHeights)));

const explored = repeat(() => {
  const { data } = scenario('explore', { A: 1, B: 1, C: 1, D: 1 });
  const bounds = { victim: 'B', heights: 1, rounds: 1, deaths: 1, deviations: 0, merge: true, maxStates: 100_000 };
  const started = performance.now();
  const { states } = searchSchedules(explorePlan(data, bounds));
  return (1000 * states) / (performance.now() - started);
});
report('explore', 'states/s', median(explored));

const shrunk = repeat(() => {
  const { data } = scenario('shrink', { A: 1, B: 1, C: 1, D: 1 });
  const started = performance.now();
  const { tries } = minimize(fuzzCase(data, 3), { exhibit: 'no-wal' }, 'no-equivocation');
  return { ms: performance.now() - started, tries };
});
report('shrink', 'ms to the smallest', median(shrunk.map(({ ms }) => ms)));

const { interfaceKb, engineKb, openMs, seekMs } = await measurePage();
report('page', 'KB of interface, compressed', interfaceKb);
report('page', 'KB of engine, compressed', engineKb);
if (openMs !== undefined) report('page', 'ms to open 100,000 events', openMs);
if (seekMs !== undefined) report('page', 'ms to seek and paint', seekMs);

if (asJson) {
  const [cpu] = cpus();
  const machine = {
    node: process.version,
    platform: platform(),
    arch: arch(),
    cpus: cpus().length,
    model: cpu?.model ?? 'unknown',
  };
  process.stdout.write(`${JSON.stringify({ version: 1, machine, rows }, null, 1)}\n`);
}
