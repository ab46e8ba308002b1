/**
 * Enumerates the deaths of two victims that are down together. The first dies at one of its crash points, and the second at one of its own while the first is
 * down. Both come back at one moment, `restartMs` after the second death, each with any disk that its death may have left (docs/decisions/0031).
 */
import { MergeKeys } from '../../merge-keys.ts';
import type { Bounds } from '../death-variants.ts';
import { type Judged, mergeOutcomes } from '../merge-outcomes.ts';
import type { Cell, CrashpointsPlan, CrashpointsResult, NamedPoint } from '../plan.ts';
import { RunAlone } from '../run-alone.ts';
import { walk } from '../walk.ts';
import { ReturnJudge } from './judge-returns.ts';
import { SecondDeaths } from './second-deaths.ts';
import { sharedReturns } from './shared-returns.ts';

/**
 * Judges every pair of deaths of the plan. A cell of the result is the crash point of a first death, with all second deaths. `onCell` is called with each
 * cell at the end, up to the first for which it returns `stop`.
 */
export function enumeratePairs(given: CrashpointsPlan, onCell?: (cell: Cell) => 'stop' | undefined): CrashpointsResult {
  const alone = new RunAlone(given);
  const plan = { ...given, ignored: alone.violated };
  const keys = new MergeKeys(plan.merges);
  const bounds: Bounds = { rules: new Set(), isComplete: true };
  const deaths = new SecondDeaths(plan, keys, bounds);
  const points = new Map<number, NamedPoint>();
  const world = plan.start();
  let seen = 0;
  walk(plan, world, (point, phase, effect, at) => {
    seen += 1;
    const { part } = plan;
    if (part !== undefined && (point.node !== part.victim || seen < part.from || seen > part.to)) return;
    if (deaths.add(seen, point, phase, effect, at)) points.set(seen, { point, phase });
  });
  const outcomes = new Map<number, Judged>();
  const judge = new ReturnJudge(plan, keys);
  for (const inWorld of sharedReturns(plan, keys, deaths.inWorlds()))
    judge.judge(inWorld, ({ order }, judged) => {
      const before = outcomes.get(order);
      outcomes.set(order, before === undefined ? judged : mergeOutcomes([before, judged]));
    });
  const none: Judged = { images: 0, verdict: 'held', failures: [] };
  const cells = [...points].map(([order, named]): Cell => ({ order, ...named, ...alone.without(outcomes.get(order) ?? none) }));
  cells.some((cell) => onCell?.(cell) === 'stop');
  const last = plan.heights[1];
  bounds.rules.add('the second victim dies while the first is down; both come back at one moment');
  return {
    withoutDeath: alone.violations,
    cells,
    pairs: [...deaths.points.values()].reduce((sum, { size }) => sum + size, 0),
    images: cells.reduce((sum, { images }) => sum + images, 0),
    states: judge.states,
    ...(keys.verified === undefined ? {} : { verifiedMerges: keys.verified }),
    rules: [...bounds.rules],
    isComplete: bounds.isComplete && plan.victims.every((victim) => plan.progress(world, victim) > last),
  };
}
