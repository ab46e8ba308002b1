/** The plan of an exploration, and its result. Both are plain data, except for the function that builds the world. */
import type { World } from '../../actors/scheduler/index.ts';
import type { Picks, ScheduleBounds } from '../../actors/scheduler/schedule.ts';
import type { MergeOptions } from '../merge-keys.ts';
import type { Trail } from './branch.ts';

export interface ExplorePlan extends ScheduleBounds {
  readonly start: () => World;
  /** The names of the properties, in the order of the world's monitors. The world may have one more monitor, which records outcomes. */
  readonly properties: readonly string[];
  /** The number of deaths of the victim in each schedule. */
  readonly deaths: number;
  /** The most departures from first in, first out in a schedule. */
  readonly deviations: number;
  /** Whether equal states are followed only once. */
  readonly merge: boolean;
  /** Follows departures that only swap independent steps, also as the last departure of a schedule (default: does not). */
  readonly everyDeparture?: boolean;
  /** How merge keys are computed and checked (default: 128 bits, unchecked). */
  readonly merges?: MergeOptions;
  /** The search stops after this many states. Then the schedules are not exhausted. */
  readonly maxStates: number;
}

export interface ExploreViolation {
  readonly property: string;
  readonly message: string;
  /** The departures and deaths that led to it, in words. */
  readonly path: readonly string[];
  /** The same for `replay`: the departures, and the crash points with their images. */
  readonly picks: Picks;
  readonly deaths: readonly string[];
}

export interface ExploreResult {
  readonly states: number;
  readonly transitions: number;
  /** The number of schedules that came to their end. */
  readonly ends: number;
  /** The number of schedules that were cut off, at the bound of rounds or of decisions. */
  readonly cut: number;
  readonly merged: number;
  readonly deaths: number;
  /** The outcomes of the schedules (see `outcomeMonitor`): how many distinct ones, and a digest of their set. */
  readonly outcomes: { readonly count: number; readonly digest: string };
  /** With verified merges: how often two states with equal keys were compared. */
  readonly verifiedMerges?: number;
  readonly isExhausted: boolean;
  readonly violations: readonly ExploreViolation[];
}

/** Adds the first violation of each property to `found`, with the path that led to it. */
export function collectViolations(
  { properties }: Pick<ExplorePlan, 'properties'>,
  world: World,
  trail: Trail,
  found: Map<string, ExploreViolation>,
): void {
  for (const [index, { verdict, violations }] of world.verdicts().entries()) {
    const property = properties[index] ?? '';
    if (found.has(property)) continue;
    if (verdict === 'violated') found.set(property, { property, message: violations[0]?.message ?? '', ...trail });
  }
}
