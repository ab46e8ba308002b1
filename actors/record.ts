/**
 * The events of a run, and what a property is.
 *
 * One run record feeds every face. It holds events and no states: a node's state at an event is found by running again from
 * the last checkpoint. Properties watch the same events from an all-seeing place and believe none of the nodes' own words.
 */
import type { DiskError, Effect, Message, WireData } from './effects.ts';

/** The height and round at which a node is; heights from 1, rounds from 0. */
export interface Position {
  readonly height: number;
  readonly round: number;
}

/** A crash point: `<node>[+<life>]@<height>.<round>/<site>~<n>`, n from 1 per node, life, height, round and site. */
export interface PointName extends Position {
  readonly node: string;
  readonly life: number;
  readonly site: string;
  readonly n: number;
}

export type Phase = 'before' | 'torn' | 'after';
export type DeathKind = 'kill' | 'power';

/** Which of the bytes that were written and not synced survive a power loss (docs/formats/wal.md). */
export type CrashImage =
  | 'none'
  | 'all'
  | { readonly cut: number; readonly directory?: string }
  /** One digit a pending sector, in order of writing; '1' survives. `directory`: one digit a pending directory operation. */
  | { readonly sectors: string; readonly directory?: string };

interface Common {
  /** Position in the run, from 0. */
  readonly index: number;
  /** Microseconds of virtual time. */
  readonly time: number;
  /** The event that led to this one. */
  readonly cause: number;
  readonly node: string;
  readonly life: number;
}

export type RunEvent = Common &
  (
    | { readonly type: 'deliver'; readonly actor: string; readonly message: Message; readonly from: string }
    /** An effect is carried out. `point` stands where it is a crash point. */
    | { readonly type: 'effect'; readonly actor: string; readonly effect: Effect; readonly point: PointName | undefined }
    /** A disk operation that takes time is done. */
    | { readonly type: 'done'; readonly actor: string; readonly effect: Effect; readonly point: PointName | undefined; readonly error: DiskError | undefined }
    /** What was on the wire was lost on purpose (partition, loss). */
    | { readonly type: 'lost'; readonly from: string; readonly data: WireData; readonly reason: string }
    | { readonly type: 'death'; readonly kind: DeathKind; readonly at: string; readonly image: CrashImage | undefined; readonly lostBytes: number }
    | { readonly type: 'restart' }
    /** An actor threw, or a node stopped itself. */
    | { readonly type: 'stopped'; readonly reason: string; readonly threw: boolean }
    | { readonly type: 'fault'; readonly kind: string; readonly detail: Readonly<Record<string, unknown>> }
  );

/** What a property may ask of the world beyond the events. */
export interface Witness {
  readonly nodes: readonly string[];
  /** Microseconds. */
  readonly now: number;
  /** Whether the bytes [from, to) of a file, and its directory entry, lie in the synced layer of that node's disk. */
  isDurable(node: string, file: string, from: number, to: number): boolean;
  /** The length of a file as a process would read it now, page cache included; 0 where there is none. */
  fileLength(node: string, file: string): number;
  /** The present state of an actor, or undefined while the node is down. */
  actorState(node: string, actor: string): unknown;
  isUp(node: string): boolean;
  /** A faulty node is owed nothing and owes nothing: byzantine, or hit by an undetectable fault. */
  isFaulty(node: string): boolean;
}

export type VerdictName = 'held' | 'violated' | 'undecided';

export interface Violation {
  readonly message: string;
  /** Index of the event at which it showed. */
  readonly event: number;
  readonly nodes: readonly string[];
  readonly height: number;
}

export interface Verdict {
  readonly verdict: VerdictName;
  readonly violations: readonly Violation[];
  /** Why it is undecided, in words for the user. */
  readonly reason?: string;
}

/** A property in the course of one run. Forks with the world. */
export interface Monitor {
  observe(event: RunEvent, witness: Witness): void;
  /** At the end of the run: what can only be judged then. */
  finish(witness: Witness): Verdict;
  fork(): Monitor;
  /** A fingerprint of everything it remembers that can still matter, absolute time and event numbers left out. */
  digest(): number;
}

/** What a property is told about the run before it starts. */
export interface Setting {
  readonly nodes: readonly string[];
  /** Voting power of each validator at a height. */
  readonly powers: (height: number) => ReadonlyMap<string, number>;
  /** Milliseconds of virtual time after which `termination` is owed, if the scenario says so. */
  readonly configuration: unknown;
}

export interface Property {
  readonly name: string;
  /** One sentence: what it says. */
  readonly says: string;
  monitor(setting: Setting): Monitor;
}
