/**
 * `npm run seeds -- N`: N seeds of random kills and power losses over the library's first scenario. At most one node is down at a time,
 * which the cluster must survive; every honest node must stay green.
 */
import { seeded } from '../actors/choice.ts';
import { loadScenario } from '../cli/load-scenario.ts';
import { runScenario, type ScenarioData } from '../scenarios/index.ts';
import type { ScriptStep } from '../scenarios/model.ts';

const count = Number(process.argv[2] ?? '100');
if (!Number.isSafeInteger(count) || count < 1) {
  process.stderr.write('give the number of seeds, such as `npm run seeds -- 1000`\n');
  process.exit(2);
}
const { data } = await loadScenario('scenarios/library/01-the-lesson-of-the-log.ts');
const names = Object.keys(data.validators);
const sites = [
  'wal.append',
  'wal.flush',
  'publish',
  'timer.set',
  'decided',
  'store.append',
  'store.flush',
  'segment.create',
  'segment.open',
  'segment.prune',
  'value.get',
];

/** One victim a seed, up to three deaths, each with a fresh draw of point, phase, kind and image. */
function randomDeaths(seed: number): ScenarioData {
  const { choose } = seeded(seed);
  const pick = <Item>(items: readonly Item[], label: string, subject: number): Item =>
    items[choose(items.length, label, subject)] as Item;
  const steps: ScriptStep[] = [];
  const victim = pick(names, 'victim', 0);
  for (let death = 0; death <= choose(3, 'deaths', 0); death += 1) {
    const kind = pick(['kill', 'power'] as const, 'kind', death);
    const phase = pick(['before', 'torn', 'after'] as const, 'phase', death);
    const image = pick(['none', 'all', { cut: choose(200, 'cut', death) }] as const, 'image', death);
    const strike = { site: pick(sites, 'site', death), phase, nth: 1 + choose(12, 'nth', death) };
    steps.push(
      { type: 'death', kind, strike, image: kind === 'kill' ? 'none' : image },
      { type: 'restart', afterMs: 100 + choose(2000, 'restart', death) },
    );
  }
  const { proposers: _named, variants: _variants, ...rest } = data;
  return { ...rest, proposers: {}, variants: [], mustReach: [], decides: [], scripts: { [victim]: steps }, seed };
}

let deaths = 0;
let red = 0;
let shown = performance.now();
for (let seed = 1; seed <= count; seed += 1) {
  const run = runScenario({ ...randomDeaths(seed), until: { timeMs: 8000 } });
  deaths += run.deaths.length;
  if (run.verdict === 'violated' || run.heights < 3) {
    red += 1;
    process.stdout.write(`seed ${seed}: ${run.verdict}, ${run.heights} heights; ${JSON.stringify(run.deaths)}\n`);
    for (const { name, verdict, message } of run.properties)
      if (verdict === 'violated') process.stdout.write(`  ${name}: ${message ?? ''}\n`);
  }
  if (performance.now() - shown > 1000 && process.stderr.isTTY) {
    shown = performance.now();
    process.stderr.write(`\r${seed} of ${count}`);
  }
}
process.stdout.write(`${count} seeds, ${deaths} deaths, ${red} red\n`);
process.exitCode = red > 0 ? 1 : 0;
