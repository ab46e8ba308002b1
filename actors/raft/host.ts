/** The application of a Raft node in simulations. */
import type { Application } from '../node/definition.ts';
import type { RaftInput } from './types.ts';

/** Answers each request with one command, the number that the request came with. Executing a command changes nothing. */
export const commandSource: Application<number, RaftInput> = {
  start: () => 0,
  answer: (_state, request, nonce) => {
    const { term, index } = request as { readonly term: number; readonly index: number };
    return { type: 'command', key: `command/${term}/${index}`, command: nonce };
  },
  judge: (_state, input) => input,
  execute: (state) => state,
  digest: (state) => state,
};
