/**
 * The consensus actor: it handles each message from the node's other actors and passes inputs to the protocol. The rules of logging before
 * acting are in write-ahead.ts.
 */

import type { DiskAnswer, Effect, Step } from '../../core/effects.ts';
import { type LogWriter, markSynced } from '../../wal/index.ts';
import type { ActorSpec, TimerMessage } from '../scheduler/index.ts';
import { decodeBlock } from './block.ts';
import { delayedStart, replayDue, withDecision } from './delayed-replay.ts';
import { closedGate, flushed, type Gate, type Opening } from './gate.ts';
import { emptyLedger } from './ledger.ts';
import type {
  AdvanceMessage,
  FlushedMessage,
  InputMessage,
  RecoveredMessage,
  ReplayDueMessage,
  ReplayEndMessage,
  ReplayFrameMessage,
  RestartHeightMessage,
  SegmentMessage,
  StoredMessage,
} from './messages.ts';
import type { ProtocolInput } from './protocol-types.ts';
import { endReplay, replayFrame } from './replay.ts';
import {
  draftOf,
  feedAll,
  finished,
  firstInput,
  type Held,
  leave,
  type WriteAheadSetup,
  type WriteAheadState,
} from './write-ahead.ts';

export type ShellMessage =
  | InputMessage
  | FlushedMessage
  | RecoveredMessage
  | ReplayFrameMessage
  | ReplayEndMessage
  | ReplayDueMessage
  | SegmentMessage
  | StoredMessage
  | RestartHeightMessage
  | TimerMessage
  | DiskAnswer;

export function consensusActor(setup: WriteAheadSetup): ActorSpec {
  // Each life begins in the same state object, so that its fingerprint is computed once.
  const waiting: WriteAheadState = {
    mode: 'waiting',
    inner: setup.definition.start(setup.config),
    position: undefined,
    ledger: emptyLedger,
    gate: closedGate(-1, 0),
    writer: undefined,
    flushing: 0,
    lastSigned: { height: 0, round: 0, kind: 0 },
    owed: [],
    owedDecision: undefined,
    decided: undefined,
    replayed: 0,
    previous: undefined,
  };
  return {
    name: 'consensus',
    start: () => waiting,
    receive: (state: WriteAheadState, message: ShellMessage): Step<WriteAheadState> => receive(setup, state, message),
  };
}

type Shell = WriteAheadState;

function receive(setup: WriteAheadSetup, state: Shell, message: ShellMessage): Step<Shell> {
  switch (message.type) {
    case 'input':
      return admit(setup, state, message.input);
    case 'timer':
      return admit(setup, state, setup.definition.elapsed(message.timer));
    case 'flushed':
      return release(state, flushed(state.gate, message.life, message.sequence), message.sequence);
    case 'stored':
      return advance(state, message.height);
    case 'restart.height':
      return restartHeight(state, message);
    case 'segment':
      return beginHeight(setup, state, message.height, message.writer);
    case 'recovered':
      return recovered(setup, state, message);
    case 'replay.frame':
      return replayFrame(setup, state, message);
    case 'replay.due':
      return replayDue(setup, state);
    case 'replay.end':
      return endReplay(setup, state);
    case 'disk.answer':
      // An append answers only when it fails. Nothing that the gate holds may leave after that.
      return stop(state, `append to the log failed: ${message.error?.message ?? 'unknown error'}`);
  }
}

/** An input from outside: dropped, passed to the protocol unlogged, or logged and applied. */
function admit(setup: WriteAheadSetup, state: Shell, input: ProtocolInput): Step<Shell> {
  if (state.mode === 'waiting' || state.mode === 'replaying') return { state, effects: [] };
  const { definition } = setup;
  const admission = definition.admit(state.inner, input);
  if (admission === 'drop' || (admission === 'log' && state.mode === 'storing')) return { state, effects: [] };
  const draft = draftOf(setup, state);
  feedAll(draft, [{ type: 'input', input, kind: admission === 'log' ? 'input' : undefined }]);
  const next = finished(draft, state);
  return state.delayed === undefined ? next : withDecision(next, state.delayed);
}

/** Begins the next height. Its first frame, `start`, says under which configuration. */
function beginHeight(setup: WriteAheadSetup, state: Shell, height: number, writer: LogWriter | undefined): Step<Shell> {
  const { definition } = setup;
  const draft = draftOf(setup, state);
  for (const { timer } of state.ledger.timers) draft.effects.push({ type: 'timer.cancel', timer });
  draft.ledger = emptyLedger;
  // A node without a writer follows: it only listens. When that changes, the protocol starts with the other configuration.
  if ((writer === undefined) !== (state.writer === undefined))
    draft.inner = definition.start(writer === undefined ? definition.follower(setup.config) : setup.config);
  draft.writer = writer;
  draft.gate = writer === undefined ? openGate() : closedGate(writer.life, writer.sequence);
  feedAll(draft, [{ type: 'input', input: firstInput(setup, height, state.previous), kind: 'start' }]);
  return finished(draft, { ...state, mode: 'running', flushing: 0 });
}

function recovered(setup: WriteAheadSetup, before: Shell, message: RecoveredMessage): Step<Shell> {
  const { height, writer, frames, signed, isDelayed, block } = message;
  const state: Shell = {
    ...before,
    ...(signed === undefined ? {} : { lastSigned: signed }),
    ...(block === undefined ? {} : { previous: { decision: setup.definition.decodeDecision(decodeBlock(block).decision) } }),
  };
  if (isDelayed === true && writer !== undefined)
    return delayedStart(setup, { ...state, gate: openGate() }, { height, frames, writer, isDecided: false });
  if (frames > 0 && writer !== undefined) {
    // Everything that was read is durable in the new file, so outputs that depend on it need no flush.
    const gate = closedGate<Held>(writer.life, writer.sequence);
    const begun: Effect = { type: 'observe', event: 'replay.begin', detail: { height, frames } };
    return { state: { ...state, mode: 'replaying', position: { height, round: 0 }, writer, gate }, effects: [begun] };
  }
  const inner = writer === undefined ? setup.definition.start(setup.definition.follower(setup.config)) : state.inner;
  return beginHeight(setup, { ...state, inner, writer, position: { height, round: 0 } }, height, writer);
}

/** Whether the node works at this height, or waits there for value sync. */
function isAt({ mode, position }: Shell, height: number): boolean {
  return (mode === 'running' || mode === 'delayed') && position?.height === height;
}

/** The block of this height is durable. Only the segment of the next height must still be created. */
function advance(state: Shell, height: number): Step<Shell> {
  if (!isAt(state, height)) return { state, effects: [] };
  const { delayed, ...rest } = state;
  const message: AdvanceMessage = { type: 'advance', height: height + 1, writer: delayed?.writer ?? state.writer };
  return { state: { ...rest, mode: 'storing' }, effects: [{ type: 'tell', to: 'wal', message }] };
}

/**
 * Begins the height anew, and keeps its log: what was signed stays signed. The state is the one that a replay of the log would give, so it stays too, and the
 * decision, which is durable there, goes to the application again. (Malachite's `RestartHeight` clears the log, and the node may then contradict itself.)
 */
function restartHeight(state: Shell, { height, decision }: RestartHeightMessage): Step<Shell> {
  if (!isAt(state, height)) return { state, effects: [] };
  return {
    state,
    effects: [
      { type: 'observe', event: 'height.restart', detail: { height } },
      { type: 'host.decide', decision, height },
    ],
  };
}

function release(state: Shell, { gate, released }: Opening<Held>, sequence: number): Step<Shell> {
  if (gate === state.gate) return { state, effects: [] };
  const writer = state.writer === undefined ? undefined : markSynced(state.writer, sequence);
  const { mode, inner, position, ledger, flushing, lastSigned, owed, owedDecision, decided, replayed, previous } = state;
  return {
    state: { mode, inner, position, ledger, gate, writer, flushing, lastSigned, owed, owedDecision, decided, replayed, previous },
    effects: released.map(leave),
  };
}

function stop(state: Shell, reason: string): Step<Shell> {
  return { state, effects: [{ type: 'stop', reason, code: 'LOG_FAILED' }] };
}

/** A gate that holds nothing, for a node without a log. Such a node signs nothing, so a later life cannot contradict it. */
function openGate(): Gate<Held> {
  return closedGate(-1, Number.MAX_SAFE_INTEGER);
}
