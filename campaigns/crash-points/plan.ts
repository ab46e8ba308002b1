/** What is enumerated, and what comes of it: plain data but for the questions that are asked of a world. */

import type { World } from '../../actors/scheduler/index.ts';
import type { DeathKind, Phase, PointName, VerdictName } from '../../core/events.ts';
import type { MergeOptions } from '../merge-keys.ts';

export interface CrashpointsPlan {
  /** The run without the enumerated deaths, at its start, judged by monitors in the order of `properties`. */
  readonly start: () => World;
  readonly properties: readonly string[];
  readonly victims: readonly string[];
  /** Sites to look at; default: all. */
  readonly sites?: readonly string[];
  /** What a node works at: its height, or the next entry of its log. */
  readonly progress: (world: World, node: string) => number;
  /** Of that, first and last. */
  readonly heights: readonly [number, number];
  readonly deaths: readonly DeathKind[];
  /** Milliseconds a victim stays down. */
  readonly restartMs: number;
  /** Pending writes that vary sector by sector, at most. */
  readonly pending: number;
  readonly merge: boolean;
  /** How keys are made and checked (default: 128 bits, unchecked). */
  readonly merges?: MergeOptions;
  /** A second death at every crash point of the recovery from the first. */
  readonly nested: boolean;
  /** Milliseconds a victim stays down after its second death. */
  readonly nestedRestartMs: number;
  /** A part of the points, where several workers share a walk: of one victim those with these numbers, which count from 1. */
  readonly part?: WalkPart;
  /** Properties that are violated without any death: a death adds nothing to that (default: none). */
  readonly ignored?: ReadonlySet<string>;
  /** Whether a node has recovered, or stopped for good. */
  readonly hasRecovered: (world: World, node: string) => boolean;
  /** Whether a run has gone on long enough after a death of the victim when it worked at `height`. */
  readonly hasEnded: (world: World, victim: string, height: number) => boolean;
  /** Milliseconds of virtual time after a death at which a run is given up as undecided. */
  readonly limitMs: number;
}

/** Neighbours lead to the same states, and two victims never do. */
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
}

export interface CellFailure {
  readonly property: string;
  readonly death: Death;
  readonly message: string;
}

/** A crash point and what came of all deaths at it. */
export interface Cell {
  /** The how many-th point of the walk. */
  readonly order: number;
  readonly point: PointName;
  readonly phase: Phase;
  readonly images: number;
  readonly verdict: VerdictName;
  /** The first death that broke each property. */
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
  /** Keys of the distinct states after recovery. */
  readonly states: readonly string[];
  /** How often two equal keys were found to mean equal states, where merges are verified. */
  readonly verifiedMerges?: number;
  /** How the images of each disk were bounded, as few words as there were ways. */
  readonly rules: readonly string[];
  readonly isComplete: boolean;
}

/** A crash point of a walk. */
export interface NamedPoint {
  readonly point: PointName;
  readonly phase: Phase;
}
