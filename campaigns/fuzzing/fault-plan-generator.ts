/**
 * Draws a fault plan from a seed. As in swarm testing, it first draws which kinds of faults occur in this run, and then how many of each. The plan stays
 * within the bound of the protocol: safety is promised while faulty power is below a third, and liveness while the other nodes are a quorum. So a
 * violation is always a bug.
 */
import type { RoleName } from '../../actors/byzantine/index.ts';
import type { PlannedFault } from '../../scenarios/faults.ts';
import { type LieScope, type Lies, withLie } from '../../scenarios/lies.ts';
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
import { leaderPlot } from './leader-plots.ts';
import { ofSigners, overItsStore, whileAbstaining, whileRenewing } from './recovery-plots.ts';

export interface FaultBudget {
  /** The most voting power that each node has at any height; full nodes have 0. */
  readonly powers: ReadonlyMap<string, number>;
  /** All validator sets, if they change. The bound must hold in each (default: `powers`). */
  readonly sets?: readonly ReadonlyMap<string, number>[];
  /** The direct links between nodes. Without the lost nodes, the others must still be connected (default: all are linked). */
  readonly links?: ReadonlyMap<string, readonly string[]>;
  /** Nodes whose signer has a file (default: none). */
  readonly signers?: readonly string[];
  /** The Byzantine roles that may be drawn. */
  readonly roles: readonly RoleName[];
  /**
   * What the protocol survives. `byzantine`: lies and losses of less than a third of the power. `crash`: no lies and no forgotten data, and a majority must
   * come back. `restarts`: every node must come back.
   */
  readonly tolerates: 'byzantine' | 'crash' | 'restarts';
  /** Milliseconds of the safety phase (default 600). */
  readonly safetyMs?: number;
  /** Draws only faults that any node survives. Set if the faults of the scenario itself use up the bound. */
  readonly isSpent?: boolean;
}

export interface DrawnPlan {
  readonly faults: readonly PlannedFault[];
  /** Nodes that lie, and how. */
  readonly byzantine: Readonly<Record<string, Lies>>;
  readonly attest: 'next' | 'strict';
  readonly onCorrupt: 'halt' | 'abstain';
  /** `stale`: lost sectors have their old content (default: they read as zeros). */
  readonly lostSectors?: 'stale';
  readonly safetyMs: number;
}

/** The default length of the safety phase (ms). */
const usualSafetyMs = 600;

/** Draws the fault plan of a seed, within the budget. */
export function drawPlan(cast: FaultBudget, seed: number): DrawnPlan {
  const { powers, roles, tolerates, safetyMs = usualSafetyMs, isSpent = false } = cast;
  const dice = new Dice(seed);
  const names = [...powers.keys()];
  const losable = isSpent ? [] : below({ byzantine: 1 / 3, crash: 1 / 2, restarts: 0 }[tolerates], cast, dice);
  const damages = tolerates === 'byzantine' ? lossy : tolerates === 'crash' ? [...noticed, 'wipe' as const] : noticed;
  // At most two lossy faults are drawn, because the first damage often hides what the second would show.
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
  if (losable.length > 0 && operator.below(14) === 0) {
    const timeMs = operator.between(1, safetyMs - 100);
    const file = operator.pick(['wal', 'blocks'] as const);
    const node = operator.pick(losable);
    const part = operator.below(2) === 0 ? { part: 'frame' as const } : {};
    placed.push({ trigger: { timeMs }, fault: { type: 'downgrade', node, file, ...part } });
  }
  // A node that has lost everything must ask its peers how long to abstain. Independent draws seldom combine this loss with the policy, so it is drawn here.
  const lost = new Dice(seed, 'nemesis.lost');
  const mustAsk = tolerates === 'byzantine' && losable.length > 0 && lost.below(8) === 0;
  if (mustAsk)
    placed.push({ trigger: { timeMs: lost.between(1, safetyMs - 100) }, fault: { type: 'wipe', node: lost.pick(losable) } });
  const signers = (cast.signers ?? []).filter((name) => losable.includes(name));
  placed.push(...ofSigners(signers, safetyMs, new Dice(seed, 'nemesis.signers')));
  // A node without a key begins anew, and costs nothing.
  const renewed = tolerates === 'byzantine' ? [...names.filter((name) => powers.get(name) === 0), ...losable] : [];
  placed.push(...whileRenewing(renewed, safetyMs, new Dice(seed, 'nemesis.renewed')));
  if (tolerates === 'byzantine') placed.push(...overItsStore(losable, new Dice(seed, 'nemesis.store')));
  const plot = tolerates === 'crash' ? leaderPlot(names, safetyMs, seed) : undefined;
  if (plot?.isAlone === true) placed.length = 0;
  placed.push(...(plot?.faults ?? []));
  // Without signatures the transport must check messages, so none arrives corrupted.
  const planned = tolerates === 'byzantine' ? placed : placed.map(uncorrupted);
  const first = tolerates === 'byzantine' && losable.length > 0 && dice.below(4) === 0 ? dice.pick(losable) : undefined;
  const byzantine = drawLiars(
    first,
    tolerates === 'byzantine' ? losable.filter((name) => (powers.get(name) ?? 0) > 0) : [],
    roles,
    seed,
  );
  // Disk faults of liars are dropped: a liar counts as faulty anyway.
  const kept = planned.filter(({ fault }) => !('node' in fault && fault.node in byzantine));
  // Only strict attestation detects damage to the last flushed frames. A protocol that survives only crashes needs this detection.
  const attest = dice.below(4) === 0 || (tolerates !== 'byzantine' && costly.length > 0) ? 'strict' : 'next';
  const onCorrupt = (dice.below(2) === 0 && tolerates === 'byzantine') || mustAsk ? 'abstain' : 'halt';
  if (onCorrupt === 'abstain') kept.push(...whileAbstaining(kept, new Dice(seed, 'nemesis.promise')));
  return {
    faults: kept,
    byzantine,
    attest,
    onCorrupt,
    ...(device.below(6) === 0 ? { lostSectors: 'stale' as const } : {}),
    safetyMs: plot?.safetyMs ?? safetyMs,
  };
}

/** Draws the liars: the first, if there is one, and a third of the other candidates. Each has a role and a scope, and half of them a second role. */
function drawLiars(
  first: string | undefined,
  voters: readonly string[],
  roles: readonly RoleName[],
  seed: number,
): DrawnPlan['byzantine'] {
  const dice = new Dice(seed, 'nemesis.liars');
  if (voters.length === 0 || roles.length === 0) return {};
  const others = voters.filter((name) => name !== first && dice.below(3) === 0);
  const liars = [...(first === undefined || !voters.includes(first) ? [] : [first]), ...others];
  const second = new Dice(seed, 'nemesis.liars.second');
  return Object.fromEntries(
    liars.map((name) => {
      const lies = withLie(undefined, dice.pick(roles), drawScope(dice));
      // The second role lies wherever the first does not apply.
      return [name, second.below(2) === 0 ? withLie(lies, second.pick(roles), {}) : lies];
    }),
  );
}

/** Draws the scope of a lie. Half of the liars lie only at some heights or rounds. */
function drawScope(dice: Dice): LieScope {
  if (dice.below(2) === 0) return {};
  const from = dice.between(1, 6);
  const heights = { heights: [from, from + dice.between(0, 4)] as const };
  const rounds = {
    rounds: dice.pick([
      [0, 0],
      [1, 9],
      [0, 1],
    ] as const),
  };
  return dice.pick([heights, rounds, { ...heights, ...rounds }]);
}

/** Draws a group of nodes whose power together is below this share in every set, and without which the others are still connected. */
function below(share: number, { powers, sets = [powers], links }: FaultBudget, dice: Dice): readonly string[] {
  const sum = (set: ReadonlyMap<string, number>, names: Iterable<string>): number =>
    [...names].reduce((total, name) => total + (set.get(name) ?? 0), 0);
  const isBelow = (names: readonly string[]): boolean =>
    sets.every((set) => sum(set, names) < sum(set, set.keys()) * share) && (links === undefined || isConnected(links, names));
  const left = [...powers.keys()];
  const chosen: string[] = [];
  while (left.length > 0) {
    const [name] = left.splice(dice.below(left.length), 1);
    if (name !== undefined && isBelow([...chosen, name])) chosen.push(name);
  }
  return chosen;
}

/** Whether the nodes that are not gone can reach each other, directly or through one another. */
function isConnected(links: ReadonlyMap<string, readonly string[]>, gone: readonly string[]): boolean {
  const left = [...links.keys()].filter((name) => !gone.includes(name));
  const reached = new Set(left.slice(0, 1));
  for (const name of reached) for (const next of links.get(name) ?? []) if (left.includes(next)) reached.add(next);
  return reached.size === left.length;
}
