/**
 * Effects: what an actor asks the world to do, as plain data. The scheduler executes them one at a time, and can kill the node between any two.
 *
 * These are all effects that exist. Effects on disk, network, timers or host are crash points. Each has a `site`, the name of its kind in the documents
 * (`wal.flush`, `publish`, ...). A `tell`, from one actor to another, is no crash point: so names of crash points do not depend on how many actors a node has.
 */

/** One operation on a node's disk. Names are paths within it, such as `wal/3.1.wal`; offsets and lengths are bytes. */
export type DiskOperation =
  | { readonly type: 'create'; readonly file: string }
  | { readonly type: 'append'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly type: 'writeAt'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'sync'; readonly file: string }
  | { readonly type: 'syncDirectory'; readonly directory: string }
  | { readonly type: 'read'; readonly file: string; readonly offset?: number; readonly length?: number }
  | { readonly type: 'list'; readonly directory: string }
  | { readonly type: 'remove'; readonly file: string };

/**
 * `append` and `writeAt` answer only when they fail; the others always answer, with a `DiskAnswer` to the actor that asked.
 * `tag` comes back in the answer.
 */
export interface DiskEffect {
  readonly type: 'disk';
  readonly site: string;
  readonly operation: DiskOperation;
  readonly tag: number;
}

export interface DiskAnswer {
  readonly type: 'disk.answer';
  readonly site: string;
  readonly tag: number;
  readonly operation: DiskOperation;
  readonly error?: DiskError;
  /** For `read`. */
  readonly bytes?: Uint8Array;
  /** For `list`: names within the directory, sorted. */
  readonly names?: readonly string[];
}

export interface DiskError {
  readonly code: 'EEXIST' | 'ENOENT' | 'EIO' | 'ENOSPC' | 'EINVAL';
  readonly message: string;
}

/** Why an honest node stops: the code of a recovery error, or one of these. A node of your own may use other words. */
export type StopCode =
  | 'CORRUPT'
  | 'FOREIGN'
  | 'GONE'
  | 'NOT_INITIALIZED'
  | 'ALREADY_INITIALIZED'
  /** A disk operation of the log failed. */
  | 'LOG_FAILED'
  /** A disk operation of the signer's file failed. */
  | 'SIGNER_FAILED'
  /** A disk operation of the block store failed. */
  | 'STORE_FAILED'
  /** The logged messages are not those that replay derives. */
  | 'REPLAY_DIVERGENCE'
  | 'OTHER_CONFIGURATION'
  /** The consensus actor decided a height that does not follow the stored one. */
  | 'OUT_OF_ORDER'
  /** The application's state is not the one that the decided value was made on: it has executed differently from the others'. */
  | 'APPLICATION_DIVERGED'
  /** The application with a store of its own has executed blocks that the block store does not hold. */
  | 'APPLICATION_AHEAD'
  /** It has not executed all blocks, and one that it needs is not kept any more. */
  | 'APPLICATION_BEHIND_PRUNED'
  /** A disk operation of the application's own store failed. */
  | 'APPLICATION_STORE_FAILED'
  | (string & {});

export type Effect =
  | { readonly type: 'tell'; readonly to: string; readonly message: Message }
  | { readonly type: 'transmit'; readonly site: string; readonly to: readonly string[]; readonly data: WireData }
  | DiskEffect
  | { readonly type: 'host.ask'; readonly request: unknown }
  | { readonly type: 'host.decide'; readonly decision: unknown; readonly height: number }
  /** `delay` is ms of virtual time. Setting a timer that is already set starts it again. */
  | { readonly type: 'timer.set'; readonly timer: string; readonly delay: number }
  | { readonly type: 'timer.cancel'; readonly timer: string }
  /** Reports something: for people, as a moment for scripts, or as a mark (`event: 'mark'`, `detail: { name }`). Properties do not rely on it. */
  | { readonly type: 'observe'; readonly event: string; readonly detail: Readonly<Record<string, unknown>> }
  /** `reason` is for people; programs compare the `code`. */
  | { readonly type: 'stop'; readonly reason: string; readonly code?: StopCode };

/** What an actor receives: plain, immutable data with a `type`. */
export interface Message {
  readonly type: string;
}

/** What travels between nodes: plain, immutable data with a `type`. */
export interface WireData {
  readonly type: string;
}

export interface Step<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** The site of an effect, if it is a crash point. */
export function siteOf(effect: Effect): string | undefined {
  switch (effect.type) {
    case 'disk':
    case 'transmit':
      return effect.site;
    case 'host.ask':
      return 'value.get';
    case 'host.decide':
      return 'decided';
    case 'timer.set':
      return 'timer.set';
    case 'timer.cancel':
      return 'timer.cancel';
    default:
      return undefined;
  }
}
