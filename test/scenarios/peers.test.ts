/** The tests of other engines as scenarios: each is named, each runs as expected, and the page lists them. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadScenario, scenarioFiles } from '../../apps/cli/load-scenario.ts';
import { peerTests } from '../../dev/tools/peer-tests.ts';
import { runScenario } from '../../scenarios/index.ts';

const page = readFileSync('docs/peers.md', 'utf8');

describe('the tests of other engines', () => {
  it('are all named: every scenario of the folder tells some, and none is told twice', () => {
    const files = scenarioFiles(['scenarios/peers']);
    expect(peerTests.map(({ scenario }) => `scenarios/peers/${scenario}.ts`)).to.have.members(files);
    const tests = peerTests.flatMap((one) => one.tests);
    expect(new Set(tests).size).to.equal(tests.length);
  });

  for (const { scenario, tests, lost = 'nothing' } of peerTests)
    it(`${scenario} runs as expected, and stands in the page with its time`, async () => {
      const { data } = await loadScenario(`scenarios/peers/${scenario}.ts`);
      const run = runScenario(data);
      expect(run.complaints).to.deep.equal([]);
      expect(run.verdict).to.equal(data.variants[0]?.expect === undefined ? 'held' : 'violated');
      const names = tests.map((name) => `\`${name}\``).join('<br>');
      const time = `${(run.world.now / 1_000_000).toFixed(3)} s`;
      expect(page).to.contain(
        `| ${names} | [${scenario.split('/')[1]}](../scenarios/peers/${scenario}.ts) | ${time} | ${lost} |`,
      );
    });
});
