/** Campaigns that do not come to their end: by Ctrl-C, or with units lost. The report covers what had ended, and says that it is not all. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { Interruption } from '../../../apps/cli/interruption.ts';
import { inOrder } from '../../../apps/cli/pool.ts';
import { type RunDone, type RunTask, runUnit } from '../../../apps/cli/run-unit.ts';
import { command } from './command-run.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Scenarios that are in trouble once another than A has died: of a kind that the environment names. */
const troubled = `
import { writeSync } from 'node:fs';
import { scenario, event } from 'lazurite';
import { rollcall, surroundings } from '${join(root, 'docs/course/rollcall.js')}';

const lock = new Int32Array(new SharedArrayBuffer(4));
const trouble = {
  watches: ['death'],
  start: null,
  look: (memory, { node }) => {
    if (node === 'A') return memory;
    if (process.env.TROUBLE === 'throw') throw new Error('no good');
    if (process.env.TROUBLE === 'exit') process.exit(9);
    writeSync(2, 'stuck\\n');
    for (;;) Atomics.wait(lock, 0, 0, 20);
  },
  finish: () => ({ verdict: 'held', violations: [] }),
};
const property = { name: 'trouble', says: 'nothing', monitor: () => trouble };
export const story = (victim) => scenario(victim + ' dies', { A: 1, B: 1, C: 1 })
  .protocol(rollcall, { ...surroundings, properties: [...surroundings.properties, property] })
  .node(victim, (one) => one.waitUntil(event('publish', { type: 'add', height: 2 })).crash().restart({ after: '300ms' }));
`;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
}

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'lazurite-ends-'));
  writeFileSync(join(folder, 'story.js'), troubled);
  for (const [name, victim] of Object.entries({ '1': 'A', '2': 'B', '3': 'C' }))
    writeFileSync(join(folder, `${name}.js`), `import { story } from './story.js';\nexport default story('${victim}');\n`);
});
after(() => rmSync(folder, { recursive: true }));

describe('Ctrl-C', function () {
  this.timeout(120_000);
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  /** Interrupts when it has said so often that it is stuck. */
  const interrupted = (args: readonly string[], times: number, preload: readonly string[] = []): Promise<Ended> =>
    new Promise((done) => {
      const running = spawn(process.execPath, [...preload, ...command, ...args], {
        cwd: folder,
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      child = running;
      let stdout = '';
      let stuckTimes = 0;
      running.stdout.on('data', (data: Buffer) => {
        stdout += data.toString();
      });
      running.stderr.on('data', (data: Buffer) => {
        const before = stuckTimes;
        stuckTimes += data.toString().match(/stuck/g)?.length ?? 0;
        if (before < times && stuckTimes >= times) running.kill('SIGINT');
      });
      running.on('close', (status) => done({ status, stdout }));
    });

  // When every worker is stuck, what came before has ended.
  for (const jobs of [1, 2])
    describe(`with --jobs ${jobs}`, () => {
      const command = (...args: readonly string[]): Promise<Ended> => interrupted([...args, '--jobs', String(jobs)], jobs);

      it('run tells the runs that had ended', async () => {
        const { status, stdout } = await command('run', '1.js', '2.js', '3.js');
        expect(stdout).to.match(/✓ held {2}A dies[\s\S]*1 of 1 runs as expected[\s\S]*\ninterrupted: 1 of 3 runs had ended\n$/);
        expect(status).to.equal(130);
      });

      it('run --json is no success', async () => {
        const { status, stdout } = await command('run', '1.js', '2.js', '3.js', '--json');
        expect(JSON.parse(stdout)).to.deep.include({ ok: false, isInterrupted: true });
        expect((JSON.parse(stdout) as { scenarios: readonly unknown[] }).scenarios).to.have.length(1);
        expect(status).to.equal(130);
      });

      it('crashpoints leaves the points that were not judged undecided, and the certificate open', async () => {
        const { status, stdout } = await command('crashpoints', '1.js', '--heights', '1', '--site', 'publish', '--json');
        const told = JSON.parse(stdout) as Record<'held' | 'undecided' | 'points', number> & { complete: unknown };
        expect(told).to.deep.include({ ok: false, isInterrupted: true });
        expect(told.complete).to.deep.include({ isComplete: false });
        expect(told.held).to.be.greaterThan(0);
        expect(told.undecided).to.be.greaterThan(0);
        expect(told.held + told.undecided).to.equal(told.points);
        expect(status).to.equal(130);
      });

      it('explore has exhausted nothing', async () => {
        const { status, stdout } = await command('explore', '1.js', '--deviations', '0', '--json');
        const told = JSON.parse(stdout) as { victims: readonly { victim: string }[] };
        expect(told).to.deep.include({ ok: false, isInterrupted: true, exhausted: false });
        expect(told.victims.map(({ victim }) => victim)).to.deep.equal(['A']);
        expect(status).to.equal(130);
      });

      it('fuzz tells the seeds that had ended', async () => {
        const { status, stdout } = await command('fuzz', '2.js', '--around', '--runs', '30', '--json');
        expect(JSON.parse(stdout)).to.deep.include({ ok: false, isInterrupted: true, runs: 0 });
        expect(status).to.equal(130);
      });

      it('museum shows the exhibits that had been judged', async () => {
        // Each exhibit asks for the time when it begins, and then somebody listens to the signal.
        const says = `
          import { isMainThread } from 'node:worker_threads';
          import { writeSync } from 'node:fs';
          let isHeard = !isMainThread;
          process.on('newListener', (name) => { isHeard ||= name === 'SIGINT'; });
          const now = performance.now.bind(performance);
          performance.now = () => { if (isHeard) writeSync(2, 'stuck'); return now(); };`;
        const preload = ['--import', `data:text/javascript,${encodeURIComponent(says)}`];
        const { status, stdout } = await interrupted(['museum', '--json', '--jobs', String(jobs)], 1, preload);
        expect(JSON.parse(stdout)).to.deep.include({ ok: false, isInterrupted: true });
        expect(status).to.equal(130);
      });
    });

  it('is told below the strip, whose open points are no certificate', async () => {
    const { stdout } = await interrupted(
      ['crashpoints', '1.js', '--node', 'A,B', '--heights', '1', '--site', 'publish', '--jobs', '1'],
      1,
    );
    expect(stdout).to.match(/the list is bounded[\s\S]*\ninterrupted: \d+ of \d+ crash points had ended\n$/);
  });
});

describe('a unit that is lost', function () {
  this.timeout(120_000);

  const lazurite = (trouble: string, ...args: readonly string[]): Ended & { readonly stderr: string } =>
    spawnSync(process.execPath, [...command, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', TROUBLE: trouble },
    });

  const troubles = [
    { what: 'whose worker dies', trouble: 'exit', jobs: '2', error: /exit/ },
    { what: 'that throws', trouble: 'throw', jobs: '1', error: /no good/ },
  ];
  for (const { what, trouble, jobs, error } of troubles)
    describe(what, () => {
      it('costs run that run alone', () => {
        const { status, stdout, stderr } = lazurite(trouble, 'run', '1.js', '2.js', '1.js', '--json', '--jobs', jobs);
        const told = JSON.parse(stdout) as { scenarios: readonly unknown[]; lost: readonly { unit: string; error: string }[] };
        expect(told).to.deep.include({ ok: false, isInterrupted: false });
        expect(told.scenarios).to.have.length(2);
        expect(told.lost.map(({ unit }) => unit)).to.deep.equal(['2.js']);
        expect(told.lost[0]?.error).to.match(error);
        expect(stderr).to.contain('lost: 2.js: ');
        expect(status).to.equal(3);
      });

      it('costs crashpoints the points of that part, which are undecided', () => {
        const flags = ['--node', 'A,C', '--heights', '1', '--site', 'publish', '--json', '--jobs', jobs];
        const { status, stdout } = lazurite(trouble, 'crashpoints', '1.js', ...flags);
        const told = JSON.parse(stdout) as Record<'held' | 'undecided', number> & { complete: unknown; lost: { unit: string }[] };
        expect(told.held).to.be.greaterThan(0);
        expect(told.undecided).to.be.greaterThan(0);
        expect(told.complete).to.deep.include({ isComplete: false });
        for (const { unit } of told.lost) expect(unit).to.match(/^points \d+ to \d+ of C$/);
        expect(status).to.equal(3);
      });

      it('costs explore that victim', () => {
        const { status, stdout } = lazurite(trouble, 'explore', '1.js', '--deviations', '0', '--json', '--jobs', jobs);
        const told = JSON.parse(stdout) as { victims: readonly { victim: string }[]; lost: readonly { unit: string }[] };
        expect(told.victims.map(({ victim }) => victim)).to.deep.equal(['A']);
        expect(told.lost.map(({ unit }) => unit)).to.deep.equal(['victim B', 'victim C']);
        expect(told).to.deep.include({ ok: false, exhausted: false });
        expect(status).to.equal(3);
      });

      it('costs fuzz those seeds', () => {
        const { status, stdout } = lazurite(trouble, 'fuzz', '2.js', '--around', '--runs', '10', '--json', '--jobs', jobs);
        const told = JSON.parse(stdout) as { seed: number; lost: readonly { unit: string }[] };
        expect(told.lost.map(({ unit }) => unit)).to.deep.equal([`seeds ${told.seed} to ${told.seed + 9}`]);
        expect(status).to.equal(3);
      });
    });

  it('costs museum that exhibit', () => {
    const says = `
      import { isMainThread } from 'node:worker_threads';
      if (!isMainThread) performance.now = () => { throw new Error('no clock'); };`;
    const preload = ['--import', `data:text/javascript,${encodeURIComponent(says)}`];
    const args = ['museum', '--exhibit', 'fsync-retried', '--json', '--jobs', '2'];
    const { status, stdout } = spawnSync(process.execPath, [...preload, ...command, ...args], { cwd: folder, encoding: 'utf8' });
    const lost = [{ unit: 'exhibit fsync-retried', error: 'no clock' }];
    expect(JSON.parse(stdout)).to.deep.include({ ok: false, rows: [], lost });
    expect(status).to.equal(3);
  });

  it('is named in reports, and is no success there', () => {
    const { status, stdout } = lazurite('throw', 'run', '1.js', '2.js', '--reporter', 'tap');
    expect(stdout).to.match(/^ok 1 - A dies[\s\S]*^not ok 2 - [\s\S]*lost: 2\.js: no good/m);
    expect(status).to.equal(3);
  });

  it('is none where the mistake is in the command', () => {
    const { status, stderr } = lazurite('', 'run', '1.js', '--variant', 'x', '--jobs', '2');
    expect(stderr).to.contain("has no variant 'x'");
    expect(status).to.equal(2);
  });

  // In one thread the clock must stand for the time that the unit was given, so that it may take twenty times as long.
  for (const { jobs, hangMs, said } of [
    { jobs: 1, hangMs: 250, said: '5 s' },
    { jobs: 2, hangMs: 8000, said: '8 s' },
  ])
    it(`may hang: with ${jobs} at a time the others go on`, async () => {
      const tasks: readonly RunTask[] = ['2.js', '1.js', '1.js'].map((name) => ({ file: join(folder, name) }));
      const worker = { file: 'run-unit', name: 'runUnit', local: (task: RunTask) => runUnit(task) } as const;
      const ends: string[] = [];
      const how = { jobs, hangMs, interruption: new Interruption() };
      for await (const { result, error } of inOrder<RunTask, RunDone>(tasks, worker, how))
        ends.push(result?.run.verdict ?? (error as Error).message);
      expect(ends).to.deep.equal([`it had not ended after ${said}`, 'held', 'held']);
    });
});
