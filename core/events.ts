/**
 * The types of events of a run, of properties and of monitors.
 *
 * Events are the only record of a run: traces, the page and properties use the same events. They contain no states. Properties see all events of all nodes,
 * and do not trust what a node claims about itself.
 */
import type { DiskAnswer, DiskOperation, Effect, Message, StopCode, WireData } from './effects.ts';

/** The height (from 1) and round (from 0) of a node. */
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

/** The fields that all events have. */
export interface EventPlace {
  /** Position in the run, from 0. */
  readonly index: number;
  /** Microseconds of virtual time. */
  readonly time: number;
  /** The index of the event that caused this one; -1 for a cause outside the nodes. */
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

/** An effect is executed. `point` is set if it is a crash point. A `tell` makes no event, but its delivery does. */
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
  /** A message is lost, by a fault or by a lossy link; `node` is the sender. */
  | (EventPlace & { readonly type: 'lost'; readonly to: string; readonly data: WireData; readonly reason: string })
  /** A node starts, in a new life. */
  | (EventPlace & { readonly type: 'restart' })
  /** A node stops, because an actor threw (a bug), or by its own `stop` effect, whose code is given. */
  | (EventPlace & {
      readonly type: 'stopped';
      readonly reason: string;
      readonly threw: boolean;
      readonly code?: StopCode;
    })
  | (EventPlace & { readonly type: 'fault'; readonly kind: string; readonly detail: Readonly<Record<string, unknown>> });

/** What a property may ask about the world, in addition to the events. Call the methods on the object (`observer.isUp(node)`); do not destructure it. */
export interface Observer {
  readonly nodes: readonly string[];
  /** Microseconds. */
  readonly now: number;
  /** Whether the bytes [from, to) of a file, and its directory entry, are in the synced layer of that node's disk. */
  isDurable(node: string, file: string, from: number, to: number): boolean;
  /** The length of a file as a process would read it now, page cache included; 0 if there is none. */
  fileLength(node: string, file: string): number;
  /** The bytes of a file as a process would read them now; undefined if there is none. */
  fileBytes(node: string, file: string): Uint8Array | undefined;
  fileNames(node: string, directory: string): readonly string[];
  /** The present state of an actor, or undefined while the node is down. */
  actorState(node: string, actor: string): unknown;
  isUp(node: string): boolean;
  /** Whether the node's disk has a durable promise not to vote (`abstain.*`). */
  isAbstaining(node: string): boolean;
  /** Whether a restart of the node is scheduled, or may still follow a death that waits for its crash point. */
  isExpected(node: string): boolean;
  /** Whether the node is faulty: it lies, or had an undetectable fault. Properties do not judge faulty nodes. */
  isFaulty(node: string): boolean;
}

export type VerdictName = 'held' | 'violated' | 'undecided';

export interface Violation {
  readonly message: string;
  /** The index of the event at which it was found. */
  readonly event: number;
  readonly nodes: readonly string[];
  readonly height: number;
}

export interface Verdict {
  readonly verdict: VerdictName;
  readonly violations: readonly Violation[];
  /** Why the verdict is undecided, in words for the user. */
  readonly reason?: string;
}

/**
 * A type of event, or a narrower kind: one type of effect (`effect transmit`), one disk operation (`disk append`, or `done sync` for its end), deliveries to
 * one actor (`deliver consensus`), or one report of nodes (`observe abstain.begin`).
 */
export type Watched =
  | RunEvent['type']
  | `effect ${Effect['type']}`
  | `${'disk' | 'done'} ${DiskOperation['type']}`
  | `${'deliver' | 'observe'} ${string}`;

/**
 * The code of a property: pure functions over a memory. The memory is plain, immutable data that forks of a world share. `look` returns the same object if
 * an event changes nothing.
 */
export interface Monitor<Memory = unknown> {
  /** The events that the monitor sees (default: all). */
  readonly watches?: readonly Watched[];
  /** The memory at the start of a run. */
  readonly start: Memory;
  look(memory: Memory, event: RunEvent, observer: Observer): Memory;
  /** The verdict, if the run ended now. The run may go on and be judged again. */
  finish(memory: Memory, observer: Observer): Verdict;
  /**
   * The part of the memory that can still change a verdict (default: all of it), as plain data. Equal parts must mean equal verdicts on equal futures. So
   * the part has no indices of events, and its times are relative to `now` (microseconds).
   */
  relevant?(memory: Memory, now: number): unknown;
}

/** What a property knows about the run before it starts. */
export interface Setting {
  readonly nodes: readonly string[];
  /** Voting power of each validator at a height. */
  readonly powers: (height: number) => ReadonlyMap<string, number>;
  /** Nodes whose consensus is switched off: nothing of it is owed to them. */
  readonly syncOnly?: readonly string[];
  /** Nodes whose application may ask for a height anew, because it cannot commit the decision (default: none). */
  readonly restartsHeights?: readonly string[];
  /** Milliseconds that a node may wait for value sync before it replays its log (default: 0). */
  readonly replayDelayMs?: number;
  /** The direct links of each node (default: all nodes are linked). */
  readonly links?: ReadonlyMap<string, readonly string[]>;
  /** The longest delay of a message (ms) from the time `gstMs` on (default 0). By default delays are so short that they do not matter. */
  readonly network?: { readonly delayMs: number; readonly gstMs?: number };
  /** How many of the newest blocks each node keeps for its peers (default: all). With 0 a node that lags receives none. */
  readonly keptBlocks?: number;
  /** The longest time (ms) between two status messages of nodes at this height or later. By default it is so short that it does not matter. */
  readonly statusMs?: (height: number) => number;
  /** The application of each node has a store of its own (default: its state is part of each block). */
  readonly hasOwnStore?: true;
  /** Where votes are extended: whether this is a validator's signature of these bytes. */
  readonly isSignedBy?: (signer: string, bytes: Uint8Array, signature: Uint8Array) => boolean;
  /** The protocol's configuration of each node. */
  readonly configurations: ReadonlyMap<string, unknown>;
}

export interface Property {
  readonly name: string;
  /** The rule, in one sentence. */
  readonly says: string;
  /** What to check if it is violated, in one sentence. */
  readonly hint?: string;
  monitor(setting: Setting): Monitor;
}
