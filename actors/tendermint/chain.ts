/** The application of the simulations: it proposes a different value each time it is asked, and chains a digest over what was decided. */
import { digestOf } from '../../core/digest.ts';
import type { Application } from '../node/definition.ts';
import type { CommitCertificate, Decision, TendermintInput } from './types.ts';

/** What the application has executed: how many decisions, and a digest chained over them. */
export interface Chain {
  readonly height: number;
  readonly digest: number;
}

/** An application that proposes a different value each time it is asked, as a mempool does. `valueBytes`: the size of a value. */
export function chainApplication(valueBytes: number): Application<Chain, TendermintInput> {
  return {
    start: () => ({ height: 0, digest: 0 }),
    answer: (_chain, request, nonce) => {
      const { height, round } = request as { readonly height: number; readonly round: number };
      const value = `v${height}.${round}-${nonce}`;
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

/** Whether the bytes are those that the id names. The id repeats in them; elsewhere it would be their hash. */
function isOf(value: string, data: Uint8Array): boolean {
  return data.length >= value.length && data.every((byte, at) => byte === (value.charCodeAt(at % value.length) & 255));
}

/** What is certified is the id: bytes that do not belong to it are dropped. */
function withoutFalseData(certificate: CommitCertificate): CommitCertificate {
  const { data, ...certified } = certificate;
  return data === undefined || isOf(certificate.value, data) ? certificate : certified;
}
