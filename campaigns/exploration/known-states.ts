/** Remembers the states that a search has met, for each history of a branch. It also joins deaths whose worlds have become equal. */
import type { CausalOrder } from '../../actors/scheduler/causal-order.ts';
import { isSameState, type MergeKey, type MergeKeys, MergeMap } from '../merge-keys.ts';
import { type Branch, historySets, joinedBranches, withHistories } from './branch.ts';
import type { ExplorePlan } from './plan.ts';

/** A branch just after a death, and the key of its world without the victim's disk and the memories of monitors. */
export interface Dead {
  readonly branch: Branch;
  readonly key: MergeKey;
}

type Bounds = Pick<ExplorePlan, 'victim' | 'deviations' | 'deaths'>;

/** If a schedule has no choices left, a state is looked up only if its number of messages in flight is a multiple of this. */
const lookedUpEvery = 4;

export class KnownStates {
  readonly #keys: MergeKeys;
  readonly #order: CausalOrder;
  readonly #plan: Bounds;
  /** For each state: the fewest departures with which it was met. */
  readonly #seen = new MergeMap<number>();
  #merged = 0;

  constructor(keys: MergeKeys, order: CausalOrder, plan: Bounds) {
    this.#keys = keys;
    this.#order = order;
    this.#plan = plan;
  }

  /** The number of histories that ended because their state was known. */
  get merged(): number {
    return this.#merged;
  }

  /**
   * Joins the deaths of `joining` that now have an equal world, and removes them from `joining`. Then drops the histories whose state was met before.
   * Undefined if no history is left. If the state is not looked up, the branch is returned unchanged.
   */
  open(alone: Branch, joining: Dead[]): Branch | undefined {
    if (joining.length === 0 && !this.#isLookedUp(alone)) return alone;
    const key = this.sharedKey(alone);
    const branch = this.#joined(alone, key, joining);
    const { histories, deviations } = branch;
    const isAlone = branch.isAlone && histories[0]?.disk !== undefined;
    const sets = historySets(this.#keys, branch);
    const isOpen = histories.map(({ disk }, index) => {
      const whole = this.#keys.of({ key, disk: disk?.present(), monitors: sets[index]?.key, isAlone });
      const before = this.#seen.get(whole);
      if (before === undefined || before > deviations) {
        this.#seen.set(whole, deviations);
        return true;
      }
      // Violations are a part of the state, so the history that met it first is judged for both.
      this.#merged += 1;
      return false;
    });
    if (isOpen.every((one) => one)) return branch;
    const chosen = histories.filter((_, index) => isOpen[index]);
    if (chosen.length === 0) return undefined;
    const openSets = sets.filter((_, index) => isOpen[index]);
    return withHistories(this.#keys, branch, chosen, openSets, this.#plan.victim);
  }

  /**
   * All states are looked up as long as departures or deaths are left. After that the schedule has only one continuation, and some states are enough. The number
   * of messages in flight decides which, so that two schedules with equal states are looked up at the same states.
   */
  #isLookedUp({ world, deviations, deaths }: Branch): boolean {
    if (deviations < this.#plan.deviations || deaths < this.#plan.deaths) return true;
    return world.underWay.filter(({ delivery }) => delivery.type === 'message').length % lookedUpEvery === 0;
  }

  /** The key of everything that the histories of a branch have in common. */
  sharedKey({ world, histories, deaths }: Branch): MergeKey {
    const isApart = histories[0]?.disk !== undefined;
    return this.#keys.of({
      world: world.present({ monitors: 'all', ...(isApart ? { nodes: [this.#plan.victim], files: 'all' } : {}) }),
      order: this.#order.relativeDepths(world),
      deaths,
      // The victim's position is in the names of the crash points of its next boot.
      position: isApart ? world.position(this.#plan.victim) : undefined,
    });
  }

  #joined(branch: Branch, key: MergeKey, joining: Dead[]): Branch {
    if (branch.histories[0]?.disk === undefined) return branch;
    let joined = branch;
    for (const dead of joining.splice(0)) {
      if (isSameState(dead.key, key)) joined = joinedBranches(this.#keys, joined, dead.branch);
      else joining.push(dead);
    }
    return joined;
  }
}
