/**
 * The host: the application of the node and its block store, a second log on the same disk with its own fsync.
 *
 * So a node can crash after a block is decided and before it is stored. The host keeps the newest blocks in memory to serve peers that lag. It never reports
 * or serves a block that is not durable yet. What the application computes is defined elsewhere, and comes with the setup.
 */

import type { DiskAnswer, Effect, Message, Step, WireData } from '../../core/effects.ts';
import { appendFrame, markSynced } from '../../wal/index.ts';
import type { ActorSpec } from '../scheduler/index.ts';
import { type Block, decodeBlock, encodeBlock } from './block.ts';
import { applicationAnswered, commit, compareWithBlocks, replayBlock } from './handshake.ts';
import { type HostSetup, type HostState, tellStored } from './host-state.ts';
import type {
  AskMessage,
  HeightToldMessage,
  InputMessage,
  JudgeMessage,
  PublishMessage,
  ReplayBlockMessage,
  RestoredMessage,
  ServeMessage,
  TellHeightMessage,
} from './messages.ts';
import { blocksFrom, newestBlock, oldestKept, withBlock } from './newest-blocks.ts';
import type { ApplicationState, ProtocolInput } from './protocol-types.ts';

interface DecideMessage extends Message {
  readonly type: 'decide';
  readonly decision: unknown;
  readonly height: number;
}

export type HostMessage =
  | RestoredMessage
  | ReplayBlockMessage
  | AskMessage
  | JudgeMessage
  | DecideMessage
  | ServeMessage
  | TellHeightMessage
  | DiskAnswer;

export function hostActor(setup: HostSetup): ActorSpec {
  return {
    name: 'host',
    start: (life): HostState => ({
      life,
      app: setup.application.start(),
      storedHeight: 0,
      store: undefined,
      blocks: [],
      pending: undefined,
      questions: 0,
      own: undefined,
    }),
    receive: (state: HostState, message: HostMessage): Step<HostState> => receive(setup, state, message),
  };
}

function receive(setup: HostSetup, state: HostState, message: HostMessage): Step<HostState> {
  const { application, name } = setup;
  switch (message.type) {
    case 'restored':
      return answerWaiting(setup, restored(setup, state, message));
    case 'replay.block':
      return replayBlock(setup, state, message);
    case 'ask': {
      if (mustWait(setup, state)) return kept(state, message);
      const nonce = `${name}${state.life === 0 ? '' : `+${state.life}`}.${state.questions + 1}`;
      const input = application.answer(state.app, message.request, nonce, () => newestDecision(setup, state), message.clock);
      return { state: { ...state, questions: state.questions + 1 }, effects: [toConsensus(input)] };
    }
    case 'judge':
      if (mustWait(setup, state) || application.isTooEarly?.(state.app, message.input) === true) return kept(state, message);
      return { state, effects: [afterJudgement(message.input, application.judge(state.app, message.input))] };
    case 'decide':
      return answerWaiting(setup, decide(setup, state, message));
    case 'serve':
      return { state, effects: serve(setup, state, message) };
    case 'tell.height':
      return { state, effects: tellHeight(setup, state, message) };
    case 'disk.answer':
      return message.site.startsWith('app.') ? applicationAnswered(setup, state, message) : onStoreAnswer(setup, state, message);
  }
}

/** A liar can send inputs of any height, so only the newest that wait are kept. Peers repeat theirs. */
const mostWaiting = 64;

/** Keeps a message until it can be answered. Questions of the node itself are never dropped: nobody would repeat them. */
function kept(state: HostState, message: AskMessage | JudgeMessage): Step<HostState> {
  const all = [...(state.waiting ?? []), message];
  const judged = all.filter(({ type }) => type === 'judge');
  const dropped = judged.length > mostWaiting ? judged[0] : undefined;
  return { state: { ...state, waiting: all.filter((one) => one !== dropped) }, effects: [] };
}

/** The log and the host start at the same time, so a request can come before the stored blocks. */
function mustWait({ application }: HostSetup, { store }: HostState): boolean {
  return application.answersFromState === true && store === undefined;
}

function answerWaiting(setup: HostSetup, { state, effects }: Step<HostState>): Step<HostState> {
  const { waiting = [], ...rest } = state;
  let next: Step<HostState> = { state: rest, effects };
  for (const message of waiting) {
    const step = receive(setup, next.state, message);
    next = { state: step.state, effects: [...next.effects, ...step.effects] };
  }
  return next;
}

function restored(setup: HostSetup, state: HostState, message: RestoredMessage): Step<HostState> {
  const { store, blocks: stored, application } = message;
  const { keepBlocks } = setup;
  const blocks = stored.map(decodeBlock).reduce((kept, block) => withBlock(kept, block, keepBlocks), state.blocks);
  const last = newestBlock(blocks);
  if (application !== undefined)
    return compareWithBlocks(setup, { ...state, store, blocks, storedHeight: last?.height ?? 0 }, application);
  if (last === undefined) return { state: { ...state, store }, effects: [] };
  return { state: { ...state, store, blocks, storedHeight: last.height, app: last.appState as ApplicationState }, effects: [] };
}

/** Executes a decision and appends its block. A decision that is stored already (it was decided again after a replay) is not executed twice. */
function decide({ definition, application }: HostSetup, state: HostState, { decision, height }: DecideMessage): Step<HostState> {
  if (height <= state.storedHeight) return { state, effects: tellStored(height) };
  if (state.store === undefined || height !== state.storedHeight + 1) {
    const reason = `asked to store height ${height} after height ${state.storedHeight}: heights are stored once, in order`;
    return { state, effects: [{ type: 'stop', reason, code: 'OUT_OF_ORDER' }] };
  }
  const refusal = application.refusal?.(state.app, decision);
  if (refusal !== undefined) return { state, effects: [{ type: 'stop', reason: refusal, code: 'APPLICATION_DIVERGED' }] };
  const app = application.execute(state.app, decision);
  const appState = state.own === undefined ? app : null;
  const block = { height, decision: definition.encodeDecision(decision), digest: application.digest(app), appState };
  const { writer, bytes } = appendFrame(state.store, 'block', encodeBlock(block));
  const { file } = state.store;
  return {
    state: { ...state, store: writer, pending: { block, app } },
    effects: [
      { type: 'disk', site: 'store.append', operation: { type: 'append', file, bytes }, tag: height },
      { type: 'disk', site: 'store.flush', operation: { type: 'sync', file }, tag: height },
    ],
  };
}

/** An append that succeeds has no answer. So an answer without an error is that of the sync, and the block is durable. */
function onStoreAnswer(setup: HostSetup, state: HostState, { error, operation }: DiskAnswer): Step<HostState> {
  if (error !== undefined) {
    const reason = `${operation.type} of the block store failed: ${error.message}`;
    return { state, effects: [{ type: 'stop', reason, code: 'STORE_FAILED' }] };
  }
  if (state.pending === undefined || state.store === undefined) return { state, effects: [] };
  const { block, app } = state.pending;
  const blocks = withBlock(state.blocks, block, setup.keepBlocks);
  const store = markSynced(state.store, state.store.sequence);
  const { life, questions, own } = state;
  const next: HostState = { life, app, storedHeight: block.height, store, blocks, pending: undefined, questions, own };
  return own === undefined ? { state: next, effects: tellStored(block.height) } : commit(setup, next, block.height);
}

/**
 * A peer that lags gets decided values with their certificates, oldest first. If the first block that it asks for is pruned, it
 * gets none, and an event says so.
 */
function serve(
  { definition, keepBlocks, servedBytes }: HostSetup,
  { blocks }: HostState,
  { to, height, count }: ServeMessage,
): readonly Effect[] {
  const oldest = oldestKept(blocks, keepBlocks);
  if (oldest !== undefined && height < oldest)
    return [{ type: 'observe', event: 'blocks.pruned', detail: { to, height, oldest } }];
  const wanted = withinBytes(blocksFrom(blocks, height, count), servedBytes);
  if (wanted.length === 0) return [];
  const data = { type: 'sync.response', blocks: wanted.map(({ decision }) => definition.decodeDecision(decision)) };
  return send(to, data);
}

/** The first blocks whose decisions together have at most `maxBytes`. At least one block, or a peer could never catch up. */
function withinBytes(blocks: readonly Block[], maxBytes = Number.POSITIVE_INFINITY): readonly Block[] {
  let bytes = 0;
  const tooFar = blocks.findIndex(({ decision }, index) => {
    bytes += decision.length;
    return index > 0 && bytes > maxBytes;
  });
  return tooFar === -1 ? blocks : blocks.slice(0, tooFar);
}

/** A peer that has lost its log learns where this node is; the newest stored decision proves it. */
function tellHeight(
  { definition }: HostSetup,
  { blocks, storedHeight }: HostState,
  { to, inquiry }: TellHeightMessage,
): readonly Effect[] {
  const proof = newestDecision({ definition }, { blocks });
  const message: HeightToldMessage = { type: 'height.told', to, inquiry, height: storedHeight + 1, proof };
  return [{ type: 'tell', to: 'network', message }];
}

function newestDecision({ definition }: Pick<HostSetup, 'definition'>, { blocks }: Pick<HostState, 'blocks'>): unknown {
  const newest = newestBlock(blocks);
  return newest === undefined ? undefined : definition.decodeDecision(newest.decision);
}

function send(to: string, data: WireData): readonly Effect[] {
  const message: PublishMessage = { type: 'publish', site: 'send', to: [to], data };
  return [{ type: 'tell', to: 'network', message }];
}

function afterJudgement(input: ProtocolInput, judged: ProtocolInput | undefined): Effect {
  return judged === undefined ? { type: 'observe', event: 'input.refused', detail: { input } } : toConsensus(judged);
}

function toConsensus(input: ProtocolInput): Effect {
  const message: InputMessage = { type: 'input', input };
  return { type: 'tell', to: 'consensus', message };
}
