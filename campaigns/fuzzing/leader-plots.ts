/**
 * Draws plots for protocols with leaders that independent faults seldom produce. In one, two nodes are candidates of one term. In the other, a leader is
 * cut off several times while its successor dies with an entry of its own (figure 8 of the Raft paper). Every node survives these faults.
 */
import type { PlannedFault } from '../../scenarios/faults.ts';
import { Dice } from './dice.ts';

interface Plot {
  readonly faults: readonly PlannedFault[];
  /** The length of the safety phase (ms) that the plot needs. */
  readonly safetyMs: number;
  /** Whether the plot must be run without other faults. */
  readonly isAlone: boolean;
}

/** A plot for two of three seeds, and undefined for the others. */
export function leaderPlot(names: readonly string[], safetyMs: number, seed: number): Plot | undefined {
  const dice = new Dice(seed, 'nemesis.leaders');
  if (names.length < 3) return undefined;
  switch (dice.below(6)) {
    case 0:
    case 1:
      return { faults: rivals(names, safetyMs, dice), safetyMs, isAlone: false };
    case 2:
    case 3:
      return comesAndGoes(names, dice);
    default:
      return undefined;
  }
}

/** The first leader is cut off again and again. A leader that is elected meanwhile dies before its entry is received, and comes back. */
function comesAndGoes(names: readonly string[], dice: Dice): Plot {
  const flapMs = dice.between(200, 340);
  const forMs = dice.between(4, 6) * flapMs;
  const restartMs = dice.between(200, 500);
  const faults = names.flatMap((name): readonly PlannedFault[] => {
    const others = names.filter((other) => other !== name);
    return [
      {
        trigger: { event: 'elected', where: { term: 1 }, node: name },
        fault: { type: 'partition', groups: [[name], others], oneWay: false, forMs, flapMs },
      },
      {
        trigger: { event: 'elected', where: { term: 2 }, node: name },
        fault: { type: 'crash', nodes: [name], image: 'all', restartMs },
      },
    ];
  });
  return { faults, safetyMs: 2200, isAlone: true };
}

/**
 * The election timers of two nodes elapse almost together, and some of their votes are late. So there are two candidates of one term, and requests that
 * arrive after the voter has stepped down.
 */
function rivals(names: readonly string[], safetyMs: number, dice: Dice): readonly PlannedFault[] {
  const timeMs = dice.between(1, safetyMs - 100);
  const [first = '', second = ''] = [dice.pick(names), dice.pick(names)];
  const late = Array.from({ length: dice.between(1, 4) }, (): PlannedFault => {
    const from = dice.pick([first, second]);
    const to = dice.pick(names.filter((name) => name !== from));
    const fate = dice.below(4) === 0 ? ('twice' as const) : { afterMs: dice.between(0, 120) };
    return { trigger: { timeMs }, fault: { type: 'message', from, to, where: { type: 'vote' }, nth: dice.between(1, 2), fate } };
  });
  const timer = (node: string, afterMs: number): PlannedFault => ({
    trigger: { timeMs: timeMs + afterMs },
    fault: { type: 'timer', node, timer: 'election' },
  });
  return [...late, timer(first, 0), timer(second, dice.below(12))];
}
