/** `campaign --queue` as a command: TLS and password, flags that do not go together, and what it says of a server that it cannot use. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { needsRedis, startRedis, type TestServer } from '../../runtime/redis-server.ts';
import { type Ended, lazuriteIn } from './command-run.ts';

describe('the command campaign with a queue', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-queue-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const campaign = (args: readonly string[], how: Parameters<typeof lazuriteIn>[2] = {}): Ended =>
    lazuriteIn(folder, ['campaign', ...args], how);
  const nobody = 'redis://:hush@127.0.0.1:1';

  const refusals: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [
      ['start', '--queue', nobody, '--journal', 'j', '--shard', '1/2'],
      /--journal is for a campaign without --queue\n--shard is for/,
    ],
    [['start', '--no-wait'], /--no-wait is for a campaign with --queue/],
    [['start', '--queue', nobody, '--break', './mine.mjs'], /mine\.mjs/],
    [
      ['start', '--queue', nobody],
      /^redis:\/\/127\.0\.0\.1:1\/0: connect ECONNREFUSED .*; is it the address of a Redis server\?\n$/,
    ],
    [['work'], /--queue/],
    [['work', '--queue', nobody, '--lease', '1ms'], /give at least 1s/],
    [['report'], /give a journal or several, or --queue/],
    [['start', '--unit', '0'], /give a number of seeds from 1/],
  ];
  for (const [args, says] of refusals)
    it(`refuses ${args.join(' ').replace('hush', '...')}`, () => {
      const { status, stdout, stderr } = campaign(args);
      expect([status, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(says).and.not.contain('hush');
    });

  it('names the packages that it needs where they are not installed', () => {
    const hook = `export const resolve = (name, context, next) => {
      if (name !== 'bullmq') return next(name, context);
      throw Object.assign(new Error('no such package'), { code: 'ERR_MODULE_NOT_FOUND' });
    };`;
    const code = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});`;
    const { status, stderr } = campaign(['status', '--queue', nobody], {
      preload: ['--import', `data:text/javascript,${encodeURIComponent(code)}`],
    });
    expect([status, stderr]).to.deep.equal([
      2,
      '--queue needs two packages that do not come with lazurite; `npm install bullmq@6.7.0 ioredis@6.0.0`\n',
    ]);
  });

  describe('over TLS', () => {
    let server: TestServer;
    before(async function () {
      needsRedis(this);
      server = await startRedis({ isEncrypted: true });
    });
    after(() => server?.stop());
    const trusting = (): Readonly<Record<string, string>> => ({ NODE_EXTRA_CA_CERTS: join(server.folder, 'certificate.pem') });

    it('does a campaign, with the password in the address or in the environment, and shows neither', () => {
      const started = campaign(['start', '--runs', '4', '--unit', '2', '--no-wait', '--queue', server.address], {
        env: trusting(),
      });
      expect([started.status, started.stderr]).to.deep.equal([0, '']);
      expect(started.stdout).to.match(/^[0-9A-F]{8}: 0 of 2 units done, 0 in work, 2 waiting, 0 lost; 0 workers\n$/);
      const env = { ...trusting(), LAZURITE_QUEUE_PASSWORD: server.password };
      const bare = `rediss://127.0.0.1:${server.port}`;
      const worked = campaign(['work', '--queue', bare, '--jobs', '1'], { env });
      expect([worked.status, worked.stderr]).to.deep.equal([0, '']);
      expect(worked.stdout).to.match(/^2 units done here; [0-9A-F]{8}: 2 of 2 units done/);
      const paused = campaign(['pause', '--queue', server.address], { env: trusting() });
      expect(paused.stdout).to.contain('paused').and.not.contain('word');
      const report = campaign(['report', '--queue', bare, '--json'], { env });
      expect(report.status).to.equal(0);
      expect(JSON.parse(report.stdout)).to.deep.include({ ok: true, lost: [], units: { done: 2, missing: 0 } });
      expect(campaign(['cancel', '--queue', bare], { env }).status).to.equal(0);
      expect(campaign(['report', '--queue', bare], { env }).stderr).to.contain('no campaign is there');
    });

    it('refuses a certificate that nobody vouches for, and a wrong password', () => {
      expect(campaign(['status', '--queue', server.address]).stderr).to.match(/self.signed certificate/);
      const wrong = campaign(['status', '--queue', `rediss://:nonsense@127.0.0.1:${server.port}`], { env: trusting() });
      expect(wrong.stderr)
        .to.match(/WRONGPASS.*give the right name and password/)
        .and.not.contain('nonsense');
    });
  });

  it('refuses a server that may throw away what it holds, and says where one keeps nothing', async function () {
    needsRedis(this);
    const server = await startRedis({ lines: ['maxmemory-policy allkeys-lru'] });
    try {
      expect(campaign(['status', '--queue', server.address]).stderr).to.contain("its maxmemory-policy is 'allkeys-lru'");
    } finally {
      server.stop();
    }
    const keepsNothing = await startRedis({ lines: ['appendonly no'] });
    try {
      expect(campaign(['status', '--queue', keepsNothing.address]).stderr).to.contain('keeps no log of its own');
    } finally {
      keepsNothing.stop();
    }
  });
});
