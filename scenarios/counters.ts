/** Counts what a run reports in addition to verdicts: decisions, deaths, and what replay restored. It uses events only. */
import type { RunEvent } from '../core/events.ts';
import { momentOf } from './moments.ts';

/** What replay restored, in all restarts together. */
export interface Restored {
  readonly votes: number;
  readonly proposals: number;
  readonly frames: number;
  readonly locks: number;
  readonly rounds: number;
}

export interface DeathReport {
  readonly node: string;
  readonly kind: string;
  readonly at: string;
  /** Milliseconds. */
  readonly time: number;
  readonly lostBytes: number;
}

/** A restart of a node, and what it found in its log. */
export interface ReturnReport {
  readonly node: string;
  /** Milliseconds. */
  readonly time: number;
  /** Which life of the node begins, from 1. */
  readonly life: number;
  /** How many frames were to be replayed; undefined when it stopped or died before it knew. */
  readonly frames?: number;
  /** Value sync brought the height over while the replay was delayed. */
  readonly isSkipped?: true;
  /** What replay restored; undefined if no replay ended. */
  readonly restored?: Restored;
}

export class DecisionCounter {
  readonly #heights = new Map<string, number>();
  readonly #times = new Map<string, number>();
  /** By node: when it decided something new last, ms. */
  readonly #last = new Map<string, number>();
  #lastMs = 0;

  /** When somebody decided something new last, in milliseconds. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** When this node did, in milliseconds. */
  lastOf(node: string): number {
    return this.#last.get(node) ?? 0;
  }

  count(event: RunEvent): void {
    if (event.type !== 'effect') return;
    const { effect } = event;
    // A protocol without heights reports how many entries of its log are committed.
    const isCommitted = effect.type === 'observe' && effect.event === 'committed';
    if (effect.type !== 'host.decide' && !isCommitted) return;
    const height = effect.type === 'host.decide' ? effect.height : Number(effect.detail['index']);
    const key = `${event.node} ${height}`;
    if (!this.#times.has(key)) {
      this.#times.set(key, event.time / 1000);
      this.#lastMs = event.time / 1000;
      this.#last.set(event.node, this.#lastMs);
    }
    this.#heights.set(event.node, Math.max(height, this.#heights.get(event.node) ?? 0));
  }
  height(node: string): number {
    return this.#heights.get(node) ?? 0;
  }
  /** When a node decided a height, in milliseconds; undefined if it did not, or learned it together with a later one. */
  timeOf(node: string, height: number): number | undefined {
    return this.#times.get(`${node} ${height}`);
  }
  /** A height that a node learned as a whole counts for all below it. */
  hasDecided(node: string, height: number, withinMs: number): boolean {
    const time = this.#times.get(`${node} ${height}`);
    return time === undefined ? this.height(node) > height : time <= withinMs;
  }
  lowest(nodes: readonly string[]): number {
    return nodes.length === 0 ? 0 : Math.min(...nodes.map((node) => this.height(node)));
  }
}

export class RestoredCounter {
  readonly deaths: DeathReport[] = [];
  /** In the order in which they came back; each is the last of its node until the next. */
  readonly returns: ReturnReport[] = [];
  readonly #totals = { votes: 0, proposals: 0, frames: 0, locks: 0, rounds: 0 };

  get totals(): Restored {
    return { ...this.#totals };
  }
  count(event: RunEvent): void {
    if (event.type === 'death') {
      const { node, kind, at, lostBytes, time } = event;
      this.deaths.push({ node, kind, at, time: time / 1000, lostBytes });
      return;
    }
    if (event.type === 'restart') {
      this.returns.push({ node: event.node, time: event.time / 1000, life: event.life });
      return;
    }
    const moment = momentOf(event);
    if (moment?.name === 'recovered') this.#revise(event.node, { frames: Number(moment.detail['frames'] ?? 0) });
    if (moment?.name === 'replay.skipped') this.#revise(event.node, { isSkipped: true });
    if (moment?.name !== 'replay.end') return;
    const number = (key: keyof Restored): number => Number(moment.detail[key] ?? 0);
    const restored: Restored = {
      votes: number('votes'),
      proposals: number('proposals'),
      frames: number('frames'),
      locks: number('locks'),
      rounds: number('rounds'),
    };
    for (const key of countsOf(restored)) this.#totals[key] += restored[key];
    this.#revise(event.node, { restored });
  }

  /** For the node's present life; the first life of a node is no return. */
  #revise(node: string, found: Pick<ReturnReport, 'frames' | 'isSkipped' | 'restored'>): void {
    const at = this.returns.findLastIndex((one) => one.node === node);
    const last = this.returns[at];
    if (last !== undefined) this.returns[at] = { ...last, ...found };
  }
}

function countsOf(restored: Restored): readonly (keyof Restored)[] {
  return Object.keys(restored) as (keyof Restored)[];
}
