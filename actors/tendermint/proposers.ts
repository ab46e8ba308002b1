/**
 * Proposers: the rules by which a height and round have one proposer.
 *
 * Source: CometBFT, types/validator_set.go, IncrementProposerPriority, for a set that stays as it is. Not modelled: priorities that it carries from one set
 * to the next, and its penalty for a validator that joins; here a set begins with equal priorities.
 */
import type { ValidatorPower } from './types.ts';

/**
 * `rotate`: validator (height - 1 + round) mod n, whatever the weights. `weighted`: as often as power says, spread evenly over the
 * turns. `table` names single rounds, by `height.round`. `changes`: the heights from which other sets hold, where there is more than one.
 */
export interface ProposerRule {
  readonly rule: 'weighted' | 'rotate';
  readonly table: Readonly<Record<string, string>>;
  readonly changes?: readonly number[];
}

/** Beyond it validators take turns whatever their power: no honest node comes so far, and a liar that claims such a round costs nothing. */
const roundMax = 4096;
/** More turns than rounds that are weighted: what was worked out for a height is there for all of its rounds. */
const turnsKept = 2 * roundMax;

export function proposerOf(
  { rule, table, changes = [] }: ProposerRule,
  { validators }: { readonly validators: readonly ValidatorPower[] },
  height: number,
  round: number,
): string {
  // No object has such a name by itself.
  const named = table[`${height}.${round}`];
  if (named !== undefined) return named;
  const turn = height - 1 + round;
  const inTurn = validators[turn % validators.length]?.[0] ?? '';
  if (rule === 'rotate' || isEqual(validators)) return inTurn;
  const turns = turnsIn(validators);
  const from = changes.findLast((change) => change <= height) ?? 1;
  if (round > roundMax && turns.period > roundMax) return inTurn;
  return turns.proposerAt(height - from + round);
}

function isEqual(validators: readonly ValidatorPower[]): boolean {
  return validators.every(([, power]) => power === validators[0]?.[1]);
}

const known = new WeakMap<readonly ValidatorPower[], WeightedTurns>();

function turnsIn(validators: readonly ValidatorPower[]): WeightedTurns {
  const turns = known.get(validators) ?? new WeightedTurns(validators);
  known.set(validators, turns);
  return turns;
}

/** Smooth weighted round robin: each turn all priorities grow by their power, the highest one proposes, and pays the sum of all. */
class WeightedTurns {
  readonly #validators: readonly ValidatorPower[];
  readonly #total: number;
  /** The number of turns after which all priorities are equal again. */
  readonly period: number;
  #priorities: Float64Array<ArrayBuffer>;
  #next = 0;
  readonly #proposers = new Map<number, string>();

  constructor(validators: readonly ValidatorPower[]) {
    this.#validators = validators;
    this.#total = validators.reduce((sum, [, power]) => sum + power, 0);
    this.period = this.#total / validators.reduce((divisor, [, power]) => commonDivisor(divisor, power), 0);
    this.#priorities = new Float64Array(validators.length);
  }

  proposerAt(turn: number): string {
    const wanted = turn % this.period;
    const found = this.#proposers.get(wanted);
    if (found !== undefined) return found;
    if (wanted < this.#next) {
      this.#priorities = new Float64Array(this.#validators.length);
      this.#next = 0;
    }
    let proposer = '';
    while (this.#next <= wanted) {
      proposer = this.#takeTurn();
      this.#proposers.delete(this.#next - turnsKept);
      this.#proposers.set(this.#next, proposer);
      this.#next += 1;
    }
    return proposer;
  }

  #takeTurn(): string {
    const priorities = this.#priorities;
    let best = 0;
    for (const [index, [, power]] of this.#validators.entries()) {
      priorities[index] = (priorities[index] as number) + power;
      if ((priorities[index] as number) > (priorities[best] as number)) best = index;
    }
    priorities[best] = (priorities[best] as number) - this.#total;
    return this.#validators[best]?.[0] ?? '';
  }
}

function commonDivisor(a: number, b: number): number {
  let [left, right] = [a, b];
  while (right > 0) [left, right] = [right, left % right];
  return left;
}
