/**
 * One campaign, done in six ways, has one answer: one process, worker threads, shards, and a queue with four workers. Two workers are killed at random moments,
 * the
 * server is killed, started again and forgets a unit, and the coordinator is killed and started again. Real processes, a real server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { expect } from 'chai';
import { needsRedis, startRedis, type TestServer } from '../../runtime/redis-server.ts';
import { command } from './command-run.ts';

interface Answer {
  readonly campaign?: string;
  readonly digest: string;
  readonly units: { readonly done: number; readonly missing: number };
  readonly counts: { readonly runs: number; readonly deaths: number; readonly failures: readonly unknown[] };
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

const units = 12;
const seed = 11;
const campaign = ['--runs', String(units * 2), '--unit', '2', '--seed', String(seed), '--break', 'no-wal'];

describe('the same answer', function () {
  this.timeout(240_000);
  let folder: string;
  let server: TestServer;
  const running = new Set<ChildProcess>();
  before(async function () {
    needsRedis(this);
    folder = mkdtempSync(join(tmpdir(), 'lazurite-same-'));
    server = await startRedis();
  });
  after(() => {
    for (const child of running) child.kill('SIGKILL');
    server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const lazurite = (...args: readonly string[]): Running => {
    const child = spawn(process.execPath, [...command, 'campaign', ...args], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    running.add(child);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.once('close', (code) => {
        running.delete(child);
        resolve({ code, ...texts });
      }),
    );
    return { child, ended };
  };
  const answerOf = async ({ ended }: Running): Promise<Answer> => {
    const { stdout, stderr } = await ended;
    try {
      return JSON.parse(stdout) as Answer;
    } catch {
      throw new Error(`no answer: ${stderr}`);
    }
  };
  const start = (...more: readonly string[]): Running => lazurite('start', ...campaign, '--json', ...more);
  const queueOf = (name: string): Queue =>
    new Queue(name, { connection: { host: '127.0.0.1', port: server.port, password: server.password }, prefix: 'lazurite' });
  const kill = async ({ child, ended }: Running): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const shortly = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms * Math.random()));

  /** Four workers that are troubled in every way. Says how often a unit was begun. */
  const troubled = async (): Promise<{ readonly answer: Answer; readonly begun: number }> => {
    const first = start('--queue', server.address);
    const named = await lazuriteName(first);
    const queue = queueOf(named);
    queue.on('error', () => undefined);
    const done = async (least: number): Promise<void> => {
      while ((await queue.getCompletedCount()) < least) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const workers = [1, 2, 3, 4].map(() => lazurite('work', named, '--queue', server.address, '--jobs', '1', '--lease', '2s'));
    /** One of those that have a unit in work. */
    const killWorker = async (): Promise<void> => {
      for (;;) {
        await shortly(200);
        const busy = (await queue.getActive()).map(({ processedBy }) => Number(processedBy?.split('-').at(-1)));
        const victim = workers.find(
          ({ child }) => child.exitCode === null && child.signalCode === null && busy.includes(child.pid ?? 0),
        );
        if (victim !== undefined) return await kill(victim);
      }
    };
    await done(1);
    await kill(first);
    const second = start('--queue', server.address);
    await killWorker();
    await done(units / 4);
    await server.restart();
    // As if the server had lost the newest of what it was given.
    expect(await queue.remove(`from-${seed + 2 * (units - 1)}`), 'a unit that waits').to.equal(1);
    await killWorker();
    expect(await queue.getCompletedCount(), 'all of this happened before the end').to.be.lessThan(units);
    const answer = await answerOf(second);
    const ends = await Promise.all(workers.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code).sort()).to.deep.equal([0, 0, null, null]);
    const jobs = await queue.getJobs(['completed']);
    await queue.close();
    return { answer, begun: jobs.reduce((sum, job) => sum + job.attemptsStarted, 0) };
  };
  /** The coordinator says it when the units are in the queue. */
  const lazuriteName = async ({ child }: Running): Promise<string> =>
    new Promise((resolve, reject) => {
      child.stderr?.on('data', (text: string) => {
        const [, name] = /campaign ([0-9A-F]{8});/.exec(text) ?? [];
        if (name === undefined) reject(new Error(text));
        else resolve(name);
      });
    });

  it('comes of one process, of threads, of shards, and of a queue in which everything was killed once', async () => {
    const shard = (index: number): Running => start('--jobs', '1', '--shard', `${index}/2`, '--journal', `part${index}`);
    const [alone, threads] = await Promise.all([
      answerOf(start('--jobs', '1', '--journal', 'alone')),
      answerOf(start('--jobs', '2', '--journal', 'threads')),
      ...[1, 2].map((index) => shard(index).ended),
    ]);
    const shards = await answerOf(lazurite('report', 'part2', 'part1', '--json'));
    expect([alone.counts.runs, alone.units]).to.deep.equal([units * 2, { done: units, missing: 0 }]);
    expect(alone.counts.failures).to.not.deep.equal([]);
    const { answer, begun } = await troubled();
    for (const other of [threads, shards, answer]) {
      expect(other.digest).to.equal(alone.digest);
      expect(other.units).to.deep.equal(alone.units);
      expect(other.counts).to.deep.equal(alone.counts);
    }
    expect(begun, 'units whose worker died are done by another').to.be.greaterThan(units);
    const report = await answerOf(lazurite('report', '--queue', server.address, '--json'));
    expect([report.digest, report.counts]).to.deep.equal([alone.digest, alone.counts]);
  });
});
