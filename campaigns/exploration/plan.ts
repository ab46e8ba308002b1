/** What is explored, and what comes of it: plain data but for the world at the start. */
import type { World } from '../../actors/scheduler/index.ts';
import type { Picks, ScheduleBounds } from '../../actors/scheduler/schedule.ts';
import type { MergeOptions } from '../merge-keys.ts';
import type { Trail } from './branch.ts';

export interface ExplorePlan extends ScheduleBounds {
  readonly start: () => World;
  /** In the order of the world's monitors. One more monitor, where there is one, remembers what the schedule has led to. */
  readonly properties: readonly string[];
  readonly deaths: number;
  readonly deviations: number;
  readonly merge: boolean;
  /** Also departures that change nothing but the order of independent steps (default: not the last of a schedule). */
  readonly everyDeparture?: boolean;
  /** How keys are made and checked (default: 128 bits, unchecked). */
  readonly merges?: MergeOptions;
  /** Stops after this many states; then the space was not exhausted. */
  readonly maxStates: number;
}

export interface ExploreViolation {
  readonly property: string;
  readonly message: string;
  /** The departures and deaths that led there, in words. */
  readonly path: readonly string[];
  /** The same for `replay`: the departures, and the crash points with their images. */
  readonly picks: Picks;
  readonly deaths: readonly string[];
}

export interface ExploreResult {
  readonly states: number;
  readonly transitions: number;
  /** Ends of schedules that were judged, and how many were cut at the bound of rounds. */
  readonly ends: number;
  readonly cut: number;
  readonly merged: number;
  readonly deaths: number;
  /** What schedules led to (see `outcomeMonitor`): how many different ends, and a digest of their set. */
  readonly outcomes: { readonly count: number; readonly digest: string };
  /** How often two equal keys were found to mean equal states, where merges are verified. */
  readonly verifiedMerges?: number;
  readonly isExhausted: boolean;
  readonly violations: readonly ExploreViolation[];
}

/** The first violation of each property, with the way there. */
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
