/** The folder that a cluster leaves: its records are judged as they were while it ran, and the page, the trace and `why` show what is in them. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { type Browser, chromium } from 'playwright-core';
import { recordPage } from '../../apps/page/pages.ts';
import type { PageRecord } from '../../apps/page/record/page-record.ts';
import { clusterRecordOf } from '../../apps/page/record/record-cluster.ts';
import { bundle } from '../../apps/page/template.ts';
import { framesIn } from '../../checker/tendermint/decode.ts';
import { digestOf } from '../../core/digest.ts';
import type { RunEvent } from '../../core/events.ts';
import { executablePath } from '../../dev/tools/browser.ts';
import { type ClusterRecord, MergedRecords } from '../../runtime/cluster/merged-records.ts';
import { makeHomes, recordPath } from '../../runtime/cluster/node-home.ts';
import { type SupervisorRecord, supervisorPath, type TimedSupervisorRecord } from '../../runtime/cluster/supervisor-record.ts';
import { type ClusterOptions, type ClusterResult, openCluster } from '../../runtime/index.ts';
import { EventFile, EventReader } from '../../runtime/node/event-file.ts';
import { readKey, readNodeConfig } from '../../runtime/node/node-config.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { traceLines } from '../../scenarios/trace-text.ts';
import { type Ended, lazuriteIn } from '../apps/cli/command-run.ts';
import { cluster, fastFolder } from './nodes.ts';

describe('the folder of a cluster', function () {
  this.timeout(300_000);
  let folder: string;
  const results: Record<'held' | 'bad', ClusterResult> = {} as never;
  const records: Record<'held' | 'bad', PageRecord> = {} as never;

  const run = (name: 'held' | 'bad', changed: Partial<ClusterOptions>): Promise<ClusterResult> =>
    cluster({ folder: join(folder, name), seed: 5, keepRecords: true, ...changed }).run();
  const lazurite = (...args: readonly string[]): Ended => lazuriteIn(folder, args);

  before(async () => {
    folder = mkdtempSync(join(fastFolder, 'lazurite-test-'));
    results.held = await run('held', { minKills: 6 });
    results.bad = await run('bad', { exhibit: 'no-fsync', untilHeight: 1000 });
    // It opens wherever it is.
    for (const name of ['held', 'bad'] as const) {
      cpSync(join(folder, name), join(folder, `moved-${name}`), { recursive: true });
      records[name] = clusterRecordOf(join(folder, `moved-${name}`));
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is judged again as it was judged while it ran', () => {
    for (const name of ['held', 'bad'] as const) {
      const { verdict, properties, strange, events } = openCluster(join(folder, name)).judged();
      const result = results[name];
      expect(verdict)
        .to.equal(name === 'held' ? 'held' : 'violated')
        .and.to.equal(result.verdict);
      expect(properties.filter(({ verdict: one }) => one !== 'off').map(({ name: of, verdict: one }) => [of, one])).to.deep.equal(
        result.properties.map(({ name: of, verdict: one }) => [of, one]),
      );
      expect(strange).to.deep.equal(result.strange);
      expect(events.length).to.equal(result.events);
      expect(events.filter(({ type }) => type === 'death').length).to.equal(result.kills);
      const paused = events.filter((event) => event.type === 'fault' && event.kind === 'paused');
      expect(paused.length).to.equal(result.pauses);
    }
  });

  it('has nodes that find their files if the folder is given by a relative path, or is moved', async () => {
    const relativePath = relative(process.cwd(), join(folder, 'homes'));
    const [home] = await makeHomes(relativePath, 2);
    expect(readKey(readNodeConfig(home?.file ?? ''))).to.deep.equal(home?.key);
    renameSync(join(folder, 'homes'), join(folder, 'elsewhere'));
    expect(readKey(readNodeConfig(join(folder, 'elsewhere/A.json')))).to.deep.equal(home?.key);
  });

  /** What the processes wrote, without the judge. An operation that a dead process did not carry out counts as never written. */
  const written = (name: 'held' | 'bad'): readonly (readonly [string, ClusterRecord])[] => {
    const supervised = new EventReader<TimedSupervisorRecord>(supervisorPath(join(folder, name))).next();
    const merged = new MergedRecords(['A', 'B', 'C', 'D']);
    for (const node of ['A', 'B', 'C', 'D'])
      for (let life = 0; life <= results[name].kills; life += 1) {
        merged.add(node, new EventReader(recordPath(join(folder, name), node, life)).next());
        const death = supervised.find((one) => one.type === 'death' && one.node === node && one.life === life);
        if (death?.type !== 'death') continue;
        if (death.left !== 'done') merged.takeBack(node);
        merged.add(node, [death]);
      }
    return [...merged.upTo(Number.POSITIVE_INFINITY)];
  };

  it('has the decisions, messages, deaths and frames that its processes recorded', () => {
    for (const name of ['held', 'bad'] as const) {
      const all = written(name);
      const { nodes, rows, decisions, messages, downtimes, frames } = records[name];
      const decided = all.flatMap(([node, one]) =>
        one.type === 'effect' && one.effect.type === 'host.decide' ? [`${node} ${one.effect.height}`] : [],
      );
      expect(decisions.map(({ node, height }) => `${nodes[node]} ${height}`)).to.deep.equal(decided);
      const heard = all.filter(
        ([, one]) =>
          one.type === 'deliver' && one.actor === 'network' && nodes.includes(one.from) && one.message.type !== 'status',
      );
      expect(messages.filter((one) => one.heard !== -1).length).to.equal(heard.length);
      expect(rows.filter(({ kind }) => kind === 'death').length).to.equal(results[name].kills);
      expect(downtimes.length).to.equal(all.filter(([, { type }]) => type === 'death' || type === 'stopped').length);
      const appended = all.flatMap(([node, one]) =>
        one.type === 'effect' && one.effect.type === 'disk' && one.effect.operation.type === 'append'
          ? framesIn(one.effect.operation.bytes).map(
              () => `${node} ${(one.effect as { operation: { file: string } }).operation.file}`,
            )
          : [],
      );
      expect(frames.map(({ node, file }) => `${nodes[node]} ${file}`)).to.deep.equal(appended);
    }
  });

  it('shows the frames that the files of the nodes still have, and no other', () => {
    for (const name of ['held', 'bad'] as const) {
      const { nodes, frames } = records[name];
      const there = frames.filter(({ gone, damaged }) => gone === -1 && damaged === -1);
      expect(there.length).to.be.greaterThan(4);
      const appends = written(name).flatMap(([, one]) =>
        one.type === 'effect' && one.effect.type === 'disk' && one.effect.operation.type === 'append'
          ? [Buffer.from(one.effect.operation.bytes)]
          : [],
      );
      for (const { node, file, hex, bytes } of frames) {
        const first = Buffer.from(hex.replaceAll(' ', ''), 'hex');
        const append = appends.find((one) => one.includes(first)) as Buffer;
        const whole = append.subarray(append.indexOf(first), append.indexOf(first) + bytes);
        const path = join(folder, name, nodes[node] ?? '', file);
        const found = existsSync(path) && readFileSync(path).includes(whole);
        const isShown = there.some((one) => one.node === node && one.file === file && one.hex === hex);
        expect(found, `${name} ${nodes[node]} ${file} ${hex}`).to.equal(isShown);
      }
    }
    expect(records.held.frames.some(({ isOwn, durable }) => isOwn && durable !== -1)).to.equal(true);
    expect(records.bad.frames.some(({ isOwn, durable }) => isOwn && durable !== -1)).to.equal(false);
  });

  it('knows which message was heard, and loses what a later one has overtaken', () => {
    const { rows, messages } = records.held;
    const latest = new Map<string, number>();
    for (const [at, { from, to, sent, heard, lost, label }] of [...messages.entries()].reverse()) {
      const link = `${from} ${to}`;
      expect(rows[sent]?.node, `message ${at}`).to.equal(from);
      if (heard !== -1) {
        expect(heard).to.be.greaterThan(sent);
        expect(rows[heard]).to.deep.include({ node: to });
        expect(rows[heard]?.words).to.contain(`hears ${label}`.replace('hears ', 'hears  '));
        latest.set(link, Math.min(heard, latest.get(link) ?? heard));
      } else if (latest.has(link)) expect(lost).to.be.within(sent, latest.get(link) ?? 0);
    }
  });

  it('has a cause for each delivery, and for one between nodes it is the sending of the same message', () => {
    const { events } = openCluster(join(folder, 'held')).judged();
    let between = 0;
    for (const event of events) {
      if (event.type !== 'deliver' || (event.from === 'scheduler' && event.life === 0)) continue;
      const cause = events[event.cause] as RunEvent;
      expect(cause, `#${event.index}`).to.not.equal(undefined);
      if (!['A', 'B', 'C', 'D'].includes(event.from)) {
        expect([cause.node, cause.life]).to.deep.equal([event.node, event.life]);
        continue;
      }
      between += 1;
      if (cause.type !== 'effect' || cause.effect.type !== 'transmit')
        throw new Error(`#${event.index} is caused by ${cause.type}`);
      expect([cause.node, cause.effect.to.includes(event.node)]).to.deep.equal([event.from, true]);
      expect(digestOf(cause.effect.data)).to.equal(digestOf(event.message));
    }
    expect(between).to.be.greaterThan(50);
  });

  it('has a trace, with all of its filters', () => {
    const { events } = openCluster(join(folder, 'held')).judged();
    const lines = (...flags: readonly string[]): readonly string[] => {
      const { stdout, status } = lazurite('replay', 'held', ...flags);
      expect(status).to.equal(0);
      // Lines may end in blanks, also the last one.
      return stdout.split('\n').filter((line) => line.startsWith('#'));
    };
    const of = (fits: (event: RunEvent) => boolean): readonly string[] => [...traceLines(events.filter(fits))];
    expect(lines('--node', 'B')).to.deep.equal(of(({ node }) => node === 'B'));
    expect(lines('--from', '500ms', '--to', '900ms')).to.deep.equal(of(({ time }) => time >= 500_000 && time <= 900_000));
    expect(lines('--kinds', 'death')).to.deep.equal(of(({ type }) => type === 'death'));
    expect(lines('--trace')).to.include.members([...of(({ type }) => type === 'death')]);
    const [first] = records.bad.properties.filter(({ verdict, row }) => verdict === 'violated' && row >= 0);
    const row = records.bad.rows[first?.row ?? -1];
    const { stdout, status } = lazurite('replay', 'bad', '--around', 'violation');
    expect(status).to.equal(1);
    expect(stdout).to.contain('violated write-ahead').and.to.contain(`\n#${row?.event} `);
  });

  it('says why a rule is broken, and what led to an event over several nodes', () => {
    const { stdout, status } = lazurite('why', 'bad');
    expect(status).to.equal(0);
    expect(stdout).to.match(/^✕ .*\n {3}#\d+ /);
    expect(stdout).to.match(/\nlost: a sync of its frame \(#\d+\) was answered \(#\d+\), and the disk did not have the bytes/);
    const held = lazurite('why', 'held');
    expect([held.status, held.stderr]).to.deep.equal([
      2,
      'held: nothing was violated; name an event by its number (see replay --trace)\n',
    ]);
    const { rows, messages } = records.held;
    const signed = messages.findLast(({ heard, promise }) => heard !== -1 && promise !== '');
    const chain = lazurite('why', 'held', String(rows[signed?.heard ?? -1]?.event)).stdout;
    expect(chain).to.match(/^ {3}#\d+ .* hears .*\n<- #\d+ .* -> /);
    expect(chain).to.contain(`<- #${rows[signed?.sent ?? -1]?.event} `);
  });

  it('refuses what needs another run, and records that are not whole', () => {
    const told = (...args: readonly string[]): string => {
      const { status, stderr } = lazurite(...args);
      expect(status).to.equal(2);
      return stderr;
    };
    expect(told('replay', 'held', '--save', 'held.yaml')).to.contain(
      '--save: held is a record of real nodes, which cannot be run again',
    );
    expect(told('diff', 'held', 'bad')).to.contain('cannot be run again');
    expect(told('view', 'held', '--variant', 'x', '--html', 'x.html')).to.contain('--variant');
    const damaged = join(folder, 'damaged');
    cpSync(join(folder, 'held'), damaged, { recursive: true });
    const files = readdirSync(join(damaged, 'records')).filter((file) => /^A\.\d+\.events$/.test(file));
    for (const file of files) writeFileSync(join(damaged, 'records', file), Buffer.from([0, 0, 0, 2, 0xff, 0xff]));
    expect(told('replay', 'damaged')).to.contain('damaged: its records cannot be read');
    for (const file of files) cpSync(join(folder, 'held/records', file), join(damaged, 'records', file));
    const sizes = files.map((file) => statSync(join(damaged, 'records', file)).size);
    const largest = files[sizes.indexOf(Math.max(...sizes))] ?? '';
    const path = join(damaged, 'records', largest);
    truncateSync(path, statSync(path).size - 1);
    expect(told('why', 'damaged', '1')).to.match(
      /A\.\d+\.events: expected \d+ records, found \d+; the file was changed or deleted/,
    );
    rmSync(path);
    expect(told('view', 'damaged', '--html', 'x.html')).to.match(/A\.\d+\.events: expected \d+ records, found 0;/);
    const supervised = new EventFile<SupervisorRecord>(supervisorPath(damaged));
    supervised.write({ type: 'removed', node: 'A', life: 0 });
    supervised.close();
    expect(told('why', 'damaged', '1')).to.contain('the record of A, life 0, was deleted to save space; --keep FOLDER keeps all');
    truncateSync(supervisorPath(damaged), 3);
    expect(told('replay', 'damaged')).to.contain('expected a record of version 1');
  });

  it('opens what was changed in places, or says that it cannot', () => {
    const changed = join(folder, 'changed');
    cpSync(join(folder, 'bad'), changed, { recursive: true });
    const files = readdirSync(join(changed, 'records')).filter((file) => file.endsWith('.events'));
    let drawn = 1;
    const choose = (below: number): number => {
      drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((drawn / 2_147_483_648) * below);
    };
    const refusals: string[] = [];
    for (let tries = 0; tries < 120; tries += 1) {
      const path = join(changed, 'records', files[tries % files.length] ?? '');
      const whole = readFileSync(path);
      const bytes = Buffer.from(whole);
      for (let count = 0; count < 3; count += 1) bytes[choose(bytes.length)] = choose(256);
      writeFileSync(path, bytes);
      try {
        expect(clusterRecordOf(changed).nodes.length).to.equal(4);
      } catch (error) {
        expect(error).to.be.instanceOf(ScenarioError);
        refusals.push(String(error));
      }
      writeFileSync(path, whole);
    }
    expect(refusals.length).to.be.within(1, 119);
  });

  describe('on the page', () => {
    let browser: Browser;
    before(async function () {
      if (executablePath === undefined) this.skip();
      else browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    });
    after(() => browser?.close());

    it('opens without a word on the console, a broken run at what was broken, and cannot be driven', async () => {
      const parts = await bundle();
      for (const name of ['held', 'bad'] as const) {
        const file = join(folder, `${name}.html`);
        writeFileSync(file, recordPage(parts, records[name]));
        const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true })).newPage();
        const said: string[] = [];
        page.on('console', (message) => said.push(message.text()));
        page.on('pageerror', (error) => said.push(error.message));
        await page.goto(`file://${file}#face=drive`);
        await page.waitForSelector('html[data-ready=yes]');
        expect(await page.locator('.faces button').allTextContents()).to.deep.equal(['Story', 'Explore']);
        expect(await page.textContent('#real')).to.contain('It cannot be run again, so Drive is not offered.');
        if (name === 'bad') expect(await page.locator('.say').textContent()).to.contain('before its frame is durable');
        await page.keyboard.press('d');
        expect(await page.getByRole('button', { name: 'Story', exact: true }).getAttribute('aria-pressed')).to.equal('true');
        await page.keyboard.press('e');
        await page.waitForSelector('.explore');
        expect(
          await page.locator('[aria-label="crash strip"], [aria-label="switches"], [aria-label="scenario"]').count(),
        ).to.equal(0);
        expect(await page.getByText('run again here').count()).to.equal(0);
        await page.keyboard.press('n');
        await page.keyboard.press('w');
        expect(await page.locator('.why li').count()).to.be.greaterThan(0);
        // A lesson is a simulation, and can be driven; back at this run there is no Drive again.
        await page.locator('.choice select').selectOption({ index: 1 });
        await page.getByRole('button', { name: 'Drive', exact: true }).click();
        await page.locator('.choice select').selectOption({ index: 0 });
        await page.waitForSelector('#real');
        expect(await page.locator('.faces button').allTextContents()).to.deep.equal(['Story', 'Explore']);
        expect(await page.locator('.drive').count()).to.equal(0);
        expect(said).to.deep.equal([]);
        await page.close();
      }
    });
  });
});
