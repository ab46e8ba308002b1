/**
 * Attacks a running cluster at random moments: kills and pauses of its processes, and nodes that are cut off. When kills bring no new height for a
 * while, the attack rests, because the cluster would otherwise only boot.
 */
import type { FaultRecord } from './merged-records.ts';
import type { NetworkProxy } from './network-proxy.ts';
import type { RunningNode } from './node-processes.ts';

const pollMs = 40;
const maxPauseMs = 400;
const maxCutMs = 1500;
const betweenMs = { least: 100, most: 500 } as const;
/** After this number of kills without a new height the attack rests. */
const maxFruitless = 6;
const calmMs = 10_000;

/** The cluster, as an attack needs it. */
export interface Attacked {
  readonly choose: (below: number) => number;
  readonly proxy: NetworkProxy;
  readonly nodes: () => readonly string[];
  readonly maxKills: number;
  readonly isEnding: () => boolean;
  /** The height that every node has decided. */
  readonly lowest: () => number;
  readonly kills: () => number;
  /** The processes that are up, with the names of their nodes. */
  readonly running: () => readonly (readonly [node: string, running: RunningNode])[];
  /** Records what happens to a node that lives on. */
  readonly note: (node: string, kind: FaultRecord['kind']) => void;
}

export class Attack {
  readonly #cluster: Attacked;
  #isCalm = false;
  /** The number of pauses so far. */
  pauses = 0;

  constructor(cluster: Attacked) {
    this.#cluster = cluster;
  }

  /** Whether the attack rests. */
  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** Random kills and pauses, until the cluster ends or has had enough kills. */
  async kill(): Promise<void> {
    const { choose, isEnding, kills, lowest, maxKills } = this.#cluster;
    let [height, since] = [0, 0];
    while (!isEnding() && kills() < maxKills) {
      await sleep(betweenMs.least + choose(betweenMs.most - betweenMs.least));
      if (lowest() > height) [height, since] = [lowest(), kills()];
      else if (kills() - since >= maxFruitless) {
        await this.#rest(height);
        since = kills();
      }
      if (!isEnding()) await this.#strike();
    }
  }

  /** Cuts nodes off from all others, one after the other. */
  async cut(): Promise<void> {
    const { choose, isEnding, nodes, note, proxy } = this.#cluster;
    while (!isEnding()) {
      await sleep(maxCutMs + choose(maxCutMs));
      const node = nodes()[choose(nodes().length)] as string;
      if (isEnding() || this.#isCalm) continue;
      if (proxy.cut(node, choose(maxCutMs), () => note(node, 'back'))) note(node, 'cut off');
    }
  }

  /** Until there is a new height, or for a while. */
  async #rest(height: number): Promise<void> {
    this.#isCalm = true;
    const end = Date.now() + calmMs;
    while (!this.#cluster.isEnding() && Date.now() < end && this.#cluster.lowest() <= height) await sleep(pollMs);
    this.#isCalm = false;
  }

  async #strike(): Promise<void> {
    const { choose, note, running } = this.#cluster;
    const up = running();
    const victim = up[choose(Math.max(1, up.length))];
    if (victim === undefined) return;
    const [node, process] = victim;
    if (choose(5) > 0) {
      process.signal('SIGKILL');
      return;
    }
    this.pauses += 1;
    process.signal('SIGSTOP');
    note(node, 'paused');
    await sleep(choose(maxPauseMs));
    note(node, 'resumed');
    process.signal('SIGCONT');
  }
}

const killSites = [
  'wal.append',
  'wal.flush',
  'publish',
  'decided',
  'store.append',
  'store.flush',
  'segment.create',
  'segment.open',
  'segment.prune',
  'replay.frame',
  'store.create',
  'timer.set',
  'value.get',
] as const;
const phases = ['before', 'torn', 'after'] as const;

/** A crash point at which a process kills itself: SITE:PHASE:NTH:SHARE. */
export function drawnPoint(choose: (below: number) => number): string {
  const site = killSites[choose(killSites.length)];
  const phase = phases[choose(phases.length)];
  return `${site}:${phase}:${1 + choose(5)}:${choose(10) / 10}`;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
