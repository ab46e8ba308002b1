/** The campaign of crash points as one call: chosen nodes die at each of their crash points, in each way that leaves a distinct disk. */
import type { ScenarioData } from '../../scenarios/model.ts';
import { exhibitOf, variantNamed } from '../../scenarios/runner.ts';
import { changesARun, plainDeaths } from '../exhibit-effect.ts';
import { type AnyScenario, scenarioOf } from '../scenario-of.ts';
import { enumerateCrashpoints } from './enumerate.ts';
import { type CrashpointFailure, failuresIn } from './failures.ts';
import { type CrashpointsOptions, crashpointsPlan } from './from-scenario.ts';
import type { Cell, CrashpointsResult, NamedPoint, WithoutDeath } from './plan.ts';

export interface CrashpointsReport extends CrashpointsResult {
  readonly victims: readonly string[];
  /** How many crash points have each verdict. */
  readonly held: number;
  readonly violated: number;
  readonly undecided: number;
  /** One failure for each violated property. */
  readonly failures: readonly CrashpointFailure[];
  /**
   * The broken node of the options or of the variant, if it did the same as the honest node wherever the two were compared. They are compared at each
   * point, with a kill and with losses of power that keep all or none of the unsynced bytes. The campaign has then shown nothing about it, and is undecided. Only
   * given if all points were judged and nothing was violated.
   */
  readonly idleExhibit?: string;
}

/**
 * Kills the chosen nodes (default: each in turn) at every crash point of the chosen heights (default: those that the scenario names, else 1
 * and 2). At each point there is one run in which the process is killed, and one for each disk that a loss of power can leave. There is one such disk for each
 * byte at which a pending write may be cut, and one for each subset of unsynced sectors. The victim is restarted after `restartMs` ms of virtual time. Each run
 * is judged until the victim is three heights above the height of its death.
 *
 * `onCell` is called with each crash point after it was judged. If it returns `stop`, the campaign ends there. Throws `ScenarioError` for a node, site, range or exhibit that
 * does not exist.
 *
 * @example
 * import { scenario } from 'lazurite';
 * import { crashpoints } from 'lazurite/campaigns';
 *
 * const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
 * const where = { nodes: ['B'], heights: '1', sites: ['publish'] };
 * const honest = crashpoints(four, where);
 * const broken = crashpoints(four, { ...where, exhibit: 'no-fsync' });
 * console.log(honest.violated, broken.violated > 0);
 * // prints 0 true
 */
export function crashpoints(
  scenario: AnyScenario,
  options: CrashpointsOptions = {},
  onCell?: (cell: Cell) => 'stop' | undefined,
): CrashpointsReport {
  const data = scenarioOf(scenario);
  let wasStopped = false;
  const stopOn = (cell: Cell): 'stop' | undefined => {
    const answer = onCell?.(cell);
    wasStopped ||= answer === 'stop';
    return answer;
  };
  const result = enumerateCrashpoints(crashpointsPlan(data, options), onCell === undefined ? undefined : stopOn);
  return reportOf(data, options, [result], [], wasStopped);
}

/** A crash point with its 1-based index in the walk. */
export type NumberedPoint = NamedPoint & { readonly order: number };

/** Combines parts of one walk (`options.part`) into the report of the whole. Points that were not judged are undecided. */
export function crashpointsReport(
  data: ScenarioData,
  options: CrashpointsOptions,
  parts: readonly CrashpointsResult[],
  unjudged: readonly NumberedPoint[] = [],
): CrashpointsReport {
  return reportOf(data, options, parts, unjudged, false);
}

function reportOf(
  data: ScenarioData,
  options: CrashpointsOptions,
  parts: readonly CrashpointsResult[],
  unjudged: readonly NumberedPoint[],
  wasStopped: boolean,
): CrashpointsReport {
  const open = unjudged.map((named): Cell => ({ ...named, images: 0, verdict: 'undecided', failures: [] }));
  const cells = [...parts.flatMap((part) => part.cells), ...open].sort((a, b) => a.order - b.order);
  const result: CrashpointsResult = {
    withoutDeath: inAny(parts),
    cells,
    images: parts.reduce((sum, { images }) => sum + images, 0),
    ...(options.together === true ? { pairs: parts.reduce((sum, { pairs = 0 }) => sum + pairs, 0) } : {}),
    states: [...new Set(parts.flatMap(({ states }) => states))],
    ...(options.verifyMerges === true
      ? { verifiedMerges: parts.reduce((sum, { verifiedMerges = 0 }) => sum + verifiedMerges, 0) }
      : {}),
    rules: [...new Set(parts.flatMap(({ rules }) => rules))],
    isComplete: parts.length > 0 && open.length === 0 && parts.every(({ isComplete }) => isComplete),
  };
  const count = (verdict: Cell['verdict']): number => cells.filter((cell) => cell.verdict === verdict).length;
  const violated = count('violated');
  const isWhole = cells.length > 0 && open.length === 0 && !wasStopped;
  const isRed = violated > 0 || result.withoutDeath.length > 0;
  const idleExhibit = isWhole && !isRed ? idleIn(data, cells, options) : undefined;
  return {
    ...result,
    victims: crashpointsPlan(data, options).victims,
    held: count('held'),
    violated,
    undecided: count('undecided'),
    failures: failuresIn(data, result, options),
    ...(idleExhibit === undefined ? {} : { idleExhibit }),
  };
}

/**
 * If a death seems to violate something, the run without a death is judged for longer too. Each part does this by itself, so parts may find different violations in
 * that run.
 */
function inAny(parts: readonly CrashpointsResult[]): readonly WithoutDeath[] {
  const all = parts.flatMap(({ withoutDeath }) => withoutDeath);
  return all.filter(({ property }, index) => all.findIndex((one) => one.property === property) === index);
}

/**
 * The broken node, if it does the same as the honest node at all of these points, with a kill and with losses of power that keep all or none of the unsynced bytes.
 */
function idleIn(data: ScenarioData, points: readonly Cell[], options: CrashpointsOptions): string | undefined {
  const exhibit = options.exhibit ?? exhibitOf(variantNamed(data, options.variant));
  return exhibit === undefined || changesARun(plainDeaths(data, points, options), exhibit) ? undefined : exhibit;
}
