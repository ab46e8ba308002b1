/** The application of the simulations. It proposes a different value for each request, and chains a digest over the decisions. */
import { digestOf } from '../../core/digest.ts';
import type { Application } from '../node/definition.ts';
import type { CommitCertificate, Decision, TendermintInput } from './types.ts';

/** The state of the application: the number of executed decisions, and a digest chained over them. */
export interface Chain {
  readonly height: number;
  readonly digest: number;
  /** The time of the newest block (ms), if blocks have times (block-time.ts). */
  readonly time?: number;
}

/**
 * An application that proposes a different value for each request, as a mempool does. `valueBytes`: the size of a value. With `carriesState` each value names the
 * state on which it was made, like the application hash in a block of CometBFT. On another state it is invalid, and a decision for it is refused.
 */
export function chainApplication(valueBytes: number, carriesState = false): Application<Chain, TendermintInput> {
  const chain = plainChain(valueBytes, carriesState);
  if (!carriesState) return chain;
  return {
    ...chain,
    answersFromState: true,
    judge: (state, input) => {
      const judged = chain.judge(state, input);
      if (judged?.type !== 'proposal' || madeOn(state, judged) !== 'another state') return judged;
      return { ...judged, validity: false };
    },
    refusal: (state, decision) => {
      const { height, value } = decision as Decision;
      if (madeOn(state, { height, value }) !== 'another state') return undefined;
      return `the value ${value} of height ${height} was made on another state than that of this node's application after height ${state.height} (${stateText(state)}): it has executed otherwise than the others, and must not go on`;
    },
  };
}

function stateText({ digest }: Chain): string {
  return digest.toString(16).padStart(8, '0');
}

/** Whether a value was made on this state. Unknown if the value names no state, or if it is not for the next height. */
function madeOn(state: Chain, { height, value }: { readonly height: number; readonly value: string }): string {
  const [, carried] = /~([0-9a-f]{8})$/.exec(value) ?? [];
  if (carried === undefined || height !== state.height + 1) return 'unknown';
  return carried === stateText(state) ? 'this state' : 'another state';
}

/** The same application with a fault: it computes another state. `node` makes this state different from that of every other node. */
export function executingOtherwise(
  application: Application<Chain, TendermintInput>,
  node: string,
): Application<Chain, TendermintInput> {
  return {
    ...application,
    execute: (state, decision) => {
      const next = application.execute(state, decision);
      return { ...next, digest: digestOf([next.digest, node]) };
    },
  };
}

function plainChain(valueBytes: number, carriesState: boolean): Application<Chain, TendermintInput> {
  return {
    start: () => ({ height: 0, digest: 0 }),
    answer: (chain, request, nonce) => {
      const { height, round } = request as { readonly height: number; readonly round: number };
      const value = `v${height}.${round}-${nonce}${carriesState ? `~${stateText(chain)}` : ''}`;
      const data = new Uint8Array(Math.max(valueBytes, value.length));
      for (let i = 0; i < data.length; i += 1) data[i] = value.charCodeAt(i % value.length);
      return { type: 'value', height, round, value, data };
    },
    judge: (_chain, input) => {
      if (input.type === 'proposal')
        return { ...input, validity: !input.value.startsWith('invalid') && isOf(input.value, input.data) };
      if (input.type === 'synced') return { ...input, decisions: input.decisions.map(withoutFalseData) };
      return input.type === 'commitCertificate' ? withoutFalseData(input) : input;
    },
    execute: ({ digest }, decision) => {
      const { height, value } = decision as Decision;
      return { height, digest: digestOf([digest, height, value]) };
    },
    digest: ({ digest }) => digest,
  };
}

/** Whether the bytes belong to the id. Here the id is repeated in the bytes; in a real chain it would be their hash. */
function isOf(value: string, data: Uint8Array): boolean {
  return data.length >= value.length && data.every((byte, at) => byte === (value.charCodeAt(at % value.length) & 255));
}

/** Drops the bytes if they do not belong to the certified id. */
function withoutFalseData(certificate: CommitCertificate): CommitCertificate {
  const { data, ...certified } = certificate;
  return data === undefined || isOf(certificate.value, data) ? certificate : certified;
}
