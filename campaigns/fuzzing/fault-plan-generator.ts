/**
 * Draws a fault plan from a seed, swarm style (first which kinds exist in this run, then how many of each), and stays within
 * the bound: safety is owed while faulty power is below a third, liveness while faulty and lost power together leave a quorum. So a red
 * verdict always means a bug.
 */
import type { PlannedFault } from '../../scenarios/faults.ts';
import { Dice } from './dice.ts';
import {
  anywhere,
  drawFault,
  type Lossy,
  lossy,
  network,
  noticed,
  placeDamage,
  smallFaults,
  uncorrupted,
} from './drawn-faults.ts';

export interface FaultBudget {
  /** The most voting power that each node has at any height; full nodes have 0. */
  readonly powers: ReadonlyMap<string, number>;
  /** Byzantine roles that may be drawn. */
  readonly roles: readonly string[];
  /** `crash`: nobody may lie or forget, and a majority must be able to come back. `restarts`: everybody must. */
  readonly tolerates: 'byzantine' | 'crash' | 'restarts';
  /** Milliseconds of the safety phase (default 600). */
  readonly safetyMs?: number;
  /** Only what every node survives by itself: where the scenario itself costs nodes or lies, the bound is spent. */
  readonly isSpent?: boolean;
}

export interface DrawnPlan {
  readonly faults: readonly PlannedFault[];
  /** Nodes that lie, and how. */
  readonly byzantine: Readonly<Record<string, string>>;
  readonly attest: 'next' | 'strict';
  readonly onCorrupt: 'halt' | 'abstain';
  /** Left out: they read as zeros. */
  readonly lostSectors?: 'stale';
  readonly safetyMs: number;
}

/** Milliseconds of a safety phase, if nothing else is said. */
const usualSafetyMs = 600;

export function drawPlan(cast: FaultBudget, seed: number): DrawnPlan {
  const { powers, roles, tolerates, safetyMs = usualSafetyMs, isSpent = false } = cast;
  const dice = new Dice(seed);
  const names = [...powers.keys()];
  const losable = isSpent ? [] : below({ byzantine: 1 / 3, crash: 1 / 2, restarts: 0 }[tolerates], powers, dice);
  const damages = tolerates === 'byzantine' ? lossy : noticed;
  // Of what may cost a node only a little: the first damage often hides what the second would show.
  const costly = [dice.pick<Lossy>(damages), dice.pick<Lossy>(damages)].slice(0, dice.pick([0, 1, 1, 1, 2]));
  const kinds = [...[...anywhere, ...network].filter(() => dice.below(4) === 0), ...costly];
  const faults: PlannedFault[] = [];
  for (const kind of kinds) {
    const isLossy = lossy.some((one) => one === kind);
    for (let count = isLossy ? 1 : 1 + dice.below(3); count > 0; count -= 1) {
      const candidates = isLossy ? losable : names;
      if (candidates.length === 0) continue;
      const planned = drawFault(kind, dice.pick(candidates), names, safetyMs, dice);
      if (planned !== undefined) faults.push(planned);
    }
  }
  faults.push(...smallFaults(names, safetyMs, new Dice(seed, 'nemesis.small')));
  const device = new Dice(seed, 'nemesis.device');
  if (tolerates === 'byzantine' && losable.length > 0 && device.below(10) === 0)
    faults.push({ trigger: { timeMs: 0 }, fault: { type: 'unsafe-overwrite', node: device.pick(losable) } });
  const elsewhere = new Dice(seed, 'nemesis.file');
  const placed = faults.flatMap((planned) => placeDamage(planned, elsewhere));
  const operator = new Dice(seed, 'nemesis.operator');
  if (tolerates === 'byzantine' && losable.length > 0 && operator.below(20) === 0) {
    const timeMs = operator.between(1, safetyMs - 100);
    const file = operator.pick(['wal', 'blocks'] as const);
    placed.push({ trigger: { timeMs }, fault: { type: 'downgrade', node: operator.pick(losable), file } });
  }
  // What is not signed is a transport's to check: nothing arrives changed.
  const planned = tolerates === 'byzantine' ? placed : placed.map(uncorrupted);
  const liar = tolerates === 'byzantine' && losable.length > 0 && dice.below(4) === 0 ? dice.pick(losable) : undefined;
  // A liar's disk is nobody's concern: its power is spent.
  const kept = planned.filter(({ fault }) => !('node' in fault && fault.node === liar));
  return {
    faults: kept,
    byzantine: liar === undefined || roles.length === 0 ? {} : { [liar]: dice.pick(roles) },
    // Only a durable witness of each flush notices damage to what was flushed last, and a protocol that survives crashes only needs that.
    attest: dice.below(4) === 0 || (tolerates !== 'byzantine' && costly.length > 0) ? 'strict' : 'next',
    onCorrupt: dice.below(2) === 0 && tolerates === 'byzantine' ? 'abstain' : 'halt',
    ...(device.below(6) === 0 ? { lostSectors: 'stale' as const } : {}),
    safetyMs,
  };
}

/** Nodes, in a drawn order, as long as their power together is below this share of all. */
function below(share: number, powers: ReadonlyMap<string, number>, dice: Dice): readonly string[] {
  const total = [...powers.values()].reduce((sum, power) => sum + power, 0);
  const left = [...powers.keys()];
  const chosen: string[] = [];
  let power = 0;
  while (left.length > 0) {
    const [name] = left.splice(dice.below(left.length), 1);
    const own = powers.get(name ?? '') ?? 0;
    if (name === undefined || power + own >= total * share) continue;
    chosen.push(name);
    power += own;
  }
  return chosen;
}
