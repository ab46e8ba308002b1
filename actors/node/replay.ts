/**
 * Replay: the logged inputs are applied with the same step function. Outputs are noted and not executed.
 *
 * The own messages that replay derives must equal the logged ones, in order and by their signed bytes. Only after the last frame may more be derived. Logged
 * signatures are reused, so that nothing is signed twice. A mismatch stops the node.
 */

import type { Step } from '../../core/effects.ts';
import { withMessage, withoutTimer, withRequest, withTimer } from './ledger.ts';
import type { ReplayFrameMessage } from './messages.ts';
import type { ProtocolMessage, ProtocolOutput } from './protocol-types.ts';
import {
  append,
  applied,
  type Draft,
  draftOf,
  type Feed,
  feedAll,
  finished,
  firstInput,
  noteDecision,
  noteSaid,
  pass,
  publish,
  type WriteAheadSetup,
  type WriteAheadState,
} from './write-ahead.ts';

export function replayFrame(
  setup: WriteAheadSetup,
  state: WriteAheadState,
  { kind, sequence, payload }: ReplayFrameMessage,
): Step<WriteAheadState> {
  const { definition } = setup;
  const diverged = (what: string): Step<WriteAheadState> => ({
    state,
    effects: [{ type: 'stop', reason: `replay divergence at frame ${sequence}: ${what}`, code: 'REPLAY_DIVERGENCE' }],
  });
  if (kind === 'decided') {
    const owed = state.owedDecision;
    if (owed === undefined) return diverged('the log holds a decision that replay does not derive');
    if (!sameBytes(definition.encodeDecision(owed.decision), payload))
      return diverged('the logged decision is another than the derived one');
    return { state: { ...state, replayed: state.replayed + 1, owedDecision: undefined, decided: owed }, effects: [] };
  }
  const input = definition.decode(payload);
  if (kind === 'start') {
    const expected = definition.encode(firstInput(setup, state.position?.height ?? 0, state.previous));
    if (!sameBytes(expected, payload)) {
      const reason = `this height's log began under another configuration (frame ${sequence}); start the node with the validators, proposers, timeouts, code version and signature scheme it was logged with`;
      return { state, effects: [{ type: 'stop', reason, code: 'OTHER_CONFIGURATION' }] };
    }
  }
  const draft = draftOf(setup, state);
  let { owed } = state;
  if (kind === 'own') {
    if (owed.length === 0) return diverged('the log holds an own message that replay does not derive');
    const second = definition.secondSignatureOf?.(input);
    const isLogged = (message: ProtocolMessage): boolean =>
      sameBytes(definition.encode(definition.asInput(message, definition.signatureOf(input), second)), payload);
    const place = owed.findIndex(isLogged);
    // Own messages before this one that were never logged were refused by a signer with a file.
    if (place < 0 || (place > 0 && setup.guard === undefined))
      return diverged('the logged own message is another than the derived one');
    owed = owed.slice(place + 1);
    noteSaid(draft, input);
  }
  let { owedDecision } = state;
  for (const output of applied(draft, input)) {
    if (output.type === 'say') owed = [...owed, output.message];
    else if (output.type === 'finish') owedDecision = { decision: output.decision };
    else note(draft, output);
  }
  const { inner, ledger, lastSigned } = draft;
  const position = definition.position(inner);
  const replayed = state.replayed + 1;
  return { state: { ...state, inner, ledger, lastSigned, owed, owedDecision, position, replayed }, effects: [] };
}

/** Notes an output of replay in the ledger. Nothing is executed. */
function note(draft: Draft, output: ProtocolOutput): void {
  switch (output.type) {
    case 'setTimer':
      draft.ledger = withTimer(draft.ledger, output.timer, output.delay);
      break;
    case 'cancelTimer':
      draft.ledger = withoutTimer(draft.ledger, output.timer);
      break;
    case 'ask':
      draft.ledger = withRequest(draft.ledger, output.key, output.request);
      break;
    case 'announce':
      draft.ledger = withMessage(draft.ledger, output.data);
      break;
    default:
      break;
  }
}

/**
 * Ends the replay, after the last frame and before any input from outside. Own messages are sent again, oldest first. Messages that replay derived
 * and the log lacks are appended to it. Armed timers are set with their whole delay, and open requests are sent again.
 */
export function endReplay(setup: WriteAheadSetup, state: WriteAheadState): Step<WriteAheadState> {
  const draft = draftOf(setup, state);
  for (const data of state.ledger.messages) publish(draft, data);
  for (const { timer, delay } of state.ledger.timers) draft.effects.push({ type: 'timer.set', timer, delay });
  for (const { request } of state.ledger.requests) draft.effects.push({ type: 'host.ask', request });
  const { height } = setup.definition.position(draft.inner);
  if (state.owedDecision !== undefined) {
    append(draft, 'decided', setup.definition.encodeDecision(state.owedDecision.decision));
  }
  const frames = state.replayed;
  const detail = { height, frames, ...setup.definition.summary(draft.inner) };
  draft.effects.unshift({ type: 'observe', event: 'replay.end', detail });
  const decision = state.owedDecision ?? state.decided;
  if (decision !== undefined) {
    noteDecision(draft, decision.decision);
    pass(draft, { type: 'decide', decision: decision.decision, height });
  }
  feedAll(
    draft,
    state.owed.map((message): Feed => ({ type: 'own', message })),
  );
  return finished(draft, { ...state, mode: 'running', owed: [], owedDecision: undefined, decided: undefined });
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
