/** Functions of which the roles are made. They change an own message of the liar, sign it with the liar's key, and choose its receivers. */
import { digestOf } from '../../core/digest.ts';
import type { Effect, WireData } from '../../core/effects.ts';
import { signedBytes } from '../tendermint/codec.ts';
import type { Proposal, TendermintMessage, Vote } from '../tendermint/types.ts';

/** What a role knows about its node. `sign` uses the liar's own key; it has no other. */
export interface LiarSetup {
  readonly name: string;
  readonly peers: readonly string[];
  /** Peers without consensus. They get no votes, and only a lie of value sync reaches them. */
  readonly syncOnlyPeers?: readonly string[];
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  /** Bytes that look like frames of a log, for a value that contains them. */
  readonly frames: Uint8Array;
}

export type Transmit = Effect & { readonly type: 'transmit' };

export function signed<Said extends Vote | Proposal>(message: Said, change: Partial<Said>, { sign }: LiarSetup): Said {
  const lie = { ...message, ...change };
  return { ...lie, signature: sign(signedBytes(lie as TendermintMessage)) };
}

/** Sends the message to the first half of the peers, and the lie to the second. */
export function toHalves(effect: Transmit, lie: WireData, { peers }: LiarSetup): readonly Transmit[] {
  const middle = Math.ceil(peers.length / 2);
  return [
    { ...effect, to: effect.to.filter((peer) => peers.indexOf(peer) < middle) },
    { ...effect, to: effect.to.filter((peer) => peers.indexOf(peer) >= middle), data: lie },
  ];
}

/** Sends the message, and more messages to the same peers. */
export function andAlso(effect: Transmit, ...more: readonly WireData[]): readonly Transmit[] {
  return [effect, ...more.map((data) => ({ ...effect, data }))];
}

/** A value that differs from this one. The application accepts it. */
export function otherValue(value: string | null): string {
  return `lie-${digestOf(value).toString(16)}`;
}

/** A signed proposal of another value, with its bytes. A vote is returned unchanged. */
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
