/** The plan of a campaign of crash points, and its result. Both are plain data, except for the functions in the plan that look at a world. */

import type { World } from '../../actors/scheduler/index.ts';
import type { DeathKind, Phase, PointName, VerdictName } from '../../core/events.ts';
import type { MergeOptions } from '../merge-keys.ts';

export interface CrashpointsPlan {
  /** Builds the world at the start of the run, without the enumerated deaths. Its monitors are in the order of `properties`. */
  readonly start: () => World;
  readonly properties: readonly string[];
  readonly victims: readonly string[];
  /** Only crash points at these sites (default: all). */
  readonly sites?: readonly string[];
  /** How far a node is: its height, or the next entry of its log. */
  readonly progress: (world: World, node: string) => number;
  /** The first and last progress at which a victim dies. */
  readonly heights: readonly [number, number];
  readonly deaths: readonly DeathKind[];
  /** Milliseconds a victim stays down. */
  readonly restartMs: number;
  /** The most pending writes that are lost or kept sector by sector. */
  readonly pending: number;
  readonly merge: boolean;
  /** How merge keys are made and checked (default: 128 bits, unchecked). */
  readonly merges?: MergeOptions;
  /** Whether a second death follows, at every crash point of the recovery from the first. */
  readonly nested: boolean;
  /** Whether two victims die in one run, and come back together. */
  readonly together?: boolean;
  /** Milliseconds a victim stays down after its second death. */
  readonly nestedRestartMs: number;
  /** Only a part of the crash points, for work that several workers share. */
  readonly part?: WalkPart;
  /** Properties that the run violates without any death. They are not judged again at crash points (default: none). */
  readonly ignored?: ReadonlySet<string>;
  /** Whether a node has recovered, or stopped for good. */
  readonly hasRecovered: (world: World, node: string) => boolean;
  /** Whether a run has gone on long enough after a death of the victim when it worked at `height`. */
  readonly hasEnded: (world: World, victim: string, height: number) => boolean;
  /** Milliseconds of virtual time after a death at which a run is given up as undecided. */
  readonly limitMs: number;
}

/**
 * The crash points of one victim with the 1-based numbers `from` to `to`. Points that are close together often lead to equal states, which are run once;
 * points of two victims never do.
 */
export interface WalkPart {
  readonly victim: string;
  readonly from: number;
  readonly to: number;
}

/** One way to die. `image` is its text: `kill`, `none`, `all`, `cut=137`, `sectors=1101`, `heard=AC` (`heard=V1,V10`), `heard=AC+power`. */
export interface Death {
  readonly kind: DeathKind;
  readonly image: string;
  /** The second death, during the recovery from this one: its crash point and image. */
  readonly second?: string;
  /** The death of the other victim while this one is down: its crash point and image. */
  readonly together?: string;
}

export interface CellFailure {
  readonly property: string;
  readonly death: Death;
  readonly message: string;
}

/** A crash point with the verdict over all deaths at it. */
export interface Cell {
  /** The 1-based index of the point in the run. */
  readonly order: number;
  readonly point: PointName;
  readonly phase: Phase;
  readonly images: number;
  readonly verdict: VerdictName;
  /** For each violated property, the first death that violates it. */
  readonly failures: readonly CellFailure[];
}

/** A property that the run violates without any death. */
export interface WithoutDeath {
  readonly property: string;
  readonly message: string;
}

export interface CrashpointsResult {
  /** What the run violates without any death; the cells count only what their deaths add. */
  readonly withoutDeath: readonly WithoutDeath[];
  readonly cells: readonly Cell[];
  readonly images: number;
  /** For two victims together: the number of pairs of crash points. `images` counts pairs of images then. */
  readonly pairs?: number;
  /** Keys of the distinct states after recovery. */
  readonly states: readonly string[];
  /** With `verifyMerges`: how many times two states with equal keys were compared and found equal. */
  readonly verifiedMerges?: number;
  /** The rules, in words, that limited the number of images. */
  readonly rules: readonly string[];
  readonly isComplete: boolean;
}

/** A crash point of the run. */
export interface NamedPoint {
  readonly point: PointName;
  readonly phase: Phase;
}
