/** A door of a node to give messages to. Signatures are those of named keys, so that a test can play any node. */
import { type NetworkMessage, type NetworkSetup, type NetworkState, networkActor } from '../../../actors/node/network.ts';
import type { ProtocolDefinition } from '../../../actors/node/protocol-types.ts';
import { keyedHashSigner } from '../../../actors/node/signing.ts';
import type { Effect, Step, WireData } from '../../../core/effects.ts';
import { scriptedDefinition } from './scripted-protocol.ts';

const signers = new Map(['A', 'B', 'C', 'D'].map((name) => [name, keyedHashSigner(name, 9)]));
export const signed = (name: string, bytes: Uint8Array): Uint8Array => signers.get(name)?.sign(bytes) ?? new Uint8Array();

/** Refuses `bad`, throws at `broken`, and has the host judge `proposal`. Two answers are a quorum. */
const definition: ProtocolDefinition = {
  ...scriptedDefinition,
  receive: (data) => {
    if (data.type === 'broken') throw new Error('not understood');
    return data.type === 'bad' ? undefined : (data as never);
  },
  needsJudgement: (input) => (input as unknown as WireData).type === 'proposal',
  isQuorum: (names) => names.length >= 2,
  proves: (decision, height) => decision === `decision of ${height}`,
};

export const meshed: NetworkSetup = {
  name: 'A',
  definition,
  signer: keyedHashSigner('A', 9),
  peers: ['B', 'C', 'D'],
  statusMs: 400,
  relays: false,
};
export const ring: NetworkSetup = { ...meshed, peers: ['B', 'C'], relays: true };

type Given = readonly [message: NetworkMessage | WireData, from: string];

export class Door {
  readonly #setup: NetworkSetup;
  state: NetworkState;

  constructor(setup: NetworkSetup, life = 4) {
    this.#setup = setup;
    this.state = networkActor(setup).start(life) as NetworkState;
  }

  /** The effects of a message; the state before it is frozen. */
  gets(...[message, from]: Given): readonly Effect[] {
    Object.freeze(this.state.passed);
    const receive = networkActor(this.#setup).receive as (state: unknown, message: unknown, from: string) => Step<NetworkState>;
    const { state, effects } = receive(Object.freeze(this.state), message, from);
    this.state = state;
    return effects;
  }
}

/** A door that is open, at height 0 in the store. */
export function opened(setup: NetworkSetup = meshed, mustAsk = false): Door {
  const door = new Door(setup);
  door.gets({ type: 'open', storedHeight: 0, mustAsk } as NetworkMessage, 'supervisor');
  return door;
}

export const vote = (height: number, id = 1): WireData => ({ type: 'vote', height, id }) as WireData;
export const transmits = (effects: readonly Effect[]): readonly (Effect & { readonly type: 'transmit' })[] =>
  effects.filter((effect) => effect.type === 'transmit');
export const tells = (effects: readonly Effect[]): readonly unknown[] =>
  effects.flatMap((effect) => (effect.type === 'tell' ? [[effect.to, effect.message]] : []));
export const timer: Effect = { type: 'timer.set', timer: 'status', delay: 400 };
