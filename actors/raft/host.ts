/** The application of a Raft node in simulations. It answers each request with another command. */
import type { Application } from '../node/definition.ts';
import type { RaftInput } from './types.ts';

/** An application for Raft: it answers each request with one command, and executes commands without any effect. */
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
