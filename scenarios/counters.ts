/** What a run reports beside its verdicts: decisions, deaths, and what replay brought back, counted from outside. */
import type { Monitor, Property, RunEvent, Watched } from '../core/events.ts';
import { momentOf } from './moments.ts';

/** What replay brought back, over all restarts. */
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

/** Counts what happens, from outside, in the form of a property that never fails. */
export abstract class Counter {
  abstract count(event: RunEvent): void;
  /** The events it counts; left out: it looks at all. */
  readonly watches?: readonly Watched[];
  readonly property: Property = {
    name: 'count',
    says: 'counts, and never fails',
    monitor: () => {
      const { watches } = this;
      const monitor: Monitor = {
        ...(watches === undefined ? {} : { watches }),
        observe: (event: RunEvent) => this.count(event),
        finish: () => ({ verdict: 'held', violations: [] }) as const,
        fork: () => monitor,
        digest: () => 0,
      };
      return monitor;
    },
  };
}

export class DecisionCounter extends Counter {
  override readonly watches = ['effect host.decide', 'effect observe'] as const;
  readonly #heights = new Map<string, number>();
  readonly #times = new Map<string, number>();

  count(event: RunEvent): void {
    if (event.type !== 'effect') return;
    const { effect } = event;
    // A protocol without heights reports how many entries of its log are committed.
    const isCommitted = effect.type === 'observe' && effect.event === 'committed';
    if (effect.type !== 'host.decide' && !isCommitted) return;
    const height = effect.type === 'host.decide' ? effect.height : Number(effect.detail['index']);
    const key = `${event.node} ${height}`;
    if (!this.#times.has(key)) this.#times.set(key, event.time / 1000);
    this.#heights.set(event.node, Math.max(height, this.#heights.get(event.node) ?? 0));
  }
  height(node: string): number {
    return this.#heights.get(node) ?? 0;
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

export class RestoredCounter extends Counter {
  override readonly watches = ['death', 'effect observe'] as const;
  readonly deaths: DeathReport[] = [];
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
    const moment = momentOf(event);
    if (moment?.name !== 'replay.end') return;
    for (const key of ['votes', 'proposals', 'frames', 'locks', 'rounds'] as const)
      this.#totals[key] += Number(moment.detail[key] ?? 0);
  }
}
