/**
 * The wal actor: it recovers the log at boot, flushes appended frames, and creates and removes segments.
 *
 * It executes plans, which are lists of disk operations, one operation at a time. So a crash can come between any two. The plans are made in wal/. Frames
 * are appended by the consensus actor and not here.
 */

import type { DiskAnswer, Effect, Message, Step, StopCode } from '../../core/effects.ts';
import {
  abstainUntil,
  attestSlot,
  birthPlan,
  type LogWriter,
  planRejoin,
  prunePlan,
  RecoveryError,
  type StartPlan,
  sourceOf,
} from '../../wal/index.ts';
import type { ActorSpec, TimerMessage } from '../scheduler/index.ts';
import type {
  AbstainUntilMessage,
  AdvanceMessage,
  ApplicationReadyMessage,
  FlushedMessage,
  FlushMessage,
  ReplayDueMessage,
  SegmentMessage,
} from './messages.ts';
import { begun, delayElapsed, planned, replayed, replayNow, skipped } from './wal-recovery.ts';
import {
  disk,
  expanded,
  type Goal,
  issued,
  newWalState,
  type Planned,
  revised,
  toSupervisor,
  type WalSetup,
  type WalState,
  withSigned,
} from './wal-state.ts';

interface RecoverMessage extends Message {
  readonly type: 'recover';
  readonly life: number;
}

export type WalMessage =
  | RecoverMessage
  | ApplicationReadyMessage
  | FlushMessage
  | AdvanceMessage
  | AbstainUntilMessage
  | ReplayDueMessage
  | TimerMessage
  | DiskAnswer;

function directoriesOf({ hasSigner = false, hasApplication = false }: WalSetup): readonly string[] {
  return ['wal', 'blocks', ...(hasSigner ? ['signer'] : []), ...(hasApplication ? ['app'] : [])];
}

export function walActor(setup: WalSetup): ActorSpec {
  return {
    name: 'wal',
    start: newWalState,
    receive: (state: WalState, message: WalMessage): Step<WalState> => receive(setup, state, message),
  };
}

function receive(setup: WalSetup, state: WalState, message: WalMessage): Step<WalState> {
  switch (message.type) {
    case 'recover':
      return list(revised(state, { unlisted: directoriesOf(setup) }));
    case 'application.ready':
      return state.handshake === undefined
        ? { state, effects: [] }
        : begun(setup, revised(state, { handshake: undefined }), state.handshake);
    case 'timer':
      return delayElapsed(state);
    case 'replay.due':
      return replayNow(state);
    case 'flush':
      return flush(state, message);
    case 'advance': {
      const { state: rested, effects } = skipped(state);
      const { state: next, effects: more } = advance(setup, rested, message);
      return { state: next, effects: [...effects, ...more] };
    }
    case 'abstain.until':
      return learnUntil(setup, state, message.until);
    case 'disk.answer':
      if (message.error !== undefined) {
        const { site, error } = message;
        const reason = `${site} failed, and nothing is tried again on it: ${error.message}`;
        return { state, effects: [{ type: 'stop', reason, code: failureOf(site) }] };
      }
      return answered(setup, state, message);
  }
}

function answered(setup: WalSetup, state: WalState, answer: DiskAnswer): Step<WalState> {
  switch (answer.site) {
    case 'boot.list': {
      const { operation, names = [] } = answer;
      const directory = operation.type === 'list' ? operation.directory : '';
      const unread = [...state.unread, ...names.map((name) => `${directory}/${name}`)];
      return readNext(setup, revised(state, { unread }));
    }
    case 'boot.read': {
      const { operation, bytes } = answer;
      const file = operation.type === 'read' ? operation.file : '';
      return readNext(setup, revised(state, { contents: new Map(state.contents).set(file, bytes ?? new Uint8Array()) }));
    }
    case 'replay.frame':
      return replayed(state, answer);
    case 'wal.flush':
      if (state.flushing === undefined) return work(setup, state);
      return state.attest === undefined ? logDone(setup, state, state.flushing) : attest(state, state.attest, state.flushing);
    case 'wal.attest':
      return state.flushing === undefined ? work(setup, state) : logDone(setup, state, state.flushing);
    default:
      return work(setup, state);
  }
}

function failureOf(site: string): StopCode {
  if (site.startsWith('signer.')) return 'SIGNER_FAILED';
  if (site.startsWith('app.')) return 'APPLICATION_STORE_FAILED';
  return site.startsWith('store.') ? 'STORE_FAILED' : 'LOG_FAILED';
}

function list(state: WalState): Step<WalState> {
  const [directory, ...unlisted] = state.unlisted;
  if (directory === undefined) return { state, effects: [] };
  return { state: revised(state, { unlisted }), effects: [disk('boot.list', { type: 'list', directory })] };
}

function readNext(setup: WalSetup, state: WalState): Step<WalState> {
  if (state.unlisted.length > 0) return list(state);
  const [file, ...unread] = state.unread;
  if (file !== undefined) return { state: revised(state, { unread }), effects: [disk('boot.read', { type: 'read', file })] };
  const sources = new Map([...state.contents].map(([name, bytes]) => [name, sourceOf(bytes)]));
  let plan: StartPlan;
  try {
    plan = setup.plan(sources, setup.salt(state.life, 0));
  } catch (error) {
    if (!(error instanceof RecoveryError)) throw error;
    return { state, effects: [toSupervisor({ type: 'corrupt', reason: error.message, code: error.code })] };
  }
  // The size of the torn tail is reported now and not kept, so that boots with torn tails of different sizes are in equal states.
  const { tornBytes: lostBytes, steps, ...rest } = plan;
  const todo = expanded(steps, sources);
  const judged: Effect = { type: 'observe', event: 'judged', detail: { lostBytes } };
  const { state: next, effects } = work(
    setup,
    revised(state, { contents: new Map(), todo, goal: { type: 'booted', plan: rest } }),
  );
  return { state: next, effects: [judged, ...effects] };
}

/** Issues the next operations, up to one that answers. */
function work(setup: WalSetup, state: WalState): Step<WalState> {
  const { effects, rest } = issued(state.todo);
  if (rest !== undefined) return { state: revised(state, { todo: rest }), effects };
  const { goal } = state;
  const rested = revised(state, { todo: [], goal: undefined });
  if (goal === undefined) return { state: rested, effects };
  const { state: next, effects: more } = reached(setup, rested, goal);
  return { state: next, effects: [...effects, ...more] };
}

function reached(setup: WalSetup, state: WalState, goal: Goal): Step<WalState> {
  switch (goal.type) {
    case 'booted':
      return planned(setup, state, goal.plan);
    case 'segment':
      return segmentReady(state, goal.height, goal.writer);
    case 'signed':
      return flushDone(setup, state, goal.done);
    case 'until': {
      const { until } = goal.follow.abstention ?? {};
      return {
        state: revised(state, { follow: goal.follow }),
        effects: [{ type: 'observe', event: 'abstain.until', detail: { until } }],
      };
    }
    case 'rejoined': {
      const { state: next, effects } = segmentReady(revised(state, { follow: undefined }), goal.height, goal.writer);
      const ended: Effect = { type: 'observe', event: 'abstain.end', detail: { height: goal.height } };
      const mark: Effect = { type: 'observe', event: 'mark', detail: { name: 'wal.votes-again' } };
      return { state: next, effects: [ended, mark, toSupervisor({ type: 'rejoin' }), ...effects] };
    }
  }
}

/** Handles the answers of peers: writes the height until which the node abstains into its promise, durably. */
function learnUntil(setup: WalSetup, state: WalState, until: number): Step<WalState> {
  const { follow } = state;
  if (follow?.abstention === undefined || follow.abstention.until !== undefined) return { state, effects: [] };
  const abstention = { ...follow.abstention, until };
  const todo = expanded(abstainUntil(abstention));
  return work(setup, revised(state, { todo, goal: { type: 'until', follow: { ...follow, abstention } } }));
}

/** Starts a sync. While one is running, the next waits, and covers everything that came meanwhile (group commit). */
function flush(state: WalState, message: FlushMessage): Step<WalState> {
  if (state.flushing !== undefined) return { state: revised(state, { wanted: message }), effects: [] };
  return { state: revised(state, { flushing: message }), effects: [disk('wal.flush', { type: 'sync', file: message.file })] };
}

/** Records the flush in the attest file, before any message that depends on it may leave. */
function attest(
  state: WalState,
  { file, slot }: { readonly file: string; readonly slot: number },
  done: FlushMessage,
): Step<WalState> {
  const { height, fileLife: life } = state;
  const { height: signedHeight, round: signedRound, kind: signedKind } = done.signed;
  const attestation = { height, life, sequence: done.upTo, signedHeight, signedRound, signedKind };
  const effects = attestSlot(file, slot, attestation).map((operation) => disk('wal.attest', operation));
  return { state: revised(state, { attest: { file, slot: slot + 1 } }), effects };
}

/** Called when the log is durable and attested: next the signer's file is written. */
function logDone(setup: WalSetup, state: WalState, done: FlushMessage): Step<WalState> {
  const signing = withSigned(state, done);
  return signing === undefined ? flushDone(setup, state, done) : work(setup, signing);
}

function flushDone(setup: WalSetup, state: WalState, done: FlushMessage): Step<WalState> {
  const message: FlushedMessage = { type: 'flushed', life: state.fileLife, sequence: done.upTo };
  const told: Effect = { type: 'tell', to: 'consensus', message };
  const rested: WalState = revised(state, {
    flushing: undefined,
    wanted: undefined,
    durable: Math.max(state.durable, done.upTo),
  });
  const { wanted, advancing } = state;
  const next =
    wanted !== undefined && wanted.upTo > done.upTo
      ? flush(rested, wanted)
      : advancing !== undefined
        ? advance(setup, revised(rested, { advancing: undefined }), advancing)
        : { state: rested, effects: [] };
  return { state: next.state, effects: [told, ...next.effects] };
}

/** Ends a height: flushes everything, creates the next segment, removes the old one, and syncs the folder. */
function advance(setup: WalSetup, state: WalState, message: AdvanceMessage): Step<WalState> {
  const { height, writer } = message;
  if (writer === undefined) return followOn(setup, state, height);
  if (state.flushing !== undefined) return { state: revised(state, { advancing: message }), effects: [] };
  const birth = birthPlan(height, writer.life, writer.sequence, setup.salt(state.life, height));
  const last: Planned[] =
    state.durable < writer.sequence ? [{ site: 'wal.flush', operation: { type: 'sync', file: writer.file } }] : [];
  const steps = expanded([...birth.steps, ...prunePlan(writer.file)]);
  return work(setup, revised(state, { todo: [...last, ...steps], goal: { type: 'segment', height, writer: birth.writer } }));
}

/** The next height of a follower. It needs no segment. When its promise is kept, a new log begins. */
function followOn(setup: WalSetup, state: WalState, height: number): Step<WalState> {
  const { follow } = state;
  const until = follow?.abstention?.until;
  if (follow === undefined || until === undefined || height <= until) return segmentReady(state, height, undefined);
  const plan = planRejoin(follow, height, { attest: setup.attest, salt: setup.salt(state.life, height) });
  const todo = expanded(plan.steps);
  const attest = plan.attestFile === undefined ? undefined : { file: plan.attestFile, slot: 0 };
  const { signer } = plan;
  return work(setup, revised(state, { attest, signer, todo, goal: { type: 'rejoined', height, writer: plan.writer } }));
}

function segmentReady(state: WalState, height: number, writer: LogWriter | undefined): Step<WalState> {
  const message: SegmentMessage = { type: 'segment', height, writer };
  return {
    state: revised(state, { height, durable: writer?.sequence ?? 0, fileLife: writer?.life ?? -1 }),
    effects: [{ type: 'tell', to: 'consensus', message }],
  };
}
