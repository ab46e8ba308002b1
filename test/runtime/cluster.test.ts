/** Real processes, killed: honest nodes hold the properties, broken ones do not, and the record is compared with the files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { NodeSpec } from '../../actors/scheduler/index.ts';
import { clusterRecordOf } from '../../apps/page/record/record-cluster.ts';
import { DiskModel, diskOf, drawnImage, filesOf, makeReal } from '../../runtime/cluster/disk-model.ts';
import { Judge } from '../../runtime/cluster/judge.ts';
import { type ClusterRecord, MergedRecords } from '../../runtime/cluster/merged-records.ts';
import { makeHomes } from '../../runtime/cluster/node-home.ts';
import { bundleNode, startNode } from '../../runtime/cluster/node-processes.ts';
import { type ClusterOptions, type ClusterResult, openCluster } from '../../runtime/index.ts';
import { initLog } from '../../runtime/node/init-node.ts';
import { SimulatedDisk } from '../../wal/index.ts';
import { cluster, fastFolder, twoNodes } from './nodes.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a cluster of real nodes', function () {
  this.timeout(600_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(fastFolder, 'lazurite-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (changed: Partial<ClusterOptions>): Promise<ClusterResult> => cluster({ folder, ...changed }).run();

  it('holds all properties through kills and lost page caches', async () => {
    const result = await run({ minKills: 8 });
    expect(result.strange).to.deep.equal([]);
    expect(result.properties.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
    expect(result.verdict).to.equal('held');
    expect(Math.min(...Object.values(result.heights))).to.be.at.least(3);
    expect(result.kills).to.be.at.least(8);
    expect(result.rolledBack).to.be.greaterThan(0);
    const held = result.properties.filter(({ verdict }) => verdict === 'held').map(({ name }) => name);
    expect(held).to.include.members(['agreement', 'write-ahead', 'no-equivocation', 'comes-back', 'crash-is-pause']);
  });

  it('holds them over a network that delays, drops, doubles and cuts', async () => {
    const result = await run({ network: 'random', kills: 'none', untilHeight: 6 });
    expect(result.strange).to.deep.equal([]);
    expect(result.properties.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
    expect(result.verdict).to.equal('held');
    for (const count of [result.network.passed, result.network.delayed, result.network.dropped, result.network.doubled])
      expect(count).to.be.greaterThan(0);
    const { events } = openCluster(folder).judged();
    expect(events.length).to.equal(result.events);
    const cut = events.filter((event) => event.type === 'fault' && event.kind === 'cut off');
    expect(cut.length).to.equal(result.network.cuts);
    expect(clusterRecordOf(folder).cuts.filter(({ links }) => links.length > 0).length).to.be.at.least(Math.min(1, cut.length));
    // Each message that came was sent, also the second copy of one.
    for (const event of events)
      if (event.type === 'deliver' && ['A', 'B', 'C', 'D'].includes(event.from))
        expect(events[event.cause]).to.deep.include({ type: 'effect', node: event.from });
  });

  it('is red for a node that does not sync, with the same properties', async () => {
    // It ends when the verdict is clear, not when the height is reached or the time is over.
    const result = await run({ exhibit: 'no-fsync', untilHeight: 1000 });
    expect(result.verdict).to.equal('violated');
    expect(result.kills).to.be.lessThan(100);
    expect(result.seconds).to.be.lessThan(115);
    const violated = result.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
    expect(violated).to.include('write-ahead');
  });

  it('is red for a node that votes before its vote is durable', async () => {
    const { properties } = await run({ exhibit: 'broadcast-before-flush', kills: 'none', untilHeight: 2 });
    expect(properties.find(({ name }) => name === 'write-ahead')?.verdict).to.equal('violated');
  });

  it('has nodes that serve metrics, and end with 0 on SIGTERM', async () => {
    const [home] = await makeHomes(folder, 1);
    if (home === undefined) throw new Error('no node');
    const port = home.config.validators[0]?.port ?? 0;
    const metricsPort = port === 65_535 ? port - 1 : port + 1;
    writeFileSync(home.file, JSON.stringify({ ...home.config, metricsPort }));
    const node = startNode(await bundleNode(folder), home, 1, {});
    let text = '';
    for (let tries = 0; tries < 200 && !/lazurite_decided_total [1-9]/.test(text); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      text = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).then(
        (response) => response.text(),
        () => '',
      );
    }
    node.signal('SIGTERM');
    expect(await node.ended).to.deep.equal({ code: 0, signal: null });
    expect(text).to.match(/# TYPE lazurite_height gauge\nlazurite_height \d+/);
    const lines = readFileSync(`${home.recordOf(1)}.log`, 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).msg)).to.include.members(['up', 'decided', 'ended']);
  });
});

describe('the record of a process and its files', () => {
  const begun = (): DiskModel => {
    const disk = new SimulatedDisk();
    disk.create('wal/1.0.wal');
    disk.append('wal/1.0.wal', bytes('abc'));
    return new DiskModel(disk);
  };
  const append = { type: 'append', file: 'wal/1.0.wal', bytes: bytes('defgh') } as const;

  it('knows whether the last operation was done, begun, or torn', () => {
    for (const [count, left] of [
      [0, 'never-begun'],
      [5, 'done'],
      [2, { file: 'wal/1.0.wal', bytes: bytes('de') }],
    ] as const) {
      const model = begun();
      const real = model.disk.fork();
      model.begin(append, false);
      real.append('wal/1.0.wal', append.bytes.subarray(0, count));
      const found = model.compare(real);
      expect(found).to.deep.equal(left);
      model.undo(found);
      expect(model.disk.read('wal/1.0.wal')).to.deep.equal(real.read('wal/1.0.wal'));
    }
  });

  it('refuses files that no prefix of the operations makes', () => {
    const model = begun();
    const real = model.disk.fork();
    model.begin(append, false);
    real.append('wal/1.0.wal', bytes('dxfgh'));
    expect(() => model.compare(real)).to.throw('model and disk have parted');
    const more = begun();
    const beside = more.disk.fork();
    beside.create('wal/2.0.wal');
    expect(() => more.compare(beside)).to.throw('parted');
  });

  it('keeps what was synced through every drawn loss of power, and the real files become what was left', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      let drawn = seed;
      const choose = (below: number): number => {
        drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648;
        return Math.floor((drawn / 2_147_483_648) * below);
      };
      const model = begun();
      model.disk.sync('wal/1.0.wal');
      model.disk.syncDirectory('wal');
      model.begin(append, false);
      model.begin({ type: 'sync', file: 'wal/1.0.wal' }, seed % 2 === 0);
      if (seed % 2 === 1) model.done();
      model.powerLoss(drawnImage(model.disk, choose));
      const left = new TextDecoder().decode(model.disk.read('wal/1.0.wal'));
      if (seed % 2 === 1) expect(left).to.equal('abcdefgh');
      else expect(left.slice(0, 3)).to.equal('abc');
      const real = new SimulatedDisk();
      real.create('wal/old');
      makeReal(model.disk, real);
      expect([...diskOf(filesOf(real)).names()]).to.deep.equal(['wal/1.0.wal']);
      expect(new TextDecoder().decode(real.read('wal/1.0.wal'))).to.equal(left);
    }
  });
});

describe('the judge of real nodes', () => {
  it('judges a node whose actor throws, as its process did', () => {
    const [{ config, key }] = twoNodes();
    const disk = new SimulatedDisk();
    initLog(disk, config.attest);
    const throws = (spec: NodeSpec): NodeSpec => ({
      ...spec,
      actors: spec.actors.map((actor) => ({
        ...actor,
        receive: () => {
          throw new TypeError('no such block');
        },
      })),
    });
    const judge = new Judge([{ config, key, files: filesOf(disk) }], { spec: throws });
    judge.take('A', { type: 'boot', time: 1, life: 0, salt: 0 });
    judge.take('A', { type: 'deliver', time: 2, actor: 'supervisor', message: { type: 'boot' }, from: 'scheduler' });
    judge.take('A', { type: 'stopped', time: 3, reason: 'supervisor threw TypeError: no such block', code: undefined });
    expect(judge.strange).to.deep.equal([]);
    expect(judge.verdicts().find(({ name }) => name === 'no-exception')?.verdict).to.equal('violated');
  });
});

describe('records of several processes', () => {
  const effect = (time: number): ClusterRecord => ({
    type: 'effect',
    time,
    actor: 'wal',
    point: undefined,
    effect: { type: 'disk', site: 'wal.append', tag: 0, operation: { type: 'append', file: 'wal/1.0.wal', bytes: bytes('x') } },
  });
  const boot = (time: number): ClusterRecord => ({ type: 'boot', time, life: 0, salt: 0 });
  const taken = (merged: MergedRecords, time: number): readonly string[] =>
    [...merged.upTo(time)].map(([node, record]) => `${node} ${record.type} ${record.time}`);

  it('come in the order of their times, and of one node in its own', () => {
    const merged = new MergedRecords(['A', 'B']);
    merged.add('A', [boot(1), boot(5), boot(4)]);
    merged.add('B', [boot(2), boot(9)]);
    expect(taken(merged, 5)).to.deep.equal(['A boot 1', 'B boot 2', 'A boot 5', 'A boot 4']);
    expect(taken(merged, 9)).to.deep.equal(['B boot 9']);
  });

  it('keep back an operation on the disk until something follows, for it may never have been done', () => {
    const merged = new MergedRecords(['A']);
    merged.add('A', [boot(1), effect(2)]);
    expect(taken(merged, 9)).to.deep.equal(['A boot 1']);
    merged.add('A', [{ type: 'dies', time: 3, at: 'wal.append:torn' }]);
    expect(taken(merged, 9)).to.deep.equal([]);
    merged.takeBack('A');
    merged.add('A', [boot(4)]);
    expect(taken(merged, 9)).to.deep.equal(['A boot 4']);
  });
});
