/**
 * The events of a run, and what a property is.
 *
 * One run record feeds every face. It holds events and no states: a node's state at an event is found by running again from
 * the last checkpoint. Properties watch the same events from an all-seeing place and believe none of the nodes' own words.
 */
import type { DiskAnswer, DiskOperation, Effect, Message, StopCode, WireData } from './effects.ts';

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

/** What every event says of itself. */
export interface EventPlace {
  /** Position in the run, from 0. */
  readonly index: number;
  /** Microseconds of virtual time. */
  readonly time: number;
  /** The event that led to this one; -1 for what came from outside. */
  readonly cause: number;
  readonly node: string;
  readonly life: number;
}

export interface DeliverEvent extends EventPlace {
  readonly type: 'deliver';
  readonly actor: string;
  readonly message: Message;
  readonly from: string;
}

/** An effect is carried out. `point` is there when it is a crash point. A `tell` makes no event: its delivery does. */
export interface EffectEvent extends EventPlace {
  readonly type: 'effect';
  readonly actor: string;
  readonly effect: Effect;
  readonly point: PointName | undefined;
}

/** A disk operation that takes time is done; `cause` is the event that issued it. */
export interface DoneEvent extends EventPlace {
  readonly type: 'done';
  readonly actor: string;
  readonly answer: DiskAnswer;
}

export interface DeathEvent extends EventPlace {
  readonly type: 'death';
  readonly kind: DeathKind;
  /** The crash point and phase, as text; 'at once' where it was none. */
  readonly at: string;
  readonly image: CrashImage | undefined;
  readonly lostBytes: number;
}

export type RunEvent =
  | DeliverEvent
  | EffectEvent
  | DoneEvent
  | DeathEvent
  /** What was on the wire was lost on purpose; `node` is the sender. */
  | (EventPlace & { readonly type: 'lost'; readonly to: string; readonly data: WireData; readonly reason: string })
  /** A node is up again, in a new life. */
  | (EventPlace & { readonly type: 'restart' })
  /** An actor threw (a finding), or a node stopped itself, with the code of its `stop` effect. */
  | (EventPlace & {
      readonly type: 'stopped';
      readonly reason: string;
      readonly threw: boolean;
      readonly code?: StopCode;
    })
  | (EventPlace & { readonly type: 'fault'; readonly kind: string; readonly detail: Readonly<Record<string, unknown>> });

/** What a property may ask of the world beyond the events. Its methods are called on it (`observer.isUp(node)`), never taken out of it. */
export interface Observer {
  readonly nodes: readonly string[];
  /** Microseconds. */
  readonly now: number;
  /** Whether the bytes [from, to) of a file, and its directory entry, lie in the synced layer of that node's disk. */
  isDurable(node: string, file: string, from: number, to: number): boolean;
  /** The length of a file as a process would read it now, page cache included; 0 where there is none. */
  fileLength(node: string, file: string): number;
  /** The bytes of a file as a process would read them now; undefined where there is none. */
  fileBytes(node: string, file: string): Uint8Array | undefined;
  fileNames(node: string, directory: string): readonly string[];
  /** The present state of an actor, or undefined while the node is down. */
  actorState(node: string, actor: string): unknown;
  isUp(node: string): boolean;
  /** Whether a durable promise not to vote (`abstain.*`) stands on its disk. */
  isAbstaining(node: string): boolean;
  /** Whether a restart of the node is still to come. */
  isExpected(node: string): boolean;
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

/**
 * A type of event, or a narrower kind of it. Of effects, one type alone (`effect transmit`). Of effects on the disk, one operation (`disk append`); of
 * operations that are done, one (`done sync`). Of deliveries, those to one actor (`deliver consensus`). Of what a node reports, one name
 * (`observe abstain.begin`).
 */
export type Watched =
  | RunEvent['type']
  | `effect ${Effect['type']}`
  | `${'disk' | 'done'} ${DiskOperation['type']}`
  | `${'deliver' | 'observe'} ${string}`;

/**
 * A property in the course of one run, as pure functions over what it remembers. The memory is plain, immutable data: forks of a world share it, and
 * `look` returns the same memory where nothing changed.
 */
export interface Monitor<Memory = unknown> {
  /** The events it is shown (default: all). */
  readonly watches?: readonly Watched[];
  /** The memory at the start of a run. */
  readonly start: Memory;
  look(memory: Memory, event: RunEvent, observer: Observer): Memory;
  /** The verdict, if the run ended now. The run may go on and be judged again. */
  finish(memory: Memory, observer: Observer): Verdict;
  /**
   * The part of the memory that can still change a verdict (default: all of it), as plain data. Equal parts mean equal verdicts on equal futures, so
   * numbers of events are left out, and times are relative to `now` (microseconds).
   */
  relevant?(memory: Memory, now: number): unknown;
}

/** What a property knows about the run before it starts. */
export interface Setting {
  readonly nodes: readonly string[];
  /** Voting power of each validator at a height. */
  readonly powers: (height: number) => ReadonlyMap<string, number>;
  /** The links between nodes that need no third node; default: all. */
  readonly links?: ReadonlyMap<string, readonly string[]>;
  /** The longest delay of a message, ms; from `gstMs` on (default 0) nothing is slower. Default: a delay that no timeout notices. */
  readonly network?: { readonly delayMs: number; readonly gstMs?: number };
  /** How many of the newest blocks each node keeps for its peers (default: all); 0: a node that lags gets none. */
  readonly keptBlocks?: number;
  /** The longest time between two statuses of nodes that are at this height or later, ms; default: so short that no bound notices. */
  readonly statusMs?: (height: number) => number;
  /** The node definition's configuration of each node. */
  readonly configurations: ReadonlyMap<string, unknown>;
}

export interface Property {
  readonly name: string;
  /** One sentence: what it says. */
  readonly says: string;
  /** What to look at when it is violated, in one sentence. */
  readonly hint?: string;
  monitor(setting: Setting): Monitor;
}
