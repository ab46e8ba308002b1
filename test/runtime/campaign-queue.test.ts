/** A campaign in a queue, with workers in this process: what they refuse, what is done twice, what is lost, and what is added again. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { expect } from 'chai';
import {
  type CampaignPlan,
  type FuzzCounts,
  nothingRun,
  planOf,
  totalsOf,
  unitsOf,
  type WorkUnit,
} from '../../campaigns/index.ts';
import { queuedUnits, readCampaign, readResult, readUnit, writtenCampaign } from '../../runtime/campaign/queued-data.ts';
import { CampaignQueue, openServer, queueAddress, workOn } from '../../runtime/index.ts';
import { ScenarioError, scenario } from '../../scenarios/index.ts';
import { needsRedis, startRedis, type TestServer } from './redis-server.ts';

const { data } = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
const version = '1';
const planFrom = (first: number, runs = 6): CampaignPlan =>
  planOf(data, { version, kind: 'fuzz', exhibit: null, first, runs, unit: 2 });
/** Pure, and much faster than the real one. */
const result = ({ from, count }: WorkUnit): FuzzCounts => ({ ...nothingRun, runs: count, deaths: from });
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const never = new AbortController().signal;

describe('what goes through a queue', () => {
  const plan = planFrom(1);
  const [unit] = queuedUnits(plan);

  it('comes out as it was put in', () => {
    expect(readCampaign(writtenCampaign({ plan, data }), 'x')).to.deep.equal({ plan, data: JSON.parse(JSON.stringify(data)) });
    for (const one of queuedUnits(plan)) expect(readUnit(one, plan)).to.deep.equal({ from: one.from, count: one.count });
    expect(readResult(result(unit as WorkUnit), unit as WorkUnit)).to.deep.equal(result(unit as WorkUnit));
  });

  const changed = (what: object): string => JSON.stringify({ ...JSON.parse(writtenCampaign({ plan, data })), ...what });
  const wrong: readonly (readonly [what: string, written: string, says: RegExp])[] = [
    ['is no JSON', '{', /is no campaign/],
    ['has a field too many', changed({ run: 'process.exit()' }), /another shape/],
    [
      'has another scenario than its plan names',
      changed({ scenario: 'scenario: other\nvalidators: { A: 1 }\n' }),
      /so it was changed/,
    ],
    ['has a scenario with a mistake', changed({ scenario: 'scenario: 1\nrun: x\n' }), /x: scenario:\d+:\d+: /],
    ['has an exhibit that is a file', changed({ plan: { ...plan, exhibit: './mine.mjs' } }), /no exhibit of the museum/],
    ['has more runs than memory', changed({ plan: { ...plan, runs: 4e9 } }), /plan.runs/],
    ['has units of no seed', changed({ plan: { ...plan, unit: 0 } }), /plan.unit/],
  ];
  for (const [what, written, says] of wrong)
    it(`is refused where it ${what}`, () => {
      expect(() => readCampaign(written, 'x')).to.throw(ScenarioError, says);
    });

  it('executes no file that a scenario or a plan names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-named-'));
    const [file, witness] = [join(folder, 'mine.mjs'), join(folder, 'was-run')];
    writeFileSync(
      file,
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(witness)}, ''); export default {};`,
    );
    const text = `scenario: x\nvalidators: { A: 1 }\nvariants:\n  - { name: v, break: ${file} }\n`;
    expect(() => readCampaign(changed({ scenario: text }), 'x')).to.throw(ScenarioError);
    expect(() => readCampaign(changed({ plan: { ...plan, exhibit: file } }), 'x')).to.throw(ScenarioError);
    expect(() => readUnit({ ...unit, exhibit: file }, plan)).to.throw(ScenarioError);
    expect(existsSync(witness)).to.equal(false);
    rmSync(folder, { recursive: true });
  });

  it('is no unit of the plan with other seeds, another version, or a field too many', () => {
    for (const other of [{ from: 2 }, { count: 3 }, { from: 7 }, { version: '2' }, { exhibit: 'no-wal' }, { code: '1' }])
      expect(() => readUnit({ ...unit, ...other }, plan), JSON.stringify(other)).to.throw(ScenarioError);
  });

  it('is no result with other runs, with seeds of another unit, or with texts for numbers', () => {
    const whole = result(unit as WorkUnit);
    for (const other of [
      { runs: 3 },
      { undecided: ['t1.of-no-run'] },
      { deaths: '1' },
      { deaths: -1 },
      { more: 1 },
      { failures: [{ seed: 1 }] },
    ])
      expect(() => readResult({ ...whole, ...other }, unit as WorkUnit), JSON.stringify(other)).to.throw(ScenarioError);
  });
});

describe('the address of a queue', () => {
  it('has host, port, name, password and database, and is shown without name and password', () => {
    const { shown, ...parts } = queueAddress('rediss://me:p%40ss@example.org:7000/3');
    expect(parts).to.deep.equal({
      host: 'example.org',
      port: 7000,
      username: 'me',
      password: 'p@ss',
      database: 3,
      isEncrypted: true,
    });
    expect(shown).to.equal('rediss://example.org:7000/3');
    expect(queueAddress('redis://[::1]')).to.deep.include({ host: '::1', port: 6379, database: 0, password: undefined });
    expect(queueAddress('redis://h', 'from outside').password).to.equal('from outside');
    expect(queueAddress('redis://:own@h', 'from outside').password).to.equal('own');
  });

  it('is never repeated by what refuses it', () => {
    for (const text of [
      'http://:secret@h',
      'redis://:secret@',
      'redis://:secret@h/x',
      'redis://:secret@h?a=1',
      'redis://:secret%@h',
      ':secret@h',
    ])
      expect(() => queueAddress(text), text)
        .to.throw(ScenarioError)
        .with.property('message')
        .that.does.not.contain('secret');
  });
});

describe('a campaign in a queue', function () {
  this.timeout(60_000);
  let server: TestServer;
  const opened: CampaignQueue[] = [];
  before(async function () {
    needsRedis(this);
    server = await startRedis();
  });
  afterEach(async () => {
    for (const queue of opened.splice(0)) await queue.close();
  });
  after(() => server?.stop());

  const begun = async (plan: CampaignPlan): Promise<CampaignQueue> => {
    const queue = await CampaignQueue.create(await openServer(queueAddress(server.address), () => undefined), { plan, data });
    await queue.fill();
    opened.push(queue);
    return queue;
  };
  const how = { jobs: 1, leaseMs: 1000, signal: never, run: async (unit: WorkUnit) => result(unit) };
  const digestOf = async (queue: CampaignQueue): Promise<string> =>
    totalsOf(queue.campaign.plan, (await queue.results()).results).digest;
  const expected = (plan: CampaignPlan): string =>
    totalsOf(plan, new Map(unitsOf(plan).map((unit) => [unit.from, result(unit)]))).digest;
  /** Past the layer under test. */
  const engineOf = ({ name }: CampaignQueue): Queue =>
    new Queue(name, { connection: { host: '127.0.0.1', port: server.port, password: server.password }, prefix: 'lazurite' });

  it('is the same campaign when it is begun again, with each unit once', async () => {
    const queue = await begun(planFrom(100));
    const again = await begun(planFrom(100));
    expect(again.name).to.equal(queue.name);
    expect(await again.state()).to.deep.include({ units: 3, waiting: 3, done: 0 });
    await workOn(again, version, how);
    expect(await begun(planFrom(100)).then((third) => third.state())).to.deep.include({ waiting: 0, done: 3 });
    expect(await digestOf(queue)).to.equal(expected(planFrom(100)));
  });

  it('is refused by a worker of another version, which takes no unit', async () => {
    const queue = await begun(planFrom(200));
    const refused = await workOn(queue, '2', how).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ScenarioError).with.property('message').that.contains('of version 1, and this is 2');
    expect(await queue.state()).to.deep.include({ waiting: 3, done: 0, lost: 0 });
  });

  it('delivers a unit twice when its worker is silent for too long, and counts it once', async () => {
    const queue = await begun(planFrom(300, 2));
    let release: () => void = () => undefined;
    const runs: string[] = [];
    const slow = workOn(queue, version, {
      ...how,
      run: async (unit) => {
        runs.push('slow');
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return result(unit);
      },
    });
    while (runs.length === 0) await sleep(10);
    const other = await begun(planFrom(300, 2));
    // As if the slow worker had been stopped for longer than its lease.
    await queue.server.redis.del(`lazurite:${queue.name}:from-300:lock`);
    const quick = await workOn(other, version, {
      ...how,
      run: async (unit) => {
        runs.push('quick');
        return result(unit);
      },
    }).finally(() => release());
    await slow;
    expect(runs).to.deep.equal(['slow', 'quick']);
    expect(quick.state).to.deep.include({ done: 1, lost: 0 });
    expect(await digestOf(other)).to.equal(expected(planFrom(300, 2)));
  });

  it('gives up a unit that fails each time, with its reason, and tries it again when it is begun again', async () => {
    const queue = await begun(planFrom(400));
    let tries = 0;
    const { state } = await workOn(queue, version, {
      ...how,
      run: async (unit) => {
        if (unit.from !== 402) return result(unit);
        tries += 1;
        throw new Error('out of memory');
      },
    });
    expect(tries).to.equal(3);
    expect(state).to.deep.include({ done: 2, lost: 1 });
    expect((await queue.results()).lost).to.deep.equal([{ from: 402, reason: 'out of memory' }]);
    const again = await begun(planFrom(400));
    expect(await again.state()).to.deep.include({ done: 2, lost: 0, waiting: 1 });
    await workOn(again, version, how);
    expect(await digestOf(again)).to.equal(expected(planFrom(400)));
  });

  it('gets back units that its server has forgotten', async () => {
    const queue = await begun(planFrom(500));
    const engine = engineOf(queue);
    await engine.remove('from-502');
    expect(await queue.state()).to.deep.include({ units: 3, waiting: 2 });
    await queue.fill();
    expect(await queue.state()).to.deep.include({ units: 3, waiting: 3 });
    await engine.close();
  });

  it('has no result that is none, and no unit that is not of it', async () => {
    const queue = await begun(planFrom(600));
    const engine = engineOf(queue);
    await engine.add('unit', { require: 'child_process' }, { jobId: 'from-9' });
    let isForged = false;
    await workOn(queue, version, {
      ...how,
      run: async (unit) => {
        if (isForged) return result(unit);
        isForged = true;
        return { ...result(unit), deaths: 'all' } as unknown as FuzzCounts;
      },
    });
    const { results, lost } = await queue.results();
    expect([...results.keys()].sort()).to.deep.equal([602, 604]);
    expect(lost.map(({ from }) => from)).to.deep.equal([600]);
    expect(lost[0]?.reason).to.contain('deaths');
    await engine.close();
  });

  it('pauses, goes on, and is cancelled: workers end, and nothing stays in the server', async () => {
    const queue = await begun(planFrom(700, 40));
    let done = 0;
    const working = workOn(await begun(planFrom(700, 40)), version, {
      ...how,
      run: async (unit) => {
        done += 1;
        await sleep(50);
        return result(unit);
      },
    });
    while (done === 0) await sleep(10);
    await queue.pause();
    await sleep(300);
    const before = done;
    await sleep(300);
    expect(done).to.equal(before);
    expect((await queue.state())?.isPaused).to.equal(true);
    await queue.resume();
    while (done === before) await sleep(10);
    await queue.cancel();
    expect((await working).state).to.equal(undefined);
    expect(done).to.be.lessThan(20);
    expect(await queue.server.redis.keys(`lazurite:${queue.name}:*`)).to.deep.equal([]);
    const missing = await CampaignQueue.find(queue.server, queue.name).catch((error: Error) => error);
    expect(missing).to.be.instanceOf(ScenarioError);
  });
});
