/**
 * `replay-equivalence`: recovery brings back at least what was acknowledged, and the state after replay is the one the living node had.
 */

import type { TendermintState } from '../../actors/tendermint/config.ts';
import { digestOf, digestOfAll } from '../../core/digest.ts';
import type { Monitor, Observer, Property, RunEvent, Watched } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { Judge } from './signed.ts';

/** What is looked at of the consensus actor: the protocol's state. */
interface Consensus {
  readonly inner: TendermintState;
}

/** The living node's state behind a frame that it had appended, and did not follow with another in that step. */
interface Snapshot {
  readonly sequence: number;
  readonly core: unknown;
}

/** What is known of the living node at one height. */
interface Lived {
  readonly height: number;
  readonly acknowledged: number;
  readonly snapshots: readonly Snapshot[];
}

class ReplayEquivalence extends Judge {
  get watches(): readonly Watched[] {
    return ['deliver consensus', 'disk append', 'death', 'stopped'];
  }
  readonly unexercised = 'no node came back with something to replay';
  #lived = new ForkingMap<string, Lived>();
  /** By node: the newest append, whose state is taken when the step is over. */
  #appended = new ForkingMap<string, { readonly sequence: number; readonly height: number }>();
  #replayed = new ForkingMap<string, number>();

  observe(event: RunEvent, observer: Observer): void {
    const { node } = event;
    if (event.type === 'effect') {
      const { effect } = event;
      if (effect.type !== 'disk' || effect.site !== 'wal.append') return;
      const core = this.#core(node, observer);
      if (core !== undefined) this.#appended.set(node, { sequence: effect.tag, height: core.height });
      return;
    }
    // It never rested behind what it appended last.
    if (event.type === 'death' || event.type === 'stopped') this.#appended.delete(node);
    if (event.type !== 'deliver' || event.actor !== 'consensus') return;
    this.#snapshot(node, observer);
    const message = event.message as {
      readonly type: string;
      readonly sequence?: number;
      readonly height?: number;
      readonly frames?: number;
    };
    switch (message.type) {
      case 'flushed': {
        const lived = this.#lived.get(node);
        if (lived !== undefined)
          this.#lived.set(node, { ...lived, acknowledged: Math.max(lived.acknowledged, message.sequence ?? 0) });
        break;
      }
      case 'recovered':
        this.#recovered(event, message.height ?? 0, message.frames ?? 0, observer);
        break;
      case 'replay.frame':
        this.#replayed.set(node, message.sequence ?? 0);
        break;
      case 'replay.end':
        this.#compare(event, observer);
        break;
      default:
        break;
    }
  }

  #core(node: string, observer: Observer): TendermintState['core'] | undefined {
    return (observer.actorState(node, 'consensus') as Consensus | undefined)?.inner.core;
  }

  /** The state when a step with appends is over. */
  #snapshot(node: string, observer: Observer): void {
    const appended = this.#appended.get(node);
    if (appended === undefined) return;
    this.#appended.delete(node);
    const core = this.#core(node, observer);
    if (core === undefined || core.height !== appended.height) return;
    const lived = this.#lived.get(node);
    const isSame = lived?.height === appended.height;
    const snapshots = [...(isSame ? lived.snapshots : []), { sequence: appended.sequence, core }];
    this.#lived.set(node, { height: appended.height, acknowledged: isSame ? lived.acknowledged : 0, snapshots });
  }

  #recovered(event: RunEvent, height: number, frames: number, observer: Observer): void {
    const { node } = event;
    const lived = this.#lived.get(node);
    this.#replayed.delete(node);
    if (lived !== undefined && frames === 0) this.#lived.set(node, { ...lived, snapshots: [] });
    if (lived === undefined || observer.isFaulty(node) || lived.acknowledged === 0) return;
    // A node that has lost its log and says so is no pause: it owes not to vote.
    if (observer.isAbstaining(node)) {
      this.#lived.delete(node);
      return;
    }
    if (height > lived.height) return;
    this.exercised += 1;
    if (height === lived.height && frames > 0) return;
    const message = `${node} came back at height ${height} with ${frames} frames; at height ${lived.height} frame ${lived.acknowledged} had been acknowledged as durable`;
    this.violated({ message, event: event.index, nodes: [node], height });
  }

  #compare(event: RunEvent, observer: Observer): void {
    const { node } = event;
    const lived = this.#lived.get(node);
    const core = this.#core(node, observer);
    const last = this.#replayed.get(node) ?? 0;
    if (lived === undefined || core === undefined || core.height !== lived.height || observer.isFaulty(node)) return;
    this.exercised += 1;
    const { height } = lived;
    if (last < lived.acknowledged) {
      const message = `${node} replayed up to frame ${last} of height ${height}; frame ${lived.acknowledged} had been acknowledged as durable`;
      this.violated({ message, event: event.index, nodes: [node], height });
      return;
    }
    const snapshot = lived.snapshots.findLast(({ sequence }) => sequence === last);
    // What it came back with it has acted upon: a later recovery owes all of it, and nothing of what stood behind it.
    this.#lived.set(node, { height: lived.height, acknowledged: last, snapshots: [{ sequence: last, core }] });
    this.#replayed.delete(node);
    // A death within a step leaves a prefix of its frames: there was no moment at which the node rested there.
    if (snapshot === undefined || digestOf(snapshot.core) === digestOf(core)) return;
    const message = `${node} is another after replay than it was at frame ${last} of height ${height}`;
    this.violated({ message, event: event.index, nodes: [node], height });
  }

  fork(): Monitor {
    const copy = this.copyInto(new ReplayEquivalence());
    copy.#lived = this.#lived.fork();
    copy.#appended = this.#appended.fork();
    copy.#replayed = this.#replayed.fork();
    return copy;
  }
  digest(): number {
    return digestOfAll(this.words, this.#lived, this.#appended, this.#replayed);
  }
}

export const replayEquivalence: Property = {
  name: 'replay-equivalence',
  says: 'recovery yields at least what was acknowledged, and the state after replay is the one the living node had',
  hint: 'nothing acknowledged may be cut at recovery, and replay must apply the same inputs in the same order',
  monitor: () => new ReplayEquivalence(),
};
