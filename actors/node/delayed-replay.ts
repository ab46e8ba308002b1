/**
 * A replay that waits for value sync (Malachite's `wal_replay_delay`). For some time the node has no consensus: it signs, logs and sends nothing, and only takes
 * a decision of this height from its peers. If one comes, the log of the height is not replayed, because no vote of a decided height is of use any more.
 * Otherwise the replay begins when the time is over, as without the wait. Messages of consensus that come meanwhile are dropped; peers repeat theirs.
 */
import type { Step } from '../../core/effects.ts';
import { closedGate } from './gate.ts';
import { emptyLedger } from './ledger.ts';
import type { ReplayDueMessage } from './messages.ts';
import {
  type Delayed,
  draftOf,
  feedAll,
  finished,
  type Held,
  type WriteAheadSetup,
  type WriteAheadState,
} from './write-ahead.ts';

export function delayedStart(setup: WriteAheadSetup, before: WriteAheadState, delayed: Delayed): Step<WriteAheadState> {
  const { definition, config } = setup;
  const { height } = delayed;
  const inner = definition.start(definition.syncOnly?.(config) ?? definition.follower(config));
  const state: WriteAheadState = { ...before, inner, writer: undefined, position: { height, round: 0 } };
  const draft = draftOf(setup, state);
  feedAll(draft, [{ type: 'input', input: definition.begin(config, height), kind: 'start' }]);
  const { state: next, effects } = finished(draft, { ...state, mode: 'delayed' });
  return { state: { ...next, delayed }, effects };
}

/** Keeps what recovery found, and notes whether this step has decided the height. */
export function withDecision({ state, effects }: Step<WriteAheadState>, delayed: Delayed): Step<WriteAheadState> {
  const isDecided = delayed.isDecided || effects.some(({ type }) => type === 'host.decide');
  return { state: { ...state, delayed: { ...delayed, isDecided } }, effects };
}

/** The delay is over. Nothing of the wait is kept. A node that has decided meanwhile needs no replay: its block is about to be stored. */
export function replayDue({ definition, config }: WriteAheadSetup, state: WriteAheadState): Step<WriteAheadState> {
  const { delayed, ...rest } = state;
  if (delayed === undefined || delayed.isDecided) return { state, effects: [] };
  const { height, frames, writer } = delayed;
  const gate = closedGate<Held>(writer.life, writer.sequence);
  const message: ReplayDueMessage = { type: 'replay.due' };
  return {
    state: {
      ...rest,
      mode: 'replaying',
      ledger: emptyLedger,
      inner: definition.start(config),
      position: { height, round: 0 },
      writer,
      gate,
    },
    effects: [
      { type: 'observe', event: 'replay.begin', detail: { height, frames } },
      { type: 'tell', to: 'wal', message },
    ],
  };
}
