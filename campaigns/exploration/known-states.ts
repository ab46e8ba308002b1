/** The states that a search has met, each history of a branch by itself; and deaths that come to share a world. */
import type { CausalOrder } from '../../actors/scheduler/causal-order.ts';
import { isSameState, type MergeKey, type MergeKeys, MergeMap } from '../merge-keys.ts';
import { type Branch, historySets, joinedBranches, withHistories } from './branch.ts';
import type { ExplorePlan } from './plan.ts';

/** A victim that has just died, and the key of its world without its disk and what monitors remember. */
export interface Dead {
  readonly branch: Branch;
  readonly key: MergeKey;
}

type Bounds = Pick<ExplorePlan, 'victim' | 'deviations' | 'deaths'>;

/** Where one way is left, states are looked up whose number of messages under way is a multiple of this. */
const lookedUpEvery = 4;

export class KnownStates {
  readonly #keys: MergeKeys;
  readonly #order: CausalOrder;
  readonly #plan: Bounds;
  /** State and deaths, to the fewest departures with which it was met. */
  readonly #seen = new MergeMap<number>();
  #merged = 0;

  constructor(keys: MergeKeys, order: CausalOrder, plan: Bounds) {
    this.#keys = keys;
    this.#order = order;
    this.#plan = plan;
  }

  /** Histories that were given up because their state had been met. */
  get merged(): number {
    return this.#merged;
  }

  /**
   * The branch with those that join it here, which are taken out of `joining`, and without histories whose state was met before. Undefined where none is
   * left. The branch as it is, where its state is not looked up.
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
      // What it has violated on the way here is part of its state: the first to come here is judged for both.
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
   * All states are looked up until no departure and no death is left. Then there is one way on, and some states are enough. The messages under way say which,
   * so that two schedules that come to one state are looked up at the same places.
   */
  #isLookedUp({ world, deviations, deaths }: Branch): boolean {
    if (deviations < this.#plan.deviations || deaths < this.#plan.deaths) return true;
    return world.underWay.filter(({ delivery }) => delivery.type === 'message').length % lookedUpEvery === 0;
  }

  /** The key of all that the histories of a branch have in common. */
  sharedKey({ world, histories, deaths }: Branch): MergeKey {
    const isApart = histories[0]?.disk !== undefined;
    return this.#keys.of({
      world: world.present({ monitors: 'all', ...(isApart ? { node: this.#plan.victim, files: 'all' } : {}) }),
      order: this.#order.present(world),
      deaths,
      // Where it was names the crash points of its next boot.
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
