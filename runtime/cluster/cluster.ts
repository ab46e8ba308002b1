/**
 * Runs a cluster of real nodes and kills its processes at random moments and at named crash points. After half of the kills the page cache is lost as
 * well. Processes are also paused. The properties of the simulations judge what the nodes did.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { seeded } from '../../core/choice.ts';
import { exhibitNamed } from '../../museum/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';
import { buildNode } from '../node/build-node.ts';
import { EventFile, EventReader, microseconds } from '../node/event-file.ts';
import { Attack, drawnPoint, sleep } from './attack.ts';
import type { ClusterOptions, ClusterResult } from './cluster-options.ts';
import { DiskModel, diskOf, drawnImage, makeReal } from './disk-model.ts';
import { atOnce, Judge } from './judge.ts';
import { type ClusterRecord, type FaultRecord, MergedRecords, supervisor } from './merged-records.ts';
import { NetworkProxy } from './network-proxy.ts';
import { makeHomes, type NodeHome, type RouteOf } from './node-home.ts';
import { bundleNode, type ProcessEnd, type RunningNode, startNode } from './node-processes.ts';
import { type SupervisorRecord, supervisorPath } from './supervisor-record.ts';

const pollMs = 40;
/** How often the run asks whether something is violated for good: the question takes long. */
const verdictMs = 1000;
const maxRestartMs = 250;

interface Member {
  readonly home: NodeHome;
  readonly model: DiskModel;
  life: number;
  running: RunningNode | undefined;
  reader: EventReader;
  /** The process has stopped itself for good. */
  isHalted: boolean;
  pretended: ReadonlySet<string>;
  /** How many records this life has. */
  records: number;
  /** The newest record of this life. */
  last: ClusterRecord | undefined;
}

export class Cluster {
  readonly #options: ClusterOptions;
  readonly #choose: (below: number) => number;
  #members: readonly Member[] = [];
  #merged = new MergedRecords([]);
  #judge: Judge | undefined;
  #record: EventFile<SupervisorRecord> | undefined;
  #program = '';
  #kills = 0;
  #rolledBack = 0;
  #lostBytes = 0;
  #isEnding = false;
  #nextVerdict = 0;
  readonly #proxy: NetworkProxy;
  readonly #attack: Attack;
  readonly #atPoints: Record<string, number> = {};
  readonly #strange: string[] = [];
  readonly #started = Date.now();

  constructor(options: ClusterOptions) {
    this.#options = options;
    const { choose } = seeded(options.seed);
    let drawn = 0;
    this.#choose = (below) => {
      drawn += 1;
      return choose(below, 'cluster', drawn);
    };
    this.#proxy = new NetworkProxy(this.#choose);
    this.#attack = new Attack({
      choose: this.#choose,
      proxy: this.#proxy,
      maxKills: options.maxKills,
      nodes: () => this.#members.map(({ home }) => home.config.name),
      isEnding: () => this.#isEnding,
      lowest: () => this.#lowest(),
      kills: () => this.#kills,
      running: () => this.#members.flatMap(({ home, running }) => (running === undefined ? [] : [[home.config.name, running]])),
      note: (node, kind) => this.#note(node, kind),
    });
  }

  async run(): Promise<ClusterResult> {
    const { folder, nodes, exhibit, limitMs, untilHeight, minKills } = this.#options;
    mkdirSync(folder, { recursive: true });
    const routeOf: RouteOf = (from, to, port) => this.#proxy.open(from, to, port);
    const homes = await makeHomes(folder, nodes, this.#options.network === 'random' ? routeOf : undefined);
    this.#program = await bundleNode(folder);
    const alteration = exhibit === undefined ? undefined : exhibitNamed(exhibit);
    this.#merged = new MergedRecords(homes.map(({ config }) => config.name));
    this.#judge = new Judge(homes, alteration);
    this.#members = homes.map((home): Member => {
      const model = new DiskModel(diskOf(home.files));
      const pretended = buildNode(home.config, home.key, 0, alteration).pretendedSyncs ?? new Set<string>();
      return {
        home,
        model,
        life: 0,
        running: undefined,
        reader: new EventReader(home.recordOf(0)),
        isHalted: false,
        records: 0,
        pretended,
        last: undefined,
      };
    });
    this.#record = new EventFile(supervisorPath(folder));
    this.#record.write({
      type: 'start',
      version: 1,
      exhibit: exhibit ?? null,
      untilHeight,
      kills: this.#options.kills,
      network: this.#options.network ?? 'none',
      nodes: homes.map(({ config, files }) => [config.name, files] as const),
    });
    for (const member of this.#members) this.#start(member);
    const attack = Promise.all([
      this.#options.kills === 'none' ? undefined : this.#attack.kill(),
      this.#options.network === 'random' ? this.#attack.cut() : undefined,
    ]);
    while (Date.now() - this.#started < limitMs && !this.#isReached(untilHeight, minKills)) {
      await sleep(pollMs);
      this.#judgeSoFar();
      this.#options.progress?.({ lowest: this.#lowest(), kills: this.#kills, seconds: (Date.now() - this.#started) / 1000 });
      if (this.#isLost()) break;
    }
    this.#isEnding = true;
    await attack;
    await this.#end();
    const records = this.#members.map(({ home, life, records: count }) => ({ node: home.config.name, life, records: count }));
    this.#record.write({ type: 'end', strange: this.#strange, isReached: this.#lowest() >= untilHeight, records });
    this.#record.close();
    return this.#result(untilHeight);
  }

  /** Ends all processes at once; `run` then judges what there is. */
  interrupt(): void {
    this.#isEnding = true;
  }

  #start(member: Member): void {
    const { exhibit, kills } = this.#options;
    const isArmed = kills === 'random' && !this.#isEnding && !this.#attack.isCalm && this.#choose(2) === 0;
    const dies = isArmed ? drawnPoint(this.#choose) : undefined;
    member.reader = new EventReader(member.home.recordOf(member.life));
    member.last = undefined;
    const running = startNode(this.#program, member.home, member.life, { exhibit, dies });
    member.running = running;
    void running.ended.then((end) => this.#ended(member, end));
  }

  /** A process has ended: its files are compared with its record, and perhaps what it had not synced is taken away. */
  #ended(member: Member, { code, signal }: ProcessEnd): void {
    member.running = undefined;
    this.#read(member);
    if (signal !== 'SIGKILL') {
      // A process that was still loading has no handler for the signal, and ends by it.
      if (code !== 0 && !(this.#isEnding && signal === 'SIGTERM')) {
        member.isHalted = true;
        this.#strange.push(
          `${member.home.config.name}+${member.life} ended with code ${code}: ${member.home.recordOf(member.life)}.log says why`,
        );
      }
      return;
    }
    this.#kills += 1;
    const at = member.last?.type === 'dies' ? member.last.at : atOnce;
    this.#atPoints[at] = (this.#atPoints[at] ?? 0) + 1;
    this.#bury(member, at);
    member.life += 1;
    member.records = 0;
    if (!this.#options.keepRecords && member.life > keptLives) this.#remove(member, member.life - keptLives - 1);
    const restart = (): void => {
      if (!this.#isEnding) this.#start(member);
    };
    if (!this.#isEnding) setTimeout(restart, this.#choose(maxRestartMs));
  }

  #remove({ home }: Member, life: number): void {
    this.#record?.write({ type: 'removed', node: home.config.name, life });
    rmSync(home.recordOf(life), { force: true });
  }

  #bury(member: Member, at: string): void {
    const { model, home, life, records } = member;
    const { name } = home.config;
    const files = new RealFiles(home.config.folder);
    try {
      const left = model.compare(files);
      model.undo(left);
      if (left !== 'done') this.#merged.takeBack(name);
      const image = this.#choose(2) === 0 ? drawnImage(model.disk, this.#choose) : undefined;
      if (image !== undefined) {
        this.#rolledBack += 1;
        this.#lostBytes += model.powerLoss(image);
        makeReal(model.disk, files);
      }
      const time = microseconds();
      this.#record?.write({ type: 'death', node: name, life, records, at, image, left }, time);
      this.#merged.add(name, [{ type: 'death', time, at, image, left }]);
    } catch (error) {
      member.isHalted = true;
      this.#strange.push(`${name}+${life}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      files.close();
    }
  }

  #note(node: string, kind: FaultRecord['kind']): void {
    const time = microseconds();
    this.#record?.write({ type: 'fault', node, kind }, time);
    this.#merged.add(supervisor, [{ type: 'fault', time, node, kind }]);
  }

  #read(member: Member): void {
    const records = member.reader.next();
    for (const record of records) {
      if (record.type === 'effect' && record.effect.type === 'disk')
        member.model.begin(record.effect.operation, member.pretended.has(record.effect.site));
      if (record.type === 'done' && record.answer.error === undefined) member.model.done();
      member.last = record;
    }
    member.records += records.length;
    this.#merged.add(member.home.config.name, records);
  }

  /** Everything up to the moment before reading began is in the files. */
  #judgeSoFar(): void {
    const now = microseconds();
    for (const member of this.#members) this.#read(member);
    for (const [node, record] of this.#merged.upTo(now)) this.#judge?.take(node, record);
  }

  #lowest(): number {
    return Math.min(...this.#members.map(({ home }) => this.#judge?.heightOf(home.config.name) ?? 0));
  }

  /** Something is violated for good: there is nothing to wait for. Asked now and then, as properties look at all that they remember. */
  #isLost(): boolean {
    if (this.#strange.length > 0) return true;
    if (Date.now() < this.#nextVerdict) return false;
    this.#nextVerdict = Date.now() + verdictMs;
    return this.#judge?.isLost === true;
  }

  #isReached(untilHeight: number, minKills: number): boolean {
    return this.#isEnding || (this.#lowest() >= untilHeight && (this.#kills >= minKills || this.#options.kills === 'none'));
  }

  async #end(): Promise<void> {
    for (const { running } of this.#members) running?.signal('SIGTERM');
    const patience = setTimeout(() => {
      for (const { running } of this.#members) running?.signal('SIGKILL');
    }, endMs);
    await Promise.all(this.#members.map(({ running }) => running?.ended));
    clearTimeout(patience);
    this.#proxy.close();
    await sleep(pollMs);
    this.#judgeSoFar();
    for (const [node, record] of this.#merged.upTo(Number.POSITIVE_INFINITY)) this.#judge?.take(node, record);
  }

  #result(untilHeight: number): ClusterResult {
    const judge = this.#judge as Judge;
    const properties = judge.verdicts();
    const strange = [...this.#strange, ...judge.strange];
    const isViolated = strange.length > 0 || properties.some(({ verdict }) => verdict === 'violated');
    const isReached = this.#lowest() >= untilHeight;
    return {
      verdict: isViolated ? 'violated' : isReached ? 'held' : 'undecided',
      properties,
      off: judge.off,
      strange,
      heights: Object.fromEntries(this.#members.map(({ home }) => [home.config.name, judge.heightOf(home.config.name)])),
      kills: this.#kills,
      rolledBack: this.#rolledBack,
      lostBytes: this.#lostBytes,
      atPoints: this.#atPoints,
      pauses: this.#attack.pauses,
      network: this.#proxy.counts,
      events: judge.events,
      seconds: (Date.now() - this.#started) / 1000,
      folder: this.#options.folder,
    };
  }
}

const endMs = 5000;
/** The number of newest lives whose records stay, so that a failure can be looked into. */
const keptLives = 3;
