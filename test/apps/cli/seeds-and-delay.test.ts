/** `run --seeds` and `run --delay`: the same scenarios under other seeds and other delays. And folders of folders. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { delayRange, seedRange } from '../../../apps/cli/flags.ts';
import { scenarioFiles } from '../../../apps/cli/load-scenario.ts';
import { plainCluster } from '../../../apps/cli/plain-cluster.ts';
import { runUnit } from '../../../apps/cli/run-unit.ts';
import { replay } from '../../../campaigns/index.ts';
import { runScenario } from '../../../scenarios/index.ts';
import { parseScenario } from '../../../scenarios/yaml.ts';
import { command } from './command-run.ts';

const lazurite = (...args: readonly string[]) => spawnSync(process.execPath, [...command, ...args], { encoding: 'utf8' });

interface Reported {
  readonly seed: number;
  readonly hash: string;
}

const scenariosOf = (text: string): readonly Reported[] => (JSON.parse(text) as { scenarios: readonly Reported[] }).scenarios;

describe('run under other seeds and delays', () => {
  const file = 'scenarios/yaml/four-validators.yaml';
  const parsed = () => ({ data: parseScenario(readFileSync(file, 'utf8'), file) });

  it('runs each seed of a range with the delays that are given', () => {
    const { stdout } = lazurite('run', file, '--seeds', '3-5', '--delay', '1ms..25ms', '--json');
    const jittered = scenariosOf(stdout);
    expect(jittered.map(({ seed }) => seed)).to.deep.equal([3, 4, 5]);
    const { data } = parsed();
    const usual = runScenario(data, { seed: 3 });
    const delayed = runScenario({ ...data, network: { delay: ['1ms', '25ms'] } }, { seed: 3 });
    expect(jittered[0]?.hash).to.equal(delayed.hash).and.not.equal(usual.hash);
    expect(new Set(jittered.map(({ hash }) => hash)).size).to.equal(3);
  });

  it('gives a token that names the delays, so that it is found again', async () => {
    const linked = `scenario: two links\nvalidators: { A: 1, B: 1, C: 1, D: 1 }\nnetwork: { links: { A->B: { delay: 30ms, loss: 0.1 } } }\n`;
    for (const { data: written } of [parsed(), { data: parseScenario(linked, 'links.yaml') }])
      for (const more of [{}, { until: { height: 4, round: 0 } }, { seed: 9, until: { timeMs: 700.25 } }]) {
        const { run, token } = (await runUnit({ file: 'x', data: written, delay: [1.5, 25], ...more }))();
        expect(replay({ scenario: written, token }).hash, token).to.equal(run.hash);
        const usual = (await runUnit({ file: 'x', data: written, ...more }))();
        expect(replay({ scenario: written, token: usual.token }).hash)
          .to.equal(usual.run.hash)
          .and.not.equal(run.hash);
      }
    const { run, token } = (
      await runUnit({ file: '', plain: { validators: 4, crash: 'B@1.0/publish~1:after' }, delay: [5, 5] })
    )();
    expect(replay({ scenario: plainCluster(4), token }).hash).to.equal(run.hash);
    const { stdout } = lazurite('run', file, '--delay', '1ms..25ms', '--json');
    const [{ token: named = '', hash = '' } = {}] = scenariosOf(stdout) as readonly { token?: string; hash?: string }[];
    expect(lazurite('replay', named).stdout).to.contain(hash);
  });

  it('says what is wrong with a range', () => {
    expect(seedRange('3-5')).to.deep.equal([3, 4, 5]);
    expect(seedRange('7')).to.deep.equal([7]);
    expect(delayRange('10ms')).to.deep.equal([10, 10]);
    expect(() => seedRange('5-3')).to.throw('give 3-5');
    expect(() => seedRange('x')).to.throw('such as 1-10');
    expect(() => seedRange('1-200000')).to.throw('at most');
    for (const wrong of ['25ms..1ms', '1', '1ms..2ms..3ms', ''])
      expect(() => delayRange(wrong), wrong).to.throw('such as 1ms..25ms');
  });

  it('finds scenarios in folders of folders, and not in hidden ones or packages', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-folders-'));
    try {
      for (const inner of ['b/c', '.hidden', 'node_modules', 'a']) mkdirSync(join(folder, inner), { recursive: true });
      for (const name of ['b/c/1.yaml', 'a/2.yaml', '3.yaml', '.hidden/4.yaml', 'node_modules/5.yaml'])
        writeFileSync(join(folder, name), 'scenario: x\nvalidators: { A: 1 }\n');
      expect(scenarioFiles([folder])).to.deep.equal(['3.yaml', 'a/2.yaml', 'b/c/1.yaml'].map((name) => join(folder, name)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
