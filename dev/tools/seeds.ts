/**
 * `npm run seeds -- N`: N seeds of random kills and power losses over the library's first scenario. At most one node is down at a time,
 * which the cluster must survive; every honest node must stay green.
 */
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import { randomKills } from '../../campaigns/index.ts';
import { runScenario } from '../../scenarios/index.ts';

const count = Number(process.argv[2] ?? '100');
if (!Number.isSafeInteger(count) || count < 1) {
  process.stderr.write('give the number of seeds, such as `npm run seeds -- 1000`\n');
  process.exit(2);
}
const { data } = await loadScenario('scenarios/library/01-the-lesson-of-the-log.ts');
let deaths = 0;
let red = 0;
let shown = performance.now();
for (let seed = 1; seed <= count; seed += 1) {
  const run = runScenario({ ...randomKills(data, seed), until: { timeMs: 8000 } });
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
