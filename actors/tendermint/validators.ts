/**
 * Validators of a height: their voting power, the thresholds over it, and who proposes in which round.
 */
import type { ValidatorPower } from './types.ts';

export interface ValidatorSet {
  readonly validators: readonly ValidatorPower[];
  readonly total: number;
  readonly indexes: ReadonlyMap<string, number>;
}

const known = new WeakMap<readonly ValidatorPower[], ValidatorSet>();

export function validatorSet(validators: readonly ValidatorPower[]): ValidatorSet {
  let set = known.get(validators);
  if (set === undefined) {
    const total = validators.reduce((sum, [, power]) => sum + power, 0);
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

/**
 * `rotate`: validator (height - 1 + round) mod n, whatever the weights. `weighted`: as often as power says, spread evenly over the
 * turns. `table` names single rounds, by `height.round`.
 */
export interface ProposerRule {
  readonly rule: 'weighted' | 'rotate';
  readonly table: Readonly<Record<string, string>>;
}

export function proposerOf(rule: ProposerRule, set: ValidatorSet, height: number, round: number): string {
  const named = rule.table[`${height}.${round}`];
  if (named !== undefined) return named;
  const { validators, total } = set;
  const turn = height - 1 + round;
  if (rule.rule === 'rotate') return validators[turn % validators.length]?.[0] ?? '';
  return weightedTurns(set)[turn % total] ?? validators[0]?.[0] ?? '';
}

const turnsOf = new WeakMap<ValidatorSet, readonly string[]>();

/** One cycle of smooth weighted round robin: each turn the highest priority proposes, and pays the total. */
function weightedTurns(set: ValidatorSet): readonly string[] {
  let turns = turnsOf.get(set);
  if (turns === undefined) {
    const priorities = set.validators.map(() => 0);
    const cycle: string[] = [];
    for (let turn = 0; turn < set.total; turn += 1) {
      let best = 0;
      for (const [index, [, power]] of set.validators.entries()) {
        priorities[index] = (priorities[index] ?? 0) + power;
        if ((priorities[index] ?? 0) > (priorities[best] ?? 0)) best = index;
      }
      priorities[best] = (priorities[best] ?? 0) - set.total;
      cycle.push(set.validators[best]?.[0] ?? '');
    }
    turns = cycle;
    turnsOf.set(set, turns);
  }
  return turns;
}
