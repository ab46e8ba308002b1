/**
 * The rules that determine the proposer of a height and round.
 *
 * Source: CometBFT, types/validator_set.go, IncrementProposerPriority, for an unchanged set. Not modelled: CometBFT keeps priorities when the set changes, and
 * gives a penalty to a validator that joins. Here a new set of unequal powers begins with equal priorities. Validators of equal power take turns by height, also
 * after a change.
 */
import type { ValidatorPower } from './types.ts';

/**
 * `rotate`: validator (height - 1 + round) mod n, without regard to power. `weighted`: in proportion to power, spread evenly over the turns. `table`
 * names the proposer of single rounds, by `height.round`. `changes`: the heights at which the validator set changes.
 */
export interface ProposerRule {
  readonly rule: 'weighted' | 'rotate';
  readonly table: Readonly<Record<string, string>>;
  readonly changes?: readonly number[];
}

/**
 * Above this round validators take turns without regard to power, unless the weighted turns repeat sooner. Honest nodes do not get so far, and a liar that claims
 * such a round must cost nothing.
 */
const roundMax = 4096;
/** How many computed turns are kept. One height has fewer weighted rounds, so each of its turns is computed only once. */
const turnsKept = 2 * roundMax;

export function proposerOf(
  { rule, table, changes = [] }: ProposerRule,
  { validators }: { readonly validators: readonly ValidatorPower[] },
  height: number,
  round: number,
): string {
  // No object inherits a name of this form, so a plain lookup is safe.
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

/**
 * Smooth weighted round robin. In each turn, every priority grows by the validator's power. The validator with the highest priority proposes, and the total
 * power is subtracted from its priority.
 */
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
