/**
 * Runs a world in which victims boot: first until they have recovered, then to its end, and judges it. If an equal state after recovery was judged before,
 * its outcome is used. The campaigns of one victim and of two share this.
 */

import type { World } from '../../actors/scheduler/index.ts';
import type { VerdictName } from '../../core/events.ts';
import { distinct, type MergeKey, type MergeKeys, MergeMap } from '../merge-keys.ts';
import { type MonitorPlaces, monitorSetsOf } from '../monitor-sets.ts';
import type { CrashpointsPlan } from './plan.ts';

export interface Outcome {
  readonly verdict: VerdictName;
  readonly failures: readonly { readonly property: string; readonly message: string }[];
}

/** An outcome, and the state after recovery that it belongs to. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly key: MergeKey;
}

/** A victim, and its height when it died. */
export interface Victim {
  readonly victim: string;
  readonly height: number;
}

/** A run is judged at this interval (ms), so that a violation ends it before the limit. */
const lookMs = 10_000;

export class OutcomeJudge {
  readonly #plan: CrashpointsPlan;
  readonly #keys: MergeKeys;
  /** The outcome of each state after recovery. */
  readonly #outcomes = new MergeMap<Outcome>();

  constructor(plan: CrashpointsPlan, keys: MergeKeys) {
    this.#plan = plan;
    this.#keys = keys;
  }

  /** Keys of the distinct states after recovery. */
  get states(): readonly string[] {
    return this.#outcomes.texts();
  }

  /**
   * Runs the boots to their end. For each state after recovery that is new, it also runs and judges the rest. Returns one judgement for each of
   * `places`. `recovered` is called after the boots.
   */
  judge(
    victims: readonly Victim[],
    world: World,
    places: readonly MonitorPlaces[],
    deadline: number,
    recovered?: () => void,
  ): readonly Judgement[] {
    const { merge, hasRecovered, hasEnded, limitMs, part } = this.#plan;
    const until = (now: World): boolean => victims.every(({ victim }) => hasRecovered(now, victim));
    const recovery = world.run({ until, time: deadline });
    recovered?.();
    const present = merge ? this.#keys.of({ victims, present: world.present({ monitors: 'all' }) }) : undefined;
    // Without merging, each state has a unique key.
    const states = monitorSetsOf(this.#keys, world, places).map((monitorSet, place) => ({
      place: places[place] as MonitorPlaces,
      key:
        present === undefined
          ? this.#keys.unique(`${part?.victim} ${part?.from}`)
          : this.#keys.of({ present, monitors: monitorSet.key }),
    }));
    const open = distinct(states.filter(({ key }) => !this.#outcomes.has(key)));
    if (open.length > 0) {
      // The state does not include how long the boot took, so every run gets the same time from here on.
      const time = recovery === 'reached' ? world.now + limitMs * 1000 : deadline;
      const outcomes = this.#runOn(
        world,
        open.map(({ place }) => place),
        (now) => victims.every(({ victim, height }) => hasEnded(now, victim, height)),
        time,
      );
      for (const [place, { key }] of open.entries()) this.#outcomes.set(key, outcomes[place] as Outcome);
    }
    return states.map(({ key }) => ({ outcome: this.#outcomes.get(key) as Outcome, key }));
  }

  /** Runs to the end and judges the run for each monitor set. A violation is the outcome of its set at once. */
  #runOn(world: World, places: readonly MonitorPlaces[], hasEnded: (world: World) => boolean, limit: number): readonly Outcome[] {
    const outcomes = new Map<MonitorPlaces, Outcome>();
    while (outcomes.size < places.length) {
      const end = world.run({ until: hasEnded, time: Math.min(limit, world.now + lookMs * 1000) });
      const isOver = end !== 'time' || world.now >= limit;
      for (const place of places) {
        if (outcomes.has(place)) continue;
        const failures = this.#failuresOf(world, place);
        if (failures.length > 0) outcomes.set(place, { verdict: 'violated', failures });
        else if (isOver) outcomes.set(place, { verdict: end === 'reached' ? 'held' : 'undecided', failures });
      }
    }
    return places.map((place) => outcomes.get(place) as Outcome);
  }

  #failuresOf({ rules, memories, observer }: World, place: MonitorPlaces): Outcome['failures'] {
    return rules.flatMap((rule, index) => {
      const { verdict, violations } = rule.finish(memories[index]?.[place[index] ?? 0] as never, observer);
      const property = this.#plan.properties[index] ?? '';
      if (verdict !== 'violated' || this.#plan.ignored?.has(property) === true) return [];
      return [{ property, message: violations[0]?.message ?? '' }];
    });
  }
}
