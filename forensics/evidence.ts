/** The evidence in one node's folder: findings about its logs, and the statements in them. Each engine has a reader that returns this type. */
import type { Engine, Status } from '../wal/index.ts';
import type { LastSign } from './last-sign-state.ts';
import type { Statement } from './statements.ts';

/** The content of a node's folder. Paths are relative to it and separated by `/`. */
export interface NodeFiles {
  /** As it was given. */
  readonly folder: string;
  /** The validator, if the caller knows whose folder it is. */
  readonly name?: string | undefined;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What was found in one log file, or in a group of rolled files. */
export interface LogFinding {
  readonly file: string;
  readonly status: Status;
  /** Whole frames before the first problem. */
  readonly frames: number;
  /** Byte at which the first problem begins; null: there is none. */
  readonly offset: number | null;
  /** The sequence, or index, of the frame that is torn, damaged or missing there; null if it is not known or there is none. */
  readonly frame: number | null;
  /** Whole frames after the first problem. */
  readonly framesAfter: number;
  readonly reason: string;
}

/** How the log alone would let the node start. */
export type LogStart =
  /** The log restores what the node said. */
  | { readonly type: 'sign'; readonly reason: string }
  /** A promise not to vote, or damage whose height is known. */
  | { readonly type: 'abstain'; readonly until: number; readonly reason: string }
  /** This folder does not show the height of the node. */
  | { readonly type: 'unknown'; readonly reason: string }
  | { readonly type: 'never'; readonly reason: string; readonly remedy: string };

/** Validators of the height that the node works at, with their power. */
export type Powers = ReadonlyMap<string, number>;

export interface Evidence {
  readonly folder: string;
  readonly engine: Engine;
  /** The validator whose folder it is; undefined: nothing in it says so. */
  readonly owner: string | undefined;
  readonly logs: readonly LogFinding[];
  readonly statements: readonly Statement[];
  /** The highest height that is over; the node works at the next one. Null: not known. */
  readonly storedHeight: number | null;
  readonly start: LogStart;
  /** Undefined: the logs of this engine do not name them. */
  readonly powers: Powers | undefined;
  /** The statements by the owner that a restart finds again; what is at or below `storedHeight` is not among them. */
  readonly restored: readonly Statement[];
  /** CometBFT's last-sign state, if there is a whole one: it refuses what it does not allow, also if the log restores it. */
  readonly lastSign: LastSign | undefined;
  /** What could not be read, and what that means, in words. */
  readonly notes: readonly string[];
}
