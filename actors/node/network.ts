/**
 * The network actor: the node's door. What comes in is checked (signatures, those within certificates too) before anybody else
 * sees it; what goes out is sent to the peers. Status says what is durable in the store, again and again.
 */
import type { Effect, Message, Step, WireData } from '../effects.ts';
import type { ActorSpec, TimerMessage } from '../scheduler/index.ts';
import type { NodeDefinition } from './definition.ts';
import type { InputMessage, JudgeMessage, PublishMessage, ServeMessage, StoredMessage } from './messages.ts';
import type { Signer } from './signing.ts';

export interface NetworkState {
  readonly storedHeight: number;
  readonly isOpen: boolean;
}

export interface NetworkSetup<Config, State, Input, Said> {
  readonly name: string;
  readonly definition: NodeDefinition<Config, State, Input, Said>;
  readonly signer: Signer;
  readonly peers: readonly string[];
  /** Milliseconds between two statuses. */
  readonly statusMs: number;
}

/** Wire data of the door itself; all else is the protocol's. */
export interface StatusData extends WireData {
  readonly type: 'status';
  /** The newest stored height. */
  readonly height: number;
}

interface SyncRequest extends WireData {
  readonly type: 'sync.request';
  readonly height: number;
  readonly count: number;
}

interface OpenMessage extends Message {
  readonly type: 'open';
  readonly storedHeight: number;
}

export type NetworkMessage = OpenMessage | PublishMessage | StoredMessage | TimerMessage | WireData;

/** Blocks served at once, at most. */
const maxServed = 16;

export function networkActor<Config, State, Input, Said>(setup: NetworkSetup<Config, State, Input, Said>): ActorSpec {
  return {
    name: 'network',
    start: (): NetworkState => ({ storedHeight: 0, isOpen: false }),
    receive: (state: NetworkState, message: NetworkMessage, from: string): Step<NetworkState> =>
      receive(setup, state, message, from),
  };
}

function receive<Config, State, Input, Said>(
  setup: NetworkSetup<Config, State, Input, Said>,
  state: NetworkState,
  message: NetworkMessage,
  from: string,
): Step<NetworkState> {
  // Names of actors and of peers are kept apart by who can send what: only peers' names stand in `peers`.
  if (setup.peers.includes(from)) return { state, effects: state.isOpen ? fromPeer(setup, message as WireData, from) : [] };
  switch (message.type) {
    case 'publish': {
      const { site, to, data } = message as PublishMessage;
      return { state, effects: [{ type: 'transmit', site, to: to === 'all' ? setup.peers : to, data }] };
    }
    case 'open': {
      const { storedHeight } = message as OpenMessage;
      return { state: { storedHeight, isOpen: true }, effects: [setStatusTimer(setup)] };
    }
    case 'stored':
      return { state: { ...state, storedHeight: Math.max(state.storedHeight, (message as StoredMessage).height) }, effects: [] };
    case 'timer': {
      const data: StatusData = { type: 'status', height: state.storedHeight };
      return { state, effects: [{ type: 'transmit', site: 'send', to: setup.peers, data }, setStatusTimer(setup)] };
    }
    default:
      return { state, effects: [] };
  }
}

function setStatusTimer<Config, State, Input, Said>({ statusMs }: NetworkSetup<Config, State, Input, Said>): Effect {
  return { type: 'timer.set', timer: 'status', delay: statusMs };
}

function fromPeer<Config, State, Input, Said>(
  { definition, signer }: NetworkSetup<Config, State, Input, Said>,
  data: WireData,
  from: string,
): readonly Effect[] {
  if (data.type === 'sync.request') {
    const { height, count } = data as SyncRequest;
    if (!Number.isSafeInteger(height) || !Number.isSafeInteger(count)) return [];
    const message: ServeMessage = { type: 'serve', to: from, height, count: Math.min(count, maxServed) };
    return [{ type: 'tell', to: 'host', message }];
  }
  const input = definition.receive(data, from, signer.verify);
  if (input === undefined) return [];
  if (definition.needsJudgement(input)) {
    const message: JudgeMessage<Input> = { type: 'judge', input };
    return [{ type: 'tell', to: 'host', message }];
  }
  const message: InputMessage<Input> = { type: 'input', input };
  return [{ type: 'tell', to: 'consensus', message }];
}
