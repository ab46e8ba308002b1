/**
 * `termination`: when faults have ended, every correct node that is up goes on deciding, as long as the nodes that are up are a quorum.
 *
 * The bound is computed from the timeouts: enough rounds for every validator to have proposed once, and two more, each with its
 * growing timeouts and six delays of 100 ms. A message that is lost, a death and a restart are faults; the clock starts behind the last.
 */

import type { TendermintConfig } from '../../actors/tendermint/config.ts';
import { digestOfAll, mix, textDigest } from '../../core/digest.ts';
import type { Monitor, Observer, Property, RunEvent, Setting, Verdict, Violation, Watched } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { decisionIn } from './signed.ts';

class Termination implements Monitor {
  get watches(): readonly Watched[] {
    return ['effect host.decide', 'death', 'restart', 'stopped', 'lost', 'fault'];
  }
  readonly #setting: Setting;
  readonly #boundMs: number;
  /** Microseconds. */
  #lastFault = 0;
  /** The highest height that anybody decided. */
  #highest = 0;
  #lastDecision = new ForkingMap<string, number>();

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#boundMs = boundMs(setting);
  }

  observe(event: RunEvent): void {
    if (event.type !== 'effect') this.#lastFault = event.time;
    else {
      const seen = decisionIn(event);
      if (seen === undefined) return;
      this.#lastDecision.set(event.node, event.time);
      this.#highest = Math.max(this.#highest, seen.decision.height);
    }
  }

  finish(observer: Observer): Verdict {
    const owing = this.#together(observer).filter((node) => !observer.isAbstaining(node));
    const powers = this.#setting.powers(this.#highest + 1);
    const sum = (nodes: Iterable<string>): number => [...nodes].reduce((total, node) => total + (powers.get(node) ?? 0), 0);
    if (3 * sum(owing) <= 2 * sum(powers.keys()))
      return { verdict: 'undecided', violations: [], reason: 'the nodes that are up and can hear each other are no quorum' };
    const late = owing.flatMap((node): Violation[] => {
      const since = Math.max(this.#lastFault, this.#lastDecision.get(node) ?? 0);
      const waitedMs = (observer.now - since) / 1000;
      if (waitedMs <= this.#boundMs) return [];
      const message = `${node} has decided nothing for ${Math.round(waitedMs)} ms after the last fault and decision; the bound is ${this.#boundMs} ms`;
      return [{ message, event: -1, nodes: [node], height: 0 }];
    });
    if (late.length > 0) return { verdict: 'violated', violations: late };
    return this.#lastDecision.size > 0
      ? { verdict: 'held', violations: [] }
      : { verdict: 'undecided', violations: [], reason: 'nobody decided' };
  }

  /** The largest group of correct nodes that are up and can hear each other, if need be through one another. */
  #together(observer: Observer): readonly string[] {
    const { nodes, links } = this.#setting;
    const up = nodes.filter((node) => observer.isUp(node) && !observer.isFaulty(node));
    if (links === undefined) return up;
    let largest: readonly string[] = [];
    for (const first of up) {
      const group = new Set([first]);
      for (const node of group) for (const next of links.get(node) ?? []) if (up.includes(next)) group.add(next);
      if (group.size > largest.length) largest = [...group];
    }
    return largest;
  }

  fork(): Monitor {
    const copy = new Termination(this.#setting);
    copy.#lastFault = this.#lastFault;
    copy.#highest = this.#highest;
    copy.#lastDecision = this.#lastDecision.fork();
    return copy;
  }

  digest(now: number): number {
    let digest = digestOfAll(now - this.#lastFault, this.#highest);
    // A decision before the last fault counts no more: only that there was one.
    for (const [node, time] of this.#lastDecision)
      digest = (digest + mix(textDigest(node), now - Math.max(time, this.#lastFault))) | 0;
    return digest;
  }
}

function boundMs({ configurations, nodes }: Setting): number {
  const config = [...configurations.values()][0] as TendermintConfig;
  const { propose, prevote, precommit, perRound } = config.timeouts;
  let bound = 0;
  for (let round = 0; round < nodes.length + 2; round += 1) bound += propose + prevote + precommit + 3 * round * perRound + 600;
  return bound + 2 * config.rebroadcastMs;
}

export const termination: Property = {
  name: 'termination',
  says: 'after the last fault every correct node that is up decides within a bound computed from the timeouts',
  hint: 'after a restart, armed timers must be set again, open questions asked again, own messages sent again',
  monitor: (setting) => new Termination(setting),
};
