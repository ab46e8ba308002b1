/**
 * What the page holds of one run: rows that people read, and beside them lifetimes (of frames, messages, downtimes) from which any moment is
 * looked up without running again. Plain data: it is embedded in the page as compressed JSON.
 */
import type { ScenarioData } from '../../../scenarios/index.ts';

/** Kinds of rows, for colours, filters and words. */
export type RowKind =
  | 'message'
  | 'wal'
  | 'store'
  | 'timer'
  | 'death'
  | 'restart'
  | 'stopped'
  | 'fault'
  | 'replay'
  | 'said'
  | 'decided'
  | 'other';

export interface Row {
  /** The event's number in the run. */
  readonly event: number;
  /** Microseconds. */
  readonly time: number;
  /** Index of the node; -1: the world. */
  readonly node: number;
  readonly life: number;
  readonly kind: RowKind;
  readonly words: string;
  /** The row that led to it; -1: none that is shown. */
  readonly cause: number;
}

/** A frame of a log. `cached`, `durable`, `gone` and `damaged` are rows, from 0; -1: never. */
export interface FrameLife {
  readonly node: number;
  readonly file: string;
  readonly label: string;
  /** The node's own vote or proposal: what others may have heard. */
  readonly isOwn: boolean;
  readonly bytes: number;
  /** The first bytes, in hexadecimal. */
  readonly hex: string;
  readonly cached: number;
  /** When it was on the disk itself: read from the simulated disk, not from the answers that the node got. */
  readonly durable: number;
  readonly gone: number;
  /** When its bytes were no longer what was written. */
  readonly damaged: number;
  /** It is gone because the page cache was lost, and not because it was pruned. */
  readonly isLost: boolean;
}

export interface MessageLife {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** `height.round kind` of what was signed: two values under one promise are two votes of one node. Empty: nothing was signed. */
  readonly promise: string;
  readonly value: string;
  /** The filter by which a fault of kind `message` names it. */
  readonly where: Readonly<Record<string, string | number | boolean | null>>;
  readonly sent: number;
  heard: number;
  /** It was lost on the way, at this row; -1: it was not. */
  lost: number;
}

/** A decision of a node, on its way to the application. */
export interface DecisionMade {
  readonly row: number;
  readonly node: number;
  readonly height: number;
  readonly value: string;
}

/** What a node has in memory from a row on. */
export interface Memory {
  readonly row: number;
  readonly node: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** The rows between which a node is down. */
export interface Downtime {
  readonly node: number;
  readonly from: number;
  to: number;
}

/** The links that partitions cut from a row on, each from a sender to a receiver. */
export interface Cuts {
  readonly row: number;
  readonly links: readonly (readonly [number, number])[];
}

export interface PageProperty {
  readonly name: string;
  readonly verdict: string;
  readonly message: string;
  /** The row at which it showed; -1: none. */
  readonly row: number;
}

/** A state of the round statechart with its transitions, as the machine holds them. */
export interface ChartState {
  readonly name: string;
  readonly transitions: readonly { readonly event: string; readonly target: string; readonly actions: string }[];
}

export interface PageRecord {
  readonly version: 1;
  /** The id of the record that the run was read from, if it has one. */
  readonly id?: string;
  readonly data: ScenarioData;
  readonly exhibit: string | null;
  readonly variant: string | null;
  readonly seed: number;
  readonly hash: string;
  readonly verdict: string;
  readonly asExpected: boolean;
  readonly events: number;
  /** Real nodes wrote it, so nothing in it can be run again. Its `seed` and `hash` are those of no run, and it has no `source`. */
  readonly isReal?: true;
  readonly nodes: readonly string[];
  readonly faulty: readonly string[];
  readonly rows: readonly Row[];
  /** `none`: the nodes never read what they write, so the page shows them without a log. */
  readonly log: 'file' | 'none';
  readonly frames: readonly FrameLife[];
  readonly messages: readonly MessageLife[];
  readonly decisions: readonly DecisionMade[];
  readonly memories: readonly Memory[];
  readonly downtimes: readonly Downtime[];
  readonly cuts: readonly Cuts[];
  readonly properties: readonly PageProperty[];
  readonly source: string;
  readonly chart: readonly ChartState[];
}
