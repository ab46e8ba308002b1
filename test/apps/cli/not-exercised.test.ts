/** Not exercised is not green: a named property that was not judged, or an exhibit that changed nothing, makes run and campaign undecided. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fuzz } from '../../../campaigns/index.ts';
import { agreement, event, lockDiscipline, replayEquivalence, scenario, writeAhead } from '../../../scenarios/index.ts';
import { command } from './command-run.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
}

describe('what was not exercised', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-open-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function lazurite(...args: readonly string[]): Ended {
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' };
    const { status, stdout } = spawnSync(process.execPath, [...command, ...args], { cwd: folder, encoding: 'utf8', env });
    return { status, stdout };
  }
  function file(name: string, text: string): string {
    writeFileSync(join(folder, name), text);
    return name;
  }

  describe('a property that the scenario names', () => {
    const restarted = scenario('B comes back', four).node('B', (b) =>
      b
        .crash({ after: 'publish' })
        .restart({ after: '1s' })
        .waitUntil(event('height.start', { height: 9 })),
    );

    it('makes the run undecided where the run says nothing about it, with the reason', () => {
      const run = scenario('nobody dies', four).expect(agreement(), replayEquivalence()).run({ record: false });
      expect(run.verdict).to.equal('undecided');
      expect(run.complaints).to.deep.equal([
        'the scenario names replay-equivalence, which was not exercised: no node came back with something to replay',
      ]);
      expect(restarted.expect(replayEquivalence()).run({ record: false }).verdict).to.equal('held');
    });

    it('makes the run undecided where it is off', () => {
      const run = restarted.variants({ name: 'x', wal: 'none' }, { name: 'y' }).expect(writeAhead()).run({ record: false });
      expect(run.verdict).to.equal('undecided');
      expect(run.complaints).to.deep.equal(['the scenario names write-ahead, which is off: without a log it says nothing']);
    });

    it('makes a variant undecided that fails as expected, and leaves a surprise a violation', () => {
      const broken = scenario('early', four).expect(lockDiscipline()).until({ time: '1s' });
      const early = { name: 'early', break: 'broadcast-before-flush' } as const;
      const expected = broken.variants({ ...early, expect: { fail: ['write-ahead'] } }).run({ record: false });
      expect(expected.verdict).to.equal('undecided');
      expect(broken.variants(early).run({ record: false }).verdict).to.equal('violated');
    });

    it('leaves a run alone that names what a second run judges, and properties that are not named', () => {
      const run = scenario('nobody dies', four).expect({ property: 'determinism' }).run({ record: false });
      expect(run.verdict).to.equal('held');
    });

    it('is exit 3 and undecided in the JSON', () => {
      const name = file('x.yaml', 'scenario: x\nvalidators: { A: 1, B: 1, C: 1, D: 1 }\nexpect: [comes-back, agreement]\n');
      const { status, stdout } = lazurite('run', name, '--json');
      const json = JSON.parse(stdout) as { ok: boolean; scenarios: { verdict: string; complaints: string[] }[] };
      expect(status).to.equal(3);
      expect(json.ok).to.equal(false);
      expect(json.scenarios[0]).to.include({ verdict: 'undecided', asExpected: false });
      expect(lazurite('run', name).stdout).to.contain(
        '! the scenario names comes-back, which was not exercised: no node came back',
      );
    });
  });

  describe('an exhibit that changes nothing', () => {
    const lost = `scenario: the block store is gone
validators: { A: 10, B: 10, C: 10 }
proposers: { "4.0": C }
wal: { onCorrupt: abstain }
faults:
  - at: { event: publish, where: { type: proposal, height: 4 }, node: C }
    fault: { type: missing, node: C, file: blocks }
variants:
  - name: votes again at once
    break: gone-log-made-anew
    expect: { fail: [no-equivocation] }
  - name: honest
until: { time: 3s }
`;

    it('makes the run undecided, and says so', () => {
      const { status, stdout } = lazurite('run', file('lost.yaml', lost));
      expect(stdout).to.contain("! the exhibit 'gone-log-made-anew' changed nothing: the run has the hash of the honest node's");
      expect(stdout).to.match(/✕ undecided {2}the block store is gone: votes again at once/);
      expect(stdout).to.match(/✓ held {2}the block store is gone: honest/);
      expect(status).to.equal(3);
      // The same exhibit does something where its node halts.
      const { status: halted, stdout: words } = lazurite('run', file('halts.yaml', lost.replace('abstain', 'halt')));
      expect(words).to.not.contain('changed nothing');
      expect(halted).to.equal(1);
    });

    it('is found by each campaign: undecided, exit 3, also for machines', function () {
      this.timeout(240_000);
      const quiet = file('quiet.yaml', 'scenario: quiet\nvalidators: { A: 1, B: 1, C: 1, D: 1 }\n');
      const idle = ['--break', 'gone-log-made-anew', '--no-progress', '--jobs', '1'];
      const campaigns = [
        ['fuzz', quiet, '--runs', '1', '--seed', '2'],
        ['crashpoints', quiet, '--node', 'B', '--heights', '1', '--site', 'publish'],
        ['explore', quiet, '--node', 'B', '--deviations', '0', '--deaths', '0'],
      ];
      for (const campaign of campaigns) {
        const { status, stdout } = lazurite(...campaign, ...idle, '--json');
        expect(JSON.parse(stdout), campaign[0]).to.include({ ok: false, idle: 'gone-log-made-anew' });
        expect(status, campaign[0]).to.equal(3);
      }
      const told = lazurite(...(campaigns[0] ?? []), ...idle).stdout;
      expect(told).to.contain("undecided: the exhibit 'gone-log-made-anew' changed nothing");
      const cases = lazurite(...(campaigns[0] ?? []), ...idle, '--reporter', 'tap').stdout;
      expect(cases).to.not.match(/^ok /m);
    });

    it('is compared with the honest node until one run differs, and not at all without an exhibit', () => {
      expect(fuzz(scenario('quiet', four), { runs: 1, seed: 1 }).exhibitActed).to.equal(false);
      const { exhibitActed } = fuzz(scenario('quiet', four), {
        runs: 2,
        seed: 1,
        exhibit: 'broadcast-before-flush',
        shrink: false,
      });
      expect(exhibitActed).to.equal(true);
    });
  });
});
