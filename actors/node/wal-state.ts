/** What the wal actor keeps, and what it is made of. */

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

/** How a boot is planned from what the disk holds; throws `RecoveryError` where the node must not go on. */
export type Planner = (contents: ReadonlyMap<string, ByteSource>, salt: number) => StartPlan;

export interface WalSetup {
  readonly plan: Planner;
  /** A fresh salt for each life and height; a pure function of the node's configuration. */
  readonly salt: (life: number, height: number) => number;
  /** `strict`: a durable witness of each flush. */
  readonly attest: 'next' | 'strict';
  /** The signer's file is on this disk. */
  readonly hasSigner?: boolean;
}

/** One disk operation and the site that names it. */
export interface Planned {
  readonly site: string;
  readonly operation: DiskOperation;
}

/** What stays of a plan when its operations are under way and it was told how much of a torn tail there was. */
export type Told<Plan> = Plan extends StartPlan ? Omit<Plan, 'tornBytes' | 'steps'> : never;

/** What follows when the operations in `todo` are done. */
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
  readonly replay: Replay | undefined;
  /** The flush under way, and the one asked for meanwhile. */
  readonly flushing: FlushMessage | undefined;
  readonly wanted: FlushMessage | undefined;
  readonly fileLife: number;
  /** The highest sequence known durable in the present file. */
  readonly durable: number;
  readonly advancing: AdvanceMessage | undefined;
  /** A life that follows without voting. */
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

/** The signer's file is to name what this flush has made durable; undefined: it does so already, or there is none. */
export function withSigned(state: WalState, done: FlushMessage): WalState | undefined {
  const { signer } = state;
  const { height, round, kind, bytes = nothingSigned.bytes } = done.signed;
  if (signer === undefined || comparePlaces(done.signed, signer.signed) === 0) return undefined;
  const { state: next, steps } = replaceSigner(signer, { height, round, kind, bytes });
  return revised(state, { signer: next, todo: expanded(steps), goal: { type: 'signed', done } });
}

const nothingRead: ReadonlyMap<string, ByteSource> = new Map();

/** The disk operations of these steps, in order. `contents`: the files from which copies are made. */
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

export function disk(site: string, operation: DiskOperation): Effect {
  return { type: 'disk', site, operation, tag: 0 };
}

export function toSupervisor(message: Message & Readonly<Record<string, unknown>>): Effect {
  return { type: 'tell', to: 'supervisor', message };
}
