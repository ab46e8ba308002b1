/**
 * The run of a campaign without the enumerated deaths, and what it violates by itself. Such a violation is reported once, and is no fault of a death.
 *
 * The run is judged until it is three heights past the last height of the plan. A run with a death lasts longer: the others go on while the victim is
 * down. So when a death seems to violate a property, this run is first judged for that time too.
 */
import type { World } from '../../actors/scheduler/index.ts';
import type { Judged } from './merge-outcomes.ts';
import type { CrashpointsPlan, WithoutDeath } from './plan.ts';

/** Milliseconds for which a run with a death may last longer than its downtime: the victim catches up. */
const catchUpMs = 1000;

export class RunAlone {
  readonly #plan: CrashpointsPlan;
  readonly #world: World;
  #violations: readonly WithoutDeath[];
  #violated: ReadonlySet<string> = new Set();
  #isWhole = false;

  constructor(plan: CrashpointsPlan) {
    this.#plan = plan;
    this.#world = plan.start();
    const last = plan.heights[1];
    this.#world.run({
      until: (now) => plan.victims.every((victim) => plan.hasEnded(now, victim, last)),
      time: plan.limitMs * 1000,
    });
    this.#violations = this.#judged();
  }

  /** The violations that are known so far. */
  get violations(): readonly WithoutDeath[] {
    return this.#violations;
  }

  /** The names of the violated properties that are known so far. */
  get violated(): ReadonlySet<string> {
    return this.#violated;
  }

  /** The outcome of deaths without what the run violates by itself. */
  without(outcome: Judged): Judged {
    if (outcome.failures.length === 0) return outcome;
    this.#goOn();
    const failures = outcome.failures.filter(({ property }) => !this.#violated.has(property));
    return failures.length > 0 ? { ...outcome, failures } : { ...outcome, failures, verdict: 'held' };
  }

  #goOn(): void {
    if (this.#isWhole) return;
    this.#isWhole = true;
    const { restartMs, nested, nestedRestartMs, together } = this.#plan;
    // The second of two victims may die just before the first would be back; both are then down for the whole time again.
    const downMs = restartMs * (together === true ? 2 : 1) + (nested ? nestedRestartMs : 0);
    const moreMs = downMs + catchUpMs;
    this.#world.run({ time: this.#world.now + moreMs * 1000 });
    this.#violations = this.#judged();
  }

  #judged(): readonly WithoutDeath[] {
    const violations = this.#world.verdicts().flatMap(({ verdict, violations: found }, index): readonly WithoutDeath[] => {
      if (verdict !== 'violated') return [];
      return [{ property: this.#plan.properties[index] ?? '', message: found[0]?.message ?? '' }];
    });
    this.#violated = new Set(violations.map(({ property }) => property));
    return violations;
  }
}
