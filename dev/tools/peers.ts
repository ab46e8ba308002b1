/** Writes docs/peers.md: each scenario of scenarios/peers with the tests that it repeats, how it ran, and what is lost. `--check`: exit 1 where the page is old. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import { runScenario } from '../../scenarios/index.ts';
import { type PeerTest, peerTests } from './peer-tests.ts';

const page = 'docs/peers.md';

async function rowOf({ scenario, tests, lost = 'nothing' }: PeerTest): Promise<string> {
  const file = `scenarios/peers/${scenario}.ts`;
  const run = runScenario((await loadScenario(file)).data);
  if (!run.asExpected) throw new Error(`${file}: ${run.complaints.join('; ')}`);
  const seconds = (run.world.now / 1_000_000).toFixed(3);
  return `| ${tests.map((name) => `\`${name}\``).join('<br>')} | [${scenario.split('/')[1]}](../${file}) | ${seconds} s | ${lost} |`;
}

async function tableOf(engine: string): Promise<string> {
  const rows: string[] = [];
  for (const test of peerTests) if (test.scenario.startsWith(`${engine}/`)) rows.push(await rowOf(test));
  return `| test | scenario | virtual time | difference from the original |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

const text = `# The tests of other engines, as scenarios

The integration tests of Malachite (at 4e8bb7d) and of CometBFT (at 5bba72c), written as scenarios. \`npm run peers\` runs them and writes this page. \`(2)\` means that the original
test function runs 2 combinations of parameters. Each scenario is judged by all properties, in addition to what its script expects.

\`\`\`sh
npx lazurite run scenarios/peers/malachite/wal-1-proposer-crashes-after-proposing.ts
npx lazurite run scenarios/peers/cometbft/replay-1-wal-crash.ts --seeds 1-10 --delay 1ms..25ms
npx lazurite crashpoints scenarios/peers/cometbft/replay-1-wal-crash.ts --node A --site wal.append --heights 1-1
\`\`\`

## Malachite

${await tableOf('malachite')}

## CometBFT

${await tableOf('cometbft')}
`;

if (process.argv.includes('--check')) process.exitCode = existsSync(page) && readFileSync(page, 'utf8') === text ? 0 : 1;
else writeFileSync(page, text);
