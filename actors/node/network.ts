/**
 * The network actor. It checks all signatures of received messages, also those in certificates, before other actors see them. It sends the node's messages to
 * its peers. At intervals it also sends a status, which names the newest height that is durable in the store.
 */

import { digestOf } from '../../core/digest.ts';
import type { Effect, Message, Step, WireData } from '../../core/effects.ts';
import type { ActorSpec, TimerMessage } from '../scheduler/index.ts';
import {
  answerBytes,
  type HeightAnswer,
  type HeightRequest,
  type Inquiry,
  nothingAsked,
  requestBytes,
  withAnswer,
} from './abstention.ts';
import type {
  AbstainUntilMessage,
  HeightToldMessage,
  InputMessage,
  JudgeMessage,
  PublishMessage,
  ServeMessage,
  StoredMessage,
  TellHeightMessage,
} from './messages.ts';
import type { ProtocolDefinition } from './protocol-types.ts';
import type { Signer } from './signing.ts';
import { intervalAt, type StatusSetup, setRelayTimer, setTimers, statuses } from './status.ts';

export interface NetworkState {
  /** The node's life. It identifies the node's questions to peers. */
  readonly life: number;
  readonly storedHeight: number;
  readonly isOpen: boolean;
  /** Set while the node asks its peers for their heights. */
  readonly inquiry: Inquiry | undefined;
  /** Digests of recently forwarded messages, oldest first. They are not forwarded again. */
  readonly passed: readonly number[];
}

export interface NetworkSetup extends StatusSetup {
  readonly name: string;
  readonly definition: ProtocolDefinition;
  readonly signer: Signer;
  /** Consensus is switched off: the node takes from its peers only what value sync needs, and forwards nothing. */
  readonly isSyncOnly?: boolean;
  /** Peers whose consensus is switched off. They get no messages of consensus. */
  readonly syncOnlyPeers?: readonly string[];
}

interface SyncRequest extends WireData {
  readonly type: 'sync.request';
  readonly height: number;
  readonly count: number;
}

interface OpenMessage extends Message {
  readonly type: 'open';
  readonly storedHeight: number;
  /** Whether the node has lost its log and must ask its peers for their heights. */
  readonly mustAsk: boolean;
}

export type NetworkMessage = OpenMessage | PublishMessage | StoredMessage | TimerMessage | WireData;

/** The most blocks in one answer to a peer. */
const maxServed = 16;

export function networkActor(setup: NetworkSetup): ActorSpec {
  return {
    name: 'network',
    start: (life): NetworkState => ({ life, storedHeight: 0, isOpen: false, inquiry: undefined, passed: [] }),
    receive: (state: NetworkState, message: NetworkMessage, from: string): Step<NetworkState> =>
      receive(setup, state, message, from),
  };
}

function receive(setup: NetworkSetup, state: NetworkState, message: NetworkMessage, from: string): Step<NetworkState> {
  // A message from a name in `peers` came over the network. All other senders are actors of this node.
  if (setup.peers.includes(from)) {
    if (!state.isOpen) return { state, effects: [] };
    if (setup.isSyncOnly === true && !ofValueSync.includes(message.type)) return { state, effects: [] };
    if (message.type === 'height.answer') return heightAnswer(setup, state, message as HeightAnswer, from);
    return setup.relays
      ? relayed(setup, state, message as WireData, from)
      : { state, effects: fromPeer(setup, message as WireData, from) };
  }
  switch (message.type) {
    case 'publish': {
      const { site, to, data } = message as PublishMessage;
      // The message may come back over a ring; it must not be forwarded again then.
      if (setup.relays && site === 'publish')
        return {
          state: { ...state, passed: remember(state.passed, digestOf(data)) },
          effects: [{ type: 'transmit', site, to: to === 'all' ? audienceOf(setup) : to, data }],
        };
      return { state, effects: [{ type: 'transmit', site, to: to === 'all' ? audienceOf(setup) : to, data }] };
    }
    case 'open': {
      const { storedHeight, mustAsk } = message as OpenMessage;
      // It was opened before a delayed replay.
      if (state.isOpen) return { state, effects: [] };
      const inquiry = mustAsk ? nothingAsked : undefined;
      return {
        state: { ...state, storedHeight, isOpen: true, inquiry },
        effects: [...asking(setup, { ...state, inquiry }), ...setTimers(setup, storedHeight)],
      };
    }
    case 'height.told':
      return tellHeight(setup, state, message as HeightToldMessage);
    case 'stored': {
      const storedHeight = Math.max(state.storedHeight, (message as StoredMessage).height);
      if (!state.isOpen) return { state: { ...state, storedHeight }, effects: [] };
      const effects = setup.statusOnDecision === true ? statuses(setup, storedHeight) : [];
      const isChanged = intervalAt(setup, storedHeight) !== intervalAt(setup, state.storedHeight);
      return {
        state: { ...state, storedHeight },
        effects: isChanged ? [...effects, ...setTimers(setup, storedHeight)] : effects,
      };
    }
    case 'timer': {
      // A message that is repeated later is forwarded again, because a neighbour may have been down.
      const forgot = { ...state, passed: [] };
      if ((message as TimerMessage).timer === 'relay')
        return { state: forgot, effects: setRelayTimer(setup, state.storedHeight) };
      const again = [...asking(setup, state), ...setTimers(setup, state.storedHeight)];
      return { state: forgot, effects: [...statuses(setup, state.storedHeight), ...again] };
    }
    default:
      return { state, effects: [] };
  }
}

/** The types of messages that are for one neighbour only. They are not forwarded. */
const direct: readonly string[] = ['status', 'sync.request', 'sync.response'];
/** All that a node without consensus takes. It serves its blocks, and answers a peer that has lost its log. */
const ofValueSync: readonly string[] = [...direct, 'height.request'];

/** The peers that get messages of consensus. */
function audienceOf({ peers, syncOnlyPeers }: NetworkSetup): readonly string[] {
  return syncOnlyPeers === undefined ? peers : peers.filter((peer) => !syncOnlyPeers.includes(peer));
}

const remembered = 512;

/** Forwards a message of another node once, to every neighbour except the one from which it came. */
function relayed(setup: NetworkSetup, state: NetworkState, data: WireData, from: string): Step<NetworkState> {
  if (direct.includes(data.type)) return { state, effects: fromPeer(setup, data, from) };
  const digest = digestOf(data);
  if (state.passed.includes(digest)) return { state, effects: [] };
  const effects = fromPeer(setup, data, from);
  // A message that is refused here would be refused elsewhere. A message of a height that is stored here is not passed on either. Otherwise
  // a message that takes longer round a ring than this node remembers it would circulate for ever.
  const { height } = data as { readonly height?: unknown };
  if (effects.length === 0 || (typeof height === 'number' && height <= state.storedHeight)) return { state, effects };
  return { state: { ...state, passed: remember(state.passed, digest) }, effects: [...effects, ...passOn(setup, data, from)] };
}

function passOn(setup: NetworkSetup, data: WireData, from: string): readonly Effect[] {
  const to = audienceOf(setup).filter((peer) => peer !== from);
  return to.length === 0 ? [] : [{ type: 'transmit', site: 'relay', to, data }];
}

function remember(passed: readonly number[], digest: number): readonly number[] {
  return passed.includes(digest) ? passed : [...passed.slice(1 - remembered), digest];
}

/** Asks for heights again, with each status: the peers that have not answered, or all neighbours if they forward the question. */
function asking({ peers, name, relays, signer }: NetworkSetup, { inquiry, life }: NetworkState): readonly Effect[] {
  if (inquiry === undefined) return [];
  const to = relays ? peers : peers.filter((peer) => !inquiry.answered.includes(peer));
  const asked = { asker: name, inquiry: life };
  const signature = signer.sign(requestBytes(asked));
  const data: HeightRequest = { type: 'height.request', ...asked, signature };
  return to.length === 0 ? [] : [{ type: 'transmit', site: 'send', to, data }];
}

/** Sends this node's signed answer to the peer that asked, or to all neighbours if they forward it. */
function tellHeight(
  { name, signer, relays, peers }: NetworkSetup,
  state: NetworkState,
  { to, inquiry, height, proof }: HeightToldMessage,
): Step<NetworkState> {
  const told = { type: 'height.answer', asker: to, inquiry, answerer: name, height, proof } as const;
  const data: HeightAnswer = { ...told, signature: signer.sign(answerBytes(told)) };
  if (!relays) return { state, effects: [{ type: 'transmit', site: 'send', to: [to], data }] };
  const passed = remember(state.passed, digestOf(data));
  return { state: { ...state, passed }, effects: [{ type: 'transmit', site: 'send', to: peers, data }] };
}

function heightAnswer(setup: NetworkSetup, state: NetworkState, answer: HeightAnswer, from: string): Step<NetworkState> {
  const { asker, answerer, signature } = answer;
  // What arrives may be anything.
  if (typeof answerer !== 'string' || !(signature instanceof Uint8Array)) return { state, effects: [] };
  if (!setup.signer.verify(answerer, answerBytes(answer), signature)) return { state, effects: [] };
  if (asker === setup.name) return answered(setup, state, answer);
  const digest = digestOf(answer);
  if (!setup.relays || state.passed.includes(digest)) return { state, effects: [] };
  return { state: { ...state, passed: remember(state.passed, digest) }, effects: passOn(setup, answer, from) };
}

function answered({ definition, signer, name }: NetworkSetup, state: NetworkState, answer: HeightAnswer): Step<NetworkState> {
  const isMine = answer.inquiry === state.life && answer.answerer !== name;
  if (state.inquiry === undefined || !isMine) return { state, effects: [] };
  const before = state.inquiry;
  const inquiry = legible(() => withAnswer(before, answer, definition, signer.verify)) ?? before;
  if (!definition.isQuorum(inquiry.answered, inquiry.highest)) return { state: { ...state, inquiry }, effects: [] };
  const message: AbstainUntilMessage = { type: 'abstain.until', until: inquiry.highest + 1 };
  return { state: { ...state, inquiry: undefined }, effects: [{ type: 'tell', to: 'wal', message }] };
}

/** Reads data that a liar may have sent. Undefined if it cannot be read. */
function legible<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function isAsked({ name, relays, signer }: NetworkSetup, { asker, inquiry, signature }: HeightRequest, from: string): boolean {
  if (typeof asker !== 'string' || asker === name || !Number.isSafeInteger(inquiry)) return false;
  if (!(signature instanceof Uint8Array) || (!relays && asker !== from)) return false;
  return signer.verify(asker, requestBytes({ asker, inquiry }), signature);
}

function fromPeer(setup: NetworkSetup, data: WireData, from: string): readonly Effect[] {
  const { definition, signer } = setup;
  if (data.type === 'sync.request') {
    const { height, count } = data as SyncRequest;
    if (setup.servesNobody === true || !Number.isSafeInteger(height) || !Number.isSafeInteger(count)) return [];
    const message: ServeMessage = { type: 'serve', to: from, height, count: Math.min(count, maxServed) };
    return [{ type: 'tell', to: 'host', message }];
  }
  if (data.type === 'height.request') {
    const { asker, inquiry } = data as HeightRequest;
    if (!isAsked(setup, data as HeightRequest, from)) return [];
    const message: TellHeightMessage = { type: 'tell.height', to: asker, inquiry };
    return [{ type: 'tell', to: 'host', message }];
  }
  const input = legible(() => definition.receive(data, from, signer.verify));
  if (input === undefined) return [];
  if (definition.needsJudgement(input)) {
    const message: JudgeMessage = { type: 'judge', input };
    return [{ type: 'tell', to: 'host', message }];
  }
  const message: InputMessage = { type: 'input', input };
  return [{ type: 'tell', to: 'consensus', message }];
}
