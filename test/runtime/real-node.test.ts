/** The executor of a real node: what it does with effects, disk errors and deaths; and the judge that runs its actors again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Effect, Message } from '../../core/effects.ts';
import { JudgedNode } from '../../runtime/cluster/judged-node.ts';
import { makeHomes } from '../../runtime/cluster/node-home.ts';
import { buildNode } from '../../runtime/node/build-node.ts';
import { EventFile, EventReader } from '../../runtime/node/event-file.ts';
import { initLog, initNode } from '../../runtime/node/init-node.ts';
import { readNodeConfig } from '../../runtime/node/node-config.ts';
import { RealNode } from '../../runtime/node/real-node.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { SimulatedDisk, StorageError } from '../../wal/index.ts';
import { type Keyed, nodeOnDisk, twoNodes } from './nodes.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a real node', () => {
  it('signs with Ed25519, decides alone where it may, and leaves the loop its turn', async () => {
    const [a] = twoNodes();
    const { node, happenings } = nodeOnDisk(a);
    node.boot();
    const count = (type: string): number => happenings.filter((one) => one.type === 'effect' && one.effect.type === type).length;
    let most = 0;
    for (let turns = 0; turns < 2000 && count('host.decide') < 4; turns += 1) {
      const before = happenings.filter(({ type }) => type === 'deliver').length;
      await turn();
      most = Math.max(most, happenings.filter(({ type }) => type === 'deliver').length - before);
    }
    node.end();
    expect(count('host.decide')).to.be.at.least(4);
    expect(most).to.be.within(1, 64);
    const after = happenings.length;
    await turn();
    expect(happenings.length).to.equal(after);
  });

  it('stops, and acknowledges nothing more, when its disk is full', async () => {
    const [a] = twoNodes();
    const stopped = await runOn(a, (file) => file.startsWith('wal/') && 'ENOSPC');
    expect(stopped).to.deep.include({ code: 'LOG_FAILED' });
    expect(stopped?.transmitted).to.equal(0);
    expect(await runOn(a, (file) => file.startsWith('blocks/') && 'EIO')).to.deep.include({ code: 'STORE_FAILED' });
  });

  it('counts crash points as the simulation does, and records before it acts', async () => {
    const [a] = twoNodes();
    const { node, happenings } = nodeOnDisk(a);
    node.boot();
    for (let turns = 0; turns < 20; turns += 1) await turn();
    node.end();
    const points = happenings.flatMap((one) => (one.type === 'effect' && one.point !== undefined ? [one.point] : []));
    const first = points.filter(({ site, height }) => site === 'wal.append' && height === 1).map(({ n }) => n);
    expect(first.slice(0, 3)).to.deep.equal([1, 2, 3]);
    expect(happenings[0]).to.deep.include({ type: 'deliver', actor: 'supervisor' });
  });
});

/** A node whose disk fails after the boot. */
async function runOn(
  { config, key }: Keyed,
  fails: (file: string) => 'ENOSPC' | 'EIO' | false,
): Promise<{ readonly reason: string; readonly code: string | undefined; readonly transmitted: number } | undefined> {
  const disk = new SimulatedDisk();
  initLog(disk, config.attest);
  let stopped: { reason: string; code: string | undefined; transmitted: number } | undefined;
  let transmitted = 0;
  let isBooted = false;
  const storage = new Proxy(disk, {
    get: (target, name) => {
      const own = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      if (name !== 'append') return own.bind(target);
      return (file: string, bytes: Uint8Array): void => {
        const code = isBooted ? fails(file) : false;
        if (code !== false) throw new StorageError(code, 'append', file, 'as the test wants it');
        target.append(file, bytes);
      };
    },
  });
  const node = new RealNode({
    spec: buildNode(config, key, 7),
    life: 1,
    storage,
    transmit: () => {
      transmitted += 1;
    },
    record: (happening) => {
      if (happening.type === 'effect' && happening.effect.type === 'observe' && happening.effect.event === 'recovered')
        isBooted = true;
    },
    reached: () => undefined,
    stopped: (reason, code) => {
      stopped = { reason, code, transmitted };
    },
  });
  node.boot();
  for (let turns = 0; turns < 200 && stopped === undefined; turns += 1) await turn();
  node.end();
  return stopped;
}

describe('the judge of a process', () => {
  it('says so when a process leaves out an effect, does another one, or one that nobody asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-judge-'));
    try {
      const [home] = await makeHomes(folder, 1);
      if (home === undefined) throw new Error('no node');
      const judged = new JudgedNode(home, undefined);
      const boot = { type: 'boot', life: 0 } as Message;
      const recover = { type: 'recover', life: 0 } as Message;
      const list = (directory: string): Effect => ({
        type: 'disk',
        site: 'boot.list',
        tag: 0,
        operation: { type: 'list', directory },
      });
      const begin = (): void => {
        judged.boot(0, 7);
        judged.deliver('supervisor', boot, 'scheduler');
        judged.effect({ type: 'observe', event: 'lifecycle', detail: { state: 'recovering', from: 'down' } });
      };
      begin();
      expect(judged.deliver('wal', recover, 'supervisor')).to.equal(undefined);
      expect(judged.effect(list('wal'))).to.equal(undefined);
      expect(judged.effect(list('wal'))).to.contain('asked for nothing more');
      begin();
      judged.deliver('wal', recover, 'supervisor');
      expect(judged.effect(list('blocks'))).to.contain('carried out disk, and its actor asked for disk');
      begin();
      judged.deliver('wal', recover, 'supervisor');
      expect(judged.deliver('wal', recover, 'supervisor')).to.contain('left out an effect of its step: disk');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads records while they are written, whole ones alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-events-'));
    try {
      const path = join(folder, 'events');
      const reader = new EventReader(path);
      expect(reader.next()).to.deep.equal([]);
      const file = new EventFile(path);
      file.write({ type: 'boot', life: 3, salt: 9 });
      file.write({ type: 'deliver', actor: 'wal', message: { type: 'x' }, from: 'B' });
      expect(reader.next().map(({ type }) => type)).to.deep.equal(['boot', 'deliver']);
      file.write({ type: 'ended' });
      expect(reader.next().map(({ type }) => type)).to.deep.equal(['ended']);
      file.close();
      writeFileSync(path, Uint8Array.from([0, 0, 1, 0, 5]), { flag: 'a' });
      expect(reader.next()).to.deep.equal([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the file of a node', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-node-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made by init, with a key and a log, and read again', () => {
    const file = join(folder, 'node.json');
    expect(initNode(file)).to.have.length(3);
    const { name, validators, folder: data } = readNodeConfig(file);
    expect([name, validators.length, data]).to.deep.equal(['A', 1, join(folder, 'data')]);
  });

  it('is told all its mistakes at once, each with its place', () => {
    const file = join(folder, 'node.json');
    initNode(file);
    const right = JSON.parse(JSON.stringify(readNodeConfig(file)));
    const [validator] = right.validators;
    writeFileSync(
      file,
      JSON.stringify({ ...right, timeouts: { ...right.timeouts, propose: 0 }, attest: 'never', colour: 'red' }),
    );
    expect(() => readNodeConfig(file)).to.throw(ScenarioError, /timeouts\.propose[\s\S]*attest[\s\S]*colour/);
    writeFileSync(file, JSON.stringify({ ...right, name: 'Z', validators: [validator, { ...validator, port: 9 }] }));
    expect(() => readNodeConfig(file)).to.throw(
      ScenarioError,
      /'Z' is not in the list of validators[\s\S]*validators\.1\.name[\s\S]*validators\.1\.key/,
    );
    const twice = [validator, { ...validator, port: 0 }, 5, { ...validator, name: '9a', key: 7 }];
    writeFileSync(file, JSON.stringify({ ...right, name: 'Z', attest: 'never', validators: twice }));
    expect(() => readNodeConfig(file))
      .to.throw(ScenarioError, /attest: /)
      .with.property('message')
      .that.includes(`${file}: name: 'Z' is not in the list of validators`)
      .and.includes(`${file}: validators.1.key: validators.0 has the same key`)
      .and.includes(`${file}: validators.1.port: `)
      .and.includes(`${file}: validators.3.name: write a name of letters and digits that begins with a letter`);
    writeFileSync(file, '{');
    expect(() => readNodeConfig(file)).to.throw(ScenarioError, 'docs/real-nodes.md');
  });
});
