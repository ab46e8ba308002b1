/** Every crash point of the chosen nodes, in every way that leaves a distinct disk: the campaign as one call. */
import type { ScenarioData } from '../../scenarios/model.ts';
import { exhibitOf, variantNamed } from '../../scenarios/runner.ts';
import { changesARun, plainDeaths } from '../exhibit-effect.ts';
import { type AnyScenario, scenarioOf } from '../scenario-of.ts';
import { enumerateCrashpoints } from './enumerate.ts';
import { type CrashpointFailure, failuresIn } from './failures.ts';
import { type CrashpointsOptions, crashpointsPlan } from './from-scenario.ts';
import type { Cell, CrashpointsResult, NamedPoint } from './plan.ts';

export interface CrashpointsReport extends CrashpointsResult {
  readonly victims: readonly string[];
  /** Crash points by verdict. */
  readonly held: number;
  readonly violated: number;
  readonly undecided: number;
  /** One for each property that was violated. */
  readonly failures: readonly CrashpointFailure[];
  /** The broken node that was asked for, if it changed no run: then nothing was shown, and the campaign is undecided. */
  readonly idleExhibit?: string;
}

/**
 * Kills the chosen nodes (default: each in turn) at every crash point of the chosen heights (default: those that the scenario names, else 1
 * and 2). The process alone dies, or power fails with every byte cut and every subset of the unsynced sectors. Each victim comes back after
 * `restartMs` ms of virtual time, and the run is judged by all properties until three heights after the victim's.
 *
 * `onCell` sees each crash point when it is judged, and may answer `stop`. Throws `ScenarioError` for a node, site, range or exhibit that
 * does not exist.
 *
 * @example
 * const { violated, failures } = crashpoints(scenario('four', { A: 1, B: 1, C: 1, D: 1 }), { nodes: ['B'], heights: '1', exhibit: 'no-fsync' });
 * // violated > 0; failures[0].token repeats the plainest death
 */
export function crashpoints(
  scenario: AnyScenario,
  options: CrashpointsOptions = {},
  onCell?: (cell: Cell) => 'stop' | undefined,
): CrashpointsReport {
  const data = scenarioOf(scenario);
  return crashpointsReport(data, options, [enumerateCrashpoints(crashpointsPlan(data, options), onCell)]);
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
  const open = unjudged.map((named): Cell => ({ ...named, images: 0, verdict: 'undecided', failures: [] }));
  const cells = [...parts.flatMap((part) => part.cells), ...open].sort((a, b) => a.order - b.order);
  const result: CrashpointsResult = {
    withoutDeath: parts[0]?.withoutDeath ?? [],
    cells,
    images: parts.reduce((sum, { images }) => sum + images, 0),
    states: [...new Set(parts.flatMap(({ states }) => states))],
    ...(options.verifyMerges === true
      ? { verifiedMerges: parts.reduce((sum, { verifiedMerges = 0 }) => sum + verifiedMerges, 0) }
      : {}),
    rules: [...new Set(parts.flatMap(({ rules }) => rules))],
    isComplete: parts.length > 0 && open.length === 0 && parts.every(({ isComplete }) => isComplete),
  };
  const count = (verdict: Cell['verdict']): number => cells.filter((cell) => cell.verdict === verdict).length;
  const violated = count('violated');
  const isWhole = cells.length > 0 && open.length === 0;
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

/** The exhibit, if it changes no run with a plain death at these points. */
function idleIn(data: ScenarioData, points: readonly Cell[], options: CrashpointsOptions): string | undefined {
  const exhibit = options.exhibit ?? exhibitOf(variantNamed(data, options.variant));
  return exhibit === undefined || changesARun(plainDeaths(data, points, options), exhibit) ? undefined : exhibit;
}
