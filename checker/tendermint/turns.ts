/**
 * Whose turn it is to propose: the rule as the documents say it, and not the code that nodes run. A table names single rounds. Validators of equal power
 * take turns in their order. Otherwise each turn every priority grows by its power. The highest one proposes, and pays the sum of all.
 */
import type { TendermintConfig } from '../../actors/tendermint/config.ts';
import type { Setting } from '../../core/events.ts';
import { perObject } from '../../core/per-object.ts';

type Powers = TendermintConfig['validatorSets'][number]['validators'];

/** Undefined: nodes are configured with no such rule, and anybody may propose. */
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

/** The proposer of each turn of a set, from 0. Turns are worked out once, in their order. */
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
