/**
 * Computes the proposer of a round, from the documented rule and not with the code that nodes run. A table may name the proposer of single rounds.
 * Validators of equal power take turns in their order. Otherwise each validator has a priority. In each turn it grows by the validator's power; the
 * validator with the highest priority proposes, and the total power is subtracted from its priority.
 */
import type { TendermintConfig } from '../../actors/tendermint/config.ts';
import type { Setting } from '../../core/events.ts';
import { perObject } from '../../core/per-object.ts';

type Powers = TendermintConfig['validatorSets'][number]['validators'];

/** The proposer for a height and round. It is undefined if the nodes are configured without such a rule; then every validator may propose. */
export function turnsIn({ configurations }: Setting): (height: number, round: number) => string | undefined {
  const [config] = configurations.values() as Iterable<Partial<TendermintConfig> | undefined>;
  if (config?.proposers === undefined || config.validatorSets === undefined) return () => undefined;
  const { proposers, validatorSets } = config;
  const { table, rule, changes = [] } = proposers;
  return (height, round) => {
    const named = table[`${height}.${round}`];
    if (named !== undefined) return named;
    const set = validatorSets.findLast(({ from }) => from <= height)?.validators ?? [];
    const isEqual = set.every(([, power]) => power === set[0]?.[1]);
    if (isEqual || rule === 'rotate') return set[(height - 1 + round) % set.length]?.[0];
    const first = changes.findLast((change) => change <= height) ?? 1;
    return weightedTurns(set)(height - first + round);
  };
}

/** The proposer of each turn of a validator set, counted from 0. Turns are computed in order and cached. */
const weightedTurns = perObject((set: Powers): ((turn: number) => string | undefined) => {
  const total = set.reduce((sum, [, power]) => sum + power, 0);
  let priorities = set.map(() => 0);
  const taken: string[] = [];
  return (turn) => {
    while (taken.length <= turn) {
      const grown = priorities.map((priority, index) => priority + (set[index]?.[1] ?? 0));
      const best = grown.indexOf(Math.max(...grown));
      taken.push(set[best]?.[0] ?? '');
      priorities = grown.map((priority, index) => (index === best ? priority - total : priority));
    }
    return taken[turn];
  };
});
