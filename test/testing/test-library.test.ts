/** `lazurite/chai` and `lazurite/mocha` as their users use them, and logs of your own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, use } from 'chai';
import { event, scenario } from '../../scenarios/index.ts';
import { lazuriteChai } from '../../testing/chai.ts';
import { itAtEveryCrashPoint } from '../../testing/mocha.ts';
import { everyCrashImage, recoverFrom } from '../../testing/recover-from.ts';
import { carefulLog, hopefulLog } from './own-logs.ts';

use(lazuriteChai);

const root = resolve(import.meta.dirname, '../..');
const four = () => scenario('four validators', { A: 1, B: 1, C: 1, D: 1 });

describe('a node that dies anywhere in a height', function () {
  this.timeout(120_000);
  itAtEveryCrashPoint(four(), { node: 'B', heights: [1, 1], sites: ['wal.flush', 'publish', 'decided'] }, (run) => {
    expect(run).to.agree();
    expect(run).to.not.equivocate();
    expect(run).to.be.indistinguishableFromPause();
  });
});

describe('the assertions', () => {
  const run = four()
    .node('B', (b) =>
      b
        .waitUntil(event('vote.cast', { type: 'precommit', height: 2 }))
        .crash({ after: 'publish' })
        .restart({ after: '2s' }),
    )
    .run();

  it('see moments, in their order and number', () => {
    expect(run).to.see(event('crash'), { times: 1, before: event('restart') });
    expect(run).to.see(event('replay.end'), { after: event('restart') });
    expect(run).to.not.see(event('stopped'));
    expect(() => expect(run).to.see(event('restart'), { before: event('crash') })).to.throw('it came after crash');
    expect(() => expect(run).to.see(event('crash'), { times: 2 })).to.throw('2 times but it came 1 times');
  });

  it('take durations as scenarios write them', () => {
    expect(run).to.decide(5, { within: '60s' });
    expect(() => expect(run).to.decide(5, { within: '10ms' })).to.throw('within 10 ms');
  });

  it('run again, and say what holds', () => {
    expect(run).to.be.deterministic();
    expect(run).to.hold('write-ahead');
    expect(() => expect(run).to.not.hold('lock-discipline')).to.throw('never exercised');
  });
});

describe('a log of your own', () => {
  it('recovers from every crash image', () => {
    const result = recoverFrom(carefulLog, everyCrashImage());
    expect(result.images).to.be.greaterThan(1000);
    expect(carefulLog).to.recoverFrom(everyCrashImage());
  });

  it('that never syncs its name is found, with the operation and what survived', () => {
    expect(() => expect(hopefulLog).to.recoverFrom(everyCrashImage())).to.throw(
      /power failed before \w+ log\/entries #\d+, left \S+: .*0 entries/,
    );
  });
});

describe('a failing test at a crash point', () => {
  it('names point and token, keeps the stack of the user, and runs alone when asked', function () {
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-mocha-'));
    try {
      const file = join(folder, 'mine.test.ts');
      const from = (name: string): string => JSON.stringify(join(root, name));
      writeFileSync(
        file,
        `import { expect } from ${JSON.stringify(import.meta.resolve('chai'))};
import { itAtEveryCrashPoint } from ${from('testing/mocha.ts')};
import { scenario } from ${from('scenarios/index.ts')};
itAtEveryCrashPoint(scenario('mine', { A: 1, B: 1, C: 1, D: 1 }), { node: 'B', heights: [1, 1], sites: ['publish'] }, (run) => {
  expect(run.deaths[0]?.at).to.not.contain('publish~1:after');
});
`,
      );
      const mocha = (reporter: string, env: Readonly<Record<string, string>> = {}) =>
        spawnSync(
          process.execPath,
          [
            '--import',
            join(root, 'dev/strip-types.js'),
            '--conditions=lazurite-source',
            join(root, 'node_modules/mocha/bin/mocha.js'),
            '--no-config',
            '--no-package',
            '--timeout',
            '60000',
            '--reporter',
            reporter,
            file,
          ],
          { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', ...env } },
        );
      for (const reporter of ['spec', 'tap', 'xunit', 'json']) {
        const { stdout, status } = mocha(reporter);
        expect(stdout, reporter).to.contain('LAZURITE_REPLAY=t1.');
        expect(stdout, reporter).to.contain('mine.test.ts');
        expect(status).to.equal(1);
      }
      const [, token = ''] = /LAZURITE_REPLAY=(\S+)/.exec(mocha('spec').stdout) ?? [];
      expect(mocha('spec', { LAZURITE_REPLAY: token }).stdout).to.match(/\(1 death\)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
