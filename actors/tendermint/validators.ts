/**
 * Validators of a height: their voting power, and the thresholds over it.
 */
import type { ValidatorPower } from './types.ts';

export interface ValidatorSet {
  readonly validators: readonly ValidatorPower[];
  readonly total: number;
  readonly indexes: ReadonlyMap<string, number>;
}

/** The highest total power. Three times this number is still an exact integer. */
export const totalPowerMax: number = Math.floor(Number.MAX_SAFE_INTEGER / 3);

const known = new WeakMap<readonly ValidatorPower[], ValidatorSet>();

/** The validator set with these powers. Throws `RangeError` if their sum is too large to be exact. */
export function validatorSet(validators: readonly ValidatorPower[]): ValidatorSet {
  let set = known.get(validators);
  if (set === undefined) {
    const total = validators.reduce((sum, [, power]) => sum + power, 0);
    if (total > totalPowerMax)
      throw new RangeError(`the voting powers add up to ${total}; give at most ${totalPowerMax} together`);
    set = { validators, total, indexes: new Map(validators.map(([name], index) => [name, index])) };
    known.set(validators, set);
  }
  return set;
}

/** More than 2/3 of all power. */
export function isQuorum(power: number, total: number): boolean {
  return 3 * power > 2 * total;
}

/** More than 1/3 of all power: at least one honest validator is among them. */
export function isHonest(power: number, total: number): boolean {
  return 3 * power > total;
}
