/** What a lie is made of: the liar's own key, its peers, and a message of its own that it changes before it leaves. */
import { digestOf } from '../../core/digest.ts';
import type { Effect, WireData } from '../../core/effects.ts';
import { signedBytes } from '../tendermint/codec.ts';
import type { Proposal, TendermintMessage, Vote } from '../tendermint/types.ts';

/** Signs as the liar itself; nobody else's key is at hand. */
export interface LiarSetup {
  readonly name: string;
  readonly peers: readonly string[];
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  /** Bytes of a log as nodes write them: a value that looks like frames. */
  readonly frames: Uint8Array;
}

export type Transmit = Effect & { readonly type: 'transmit' };

export function signed<Said extends Vote | Proposal>(message: Said, change: Partial<Said>, { sign }: LiarSetup): Said {
  const lie = { ...message, ...change };
  return { ...lie, signature: sign(signedBytes(lie as TendermintMessage)) };
}

/** The effect for the first half of the peers, and the lie for the second. */
export function toHalves(effect: Transmit, lie: WireData, { peers }: LiarSetup): readonly Transmit[] {
  const middle = Math.ceil(peers.length / 2);
  return [
    { ...effect, to: effect.to.filter((peer) => peers.indexOf(peer) < middle) },
    { ...effect, to: effect.to.filter((peer) => peers.indexOf(peer) >= middle), data: lie },
  ];
}

/** The effect, and this to all peers that get it. */
export function andAlso(effect: Transmit, ...more: readonly WireData[]): readonly Transmit[] {
  return [effect, ...more.map((data) => ({ ...effect, data }))];
}

/** Another value than the one it was asked for; never one that the application calls invalid. */
export function otherValue(value: string | null): string {
  return `lie-${digestOf(value).toString(16)}`;
}

/** A proposal of another value, with the bytes that go with it; a vote as it is. */
export function otherProposal<Said extends Vote | Proposal>(
  own: Said,
  liar: LiarSetup,
  value: string = otherValue(own.value),
): Said {
  if (own.type !== 'proposal') return own;
  return signed<Proposal>(own, { value, data: Uint8Array.from(value, (letter) => letter.charCodeAt(0)) }, liar) as Said;
}

export function otherVote(own: Vote | Proposal, liar: LiarSetup): Vote | Proposal {
  return signed(own, { value: own.value === null ? otherValue(`${own.height}.${own.round}`) : null }, liar);
}

export function told(effect: Transmit, lie: Vote | Proposal): Transmit {
  return { ...effect, data: lie };
}
