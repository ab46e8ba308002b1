/** The state and the setup of the wal actor. */

import type { DiskOperation, Effect, Message } from '../../core/effects.ts';
import {
  type BootPlan,
  type BootStep,
  type ByteSource,
  comparePlaces,
  expandStep,
  type FollowPlan,
  type LogWriter,
  nothingSigned,
  replaceSigner,
  type SignerState,
  type StartPlan,
} from '../../wal/index.ts';
import type { AdvanceMessage, FlushMessage } from './messages.ts';

/** Plans a boot from the contents of the disk. Throws `RecoveryError` if the node must stop. */
export type Planner = (contents: ReadonlyMap<string, ByteSource>, salt: number) => StartPlan;

export interface WalSetup {
  readonly plan: Planner;
  /** A fresh salt for each life and height; a pure function of the node's configuration. */
  readonly salt: (life: number, height: number) => number;
  /** `strict`: each flush is also recorded durably in a second file. */
  readonly attest: 'next' | 'strict';
  /** The signer's file is on this disk. */
  readonly hasSigner?: boolean;
  /** The application's store is on this disk. */
  readonly hasApplication?: boolean;
  /** Milliseconds that a life waits for value sync before it replays its log (default: it does not wait). */
  readonly replayDelayMs?: number;
  /** The protocol has `resume`: a height begins with the decision before it. */
  readonly resumes?: true;
}

/** One disk operation and the site that names it. */
export interface Planned {
  readonly site: string;
  readonly operation: DiskOperation;
}

/** The part of a plan that is kept while its operations are executed. The torn tail is already reported then. */
export type Told<Plan> = Plan extends StartPlan ? Omit<Plan, 'tornBytes' | 'steps'> : never;

/** What to do when the operations in `todo` are done. */
export type Goal =
  | { readonly type: 'booted'; readonly plan: Told<StartPlan> }
  | { readonly type: 'segment'; readonly height: number; readonly writer: LogWriter }
  /** The signer's file names what this flush has made durable. */
  | { readonly type: 'signed'; readonly done: FlushMessage }
  | { readonly type: 'until'; readonly follow: Told<FollowPlan> }
  | { readonly type: 'rejoined'; readonly height: number; readonly writer: LogWriter };

export interface Replay {
  readonly file: string;
  readonly frames: BootPlan['replay']['frames'];
  readonly next: number;
}

export interface WalState {
  readonly life: number;
  /** While booting: the files still to be read, and what was read. */
  readonly unread: readonly string[];
  readonly unlisted: readonly string[];
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly todo: readonly Planned[];
  readonly goal: Goal | undefined;
  /** Where the application has a store of its own: the boot goes on with this plan when the host has compared the two. */
  readonly handshake: Told<StartPlan> | undefined;
  readonly replay: Replay | undefined;
  /** The present flush, and the one that was requested meanwhile. */
  readonly flushing: FlushMessage | undefined;
  readonly wanted: FlushMessage | undefined;
  readonly fileLife: number;
  /** The highest sequence known durable in the present file. */
  readonly durable: number;
  readonly advancing: AdvanceMessage | undefined;
  /** Set if this life follows without voting. */
  readonly follow: Told<FollowPlan> | undefined;
  /** For `attest: 'strict'`: this life's attest file, and the slot to be written next. */
  readonly attest: { readonly file: string; readonly slot: number } | undefined;
  /** The signer's file; undefined: it has none. */
  readonly signer: SignerState | undefined;
  /** The height of the present segment. */
  readonly height: number;
}

export function newWalState(life: number): WalState {
  return {
    life,
    unread: [],
    unlisted: [],
    contents: new Map(),
    todo: [],
    goal: undefined,
    handshake: undefined,
    replay: undefined,
    flushing: undefined,
    wanted: undefined,
    fileLife: -1,
    durable: 0,
    advancing: undefined,
    follow: undefined,
    attest: undefined,
    signer: undefined,
    height: 0,
  };
}

/** A copy with some fields changed. It names them all: a spread costs many times as much (docs/decisions/0006). */
export function revised(state: WalState, change: Partial<WalState>): WalState {
  const copy: WalState = {
    life: state.life,
    unread: state.unread,
    unlisted: state.unlisted,
    contents: state.contents,
    todo: state.todo,
    goal: state.goal,
    handshake: state.handshake,
    replay: state.replay,
    flushing: state.flushing,
    wanted: state.wanted,
    fileLife: state.fileLife,
    durable: state.durable,
    advancing: state.advancing,
    follow: state.follow,
    attest: state.attest,
    signer: state.signer,
    height: state.height,
  };
  return Object.assign(copy, change);
}

/** Starts to write into the signer's file what this flush has made durable. Undefined if the file has it already, or if there is no such file. */
export function withSigned(state: WalState, done: FlushMessage): WalState | undefined {
  const { signer } = state;
  const { height, round, kind, bytes = nothingSigned.bytes } = done.signed;
  if (signer === undefined || comparePlaces(done.signed, signer.signed) === 0) return undefined;
  const { state: next, steps } = replaceSigner(signer, { height, round, kind, bytes });
  return revised(state, { signer: next, todo: expanded(steps), goal: { type: 'signed', done } });
}

const nothingRead: ReadonlyMap<string, ByteSource> = new Map();

/** The disk operations of these steps, in order. `contents`: the files from which frames are copied. */
export function expanded(
  steps: readonly BootStep[],
  contents: ReadonlyMap<string, ByteSource> = nothingRead,
): readonly Planned[] {
  const planned: Planned[] = [];
  for (const step of steps) {
    const { site } = step;
    if ('operation' in step) planned.push({ site, operation: step.operation });
    else for (const operation of expandStep(step, contents)) planned.push({ site, operation });
  }
  return planned;
}

/** The effects up to the next operation that answers, and the operations after it; undefined: there is none that answers. */
export function issued(todo: readonly Planned[]): {
  readonly effects: readonly Effect[];
  readonly rest: readonly Planned[] | undefined;
} {
  const effects: Effect[] = [];
  for (const [index, { site, operation }] of todo.entries()) {
    effects.push(disk(site, operation));
    if (operation.type !== 'append' && operation.type !== 'writeAt') return { effects, rest: todo.slice(index + 1) };
  }
  return { effects, rest: undefined };
}

export function disk(site: string, operation: DiskOperation): Effect {
  return { type: 'disk', site, operation, tag: 0 };
}

export function toSupervisor(message: Message & Readonly<Record<string, unknown>>): Effect {
  return { type: 'tell', to: 'supervisor', message };
}
