/** Scenarios in JavaScript: what types forbid is reported as it is in YAML, and a script beside them is not run to see whether it is one. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenario, scenarioFiles } from '../../../apps/cli/load-scenario.ts';
import { ScenarioError } from '../../../scenarios/index.ts';

const begin =
  "import { agreement, decides, event, scenario } from 'lazurite';\nexport default scenario('x', { A: 1, B: 1, C: 1, D: 1 })";

describe('a scenario whose types nobody checks', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-untyped-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const untyped: readonly (readonly [string, string])[] = [
    [".fault({ time: 10 }, { type: 'crsh', nodes: ['B'] })", "no fault is called 'crsh'; did you mean 'crash'?"],
    [".fault({ time: 10 }, { type: 'crash', node: 'B' })", "'node' is not known here; did you mean 'nodes'?"],
    [".wal({ attest: 'strickt' })", "expected 'next' or 'strict'"],
    ['.network({ los: 0.5 })', "did you mean 'loss'?"],
    [".network({ links: { 'A->Z': {} } })", "no node is called 'Z'"],
    [".variants({ name: 'x', brake: 'no-wal' })", "did you mean 'break'?"],
    ['.expect(agreement)', 'call it'],
    [".byzantine('D', 'two-vote')", "did you mean 'two-votes'?"],
    [".node('B', (b) => b.crash({ afer: 'publish' }))", "crash() has no 'afer'; did you mean 'after'?"],
    [".node('B', (b) => b.crash({ nth: 2 }))", 'crash() says when by before, after or torn'],
    [".node('B', (b) => b.crash().restart({ within: '1s' }))", "restart() has no 'within'; it has after"],
    [".node('B', (b) => b.waitUntil(event('publish'), { withn: '1s' }))", "waitUntil() has no 'withn'; did you mean 'within'?"],
    [".partition([['A'], ['B']], { oneway: true })", "partition() has no 'oneway'; did you mean 'oneWay'?"],
    [".expect(decides(3, { node: ['A'] }))", "decides() has no 'node'; did you mean 'nodes'?"],
    [".node('B', (b) => b.startsLate({ after: '1s', node: 'A' }))", 'with `after` it means nothing'],
    [".node('B', (b) => b.waitUntil('vote.cast'))", 'a script waits for what `event(...)` gives'],
    [".node('B', (b) => b.expect(event('publish'), { sameAs: 'nope' }))", "is called 'nope'"],
    [".proposer(3, 'B')", "write 'height.round'"],
    ['.describe(nope)', ': nope is not defined'],
  ];
  for (const [index, [call, words]] of untyped.entries())
    it(`is refused for ${call}`, async () => {
      const file = join(folder, `untyped-${index}.js`);
      writeFileSync(file, `${begin}${call};\n`);
      let told = 'nothing';
      try {
        await loadScenario(file);
      } catch (error) {
        if (error instanceof ScenarioError) told = error.message;
        else throw error;
      }
      expect(told).to.contain(words);
    });

  it("may compare with what another node's script has noted", async () => {
    const file = join(folder, 'two-scripts.js');
    const scripts =
      ".node('A', (a) => a.waitUntil(event('publish', { height: 2 }), { as: 'first' }))" +
      ".node('B', (b) => b.expect(event('publish', { height: 3 }), { differsFrom: 'first' }))";
    writeFileSync(file, `${begin}${scripts};\n`);
    expect((await loadScenario(file)).name).to.equal('x');
  });

  it('is not looked for in a script that exports none', async () => {
    const ran = join(folder, 'ran');
    writeFileSync(
      join(folder, 'deploy.mjs'),
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(ran)}, '');\n`,
    );
    writeFileSync(join(folder, 'good.mjs'), `${begin};\n`);
    const files = scenarioFiles([folder]);
    expect(files.map((file) => file.slice(folder.length + 1)))
      .to.include('good.mjs')
      .and.not.include('deploy.mjs');
    await loadScenario(join(folder, 'good.mjs'));
    expect(existsSync(ran)).to.equal(false);
  });
});
