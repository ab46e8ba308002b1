/** Raft as a `NodeDefinition`: which inputs are logged, what is signed, and the encodings. The rules of Raft are in step.ts. */

import type { WireData } from '../../core/effects.ts';
import { own } from '../../core/own.ts';
import { type Admission, type NodeDefinition, PayloadError, type Verify } from '../node/definition.ts';
import { agrees, step } from './step.ts';
import type { Ack, Append, RaftConfig, RaftInput, RaftMessage, RaftState, Vote } from './types.ts';

const kinds = ['start', 'election', 'heartbeat', 'vote', 'append', 'ack', 'refusal', 'command'];

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const signatureOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function decode(bytes: Uint8Array): RaftInput {
  let input: RaftInput | undefined;
  try {
    input = JSON.parse(new TextDecoder().decode(bytes)) as RaftInput;
  } catch {
    // The check below throws a `PayloadError` for this case too.
  }
  if (typeof input !== 'object' || input === null || !kinds.includes(input.type)) throw new PayloadError('not an input of Raft');
  return input;
}

/** Inputs that change the state are logged. Others, such as heartbeats and late refusals, pass or are dropped. */
function admit(state: RaftState, input: RaftInput): Admission {
  const { self } = state.config;
  switch (input.type) {
    case 'election':
      return state.role === 'leader' ? 'drop' : 'log';
    case 'heartbeat':
      return state.role === 'leader' ? 'pass' : 'drop';
    case 'vote':
      return isNewVote(state, input) ? 'log' : 'drop';
    case 'append':
      if (input.to !== self) return 'drop';
      return input.term >= state.term && isNewAppend(state, input) ? 'log' : 'pass';
    case 'ack':
      return state.role === 'leader' && input.term === state.term && input.match > (own(state.match, input.follower) ?? 0)
        ? 'log'
        : 'drop';
    case 'refusal': {
      if (input.to !== self || input.term < state.term) return 'drop';
      // A late refusal must not lower an index that was acknowledged since.
      const isNews =
        input.hint + 1 < (own(state.next, input.follower) ?? 0) && input.hint >= (own(state.match, input.follower) ?? 0);
      return input.term > state.term || (state.role === 'leader' && isNews) ? 'log' : 'drop';
    }
    default:
      return 'log';
  }
}

function isNewVote(state: RaftState, { term, voter, candidate }: Vote): boolean {
  if (voter === state.config.self || term < state.term) return false;
  if (candidate === state.config.self) return term === state.term && state.role === 'candidate' && !state.votes.includes(voter);
  return voter === candidate && (term > state.term || state.votedFor === undefined);
}

function isNewAppend(state: RaftState, input: Append): boolean {
  if (input.term > state.term || state.role !== 'follower' || state.leader !== input.leader) return true;
  if (!agrees(state, input)) return false;
  const match = input.previousIndex + (input.entry === undefined ? 0 : 1);
  if (input.entry !== undefined && state.log[input.previousIndex]?.term !== input.entry.term) return true;
  return Math.min(input.commit, match) > state.commit || state.acked?.term !== state.term || state.acked.match < match;
}

function receive(data: WireData, from: string, verify: Verify): RaftInput | undefined {
  const input = data as RaftInput;
  switch (input.type) {
    case 'vote':
    case 'ack': {
      const { signature, ...message } = input;
      const author = input.type === 'vote' ? input.voter : input.follower;
      return author === from && verify(author, toSign(message), signatureOf(signature)) ? input : undefined;
    }
    case 'append':
      return input.leader === from ? input : undefined;
    case 'refusal':
      return input.follower === from ? input : undefined;
    default:
      return undefined;
  }
}

function toSign(message: RaftMessage): Uint8Array {
  return bytesOf(
    message.type === 'vote'
      ? ['vote', message.term, message.voter, message.candidate, message.lastIndex, message.lastTerm]
      : ['ack', message.term, message.follower, message.match],
  );
}

/** Raft as a protocol of a node: elections by terms, a log of commands, and a commit index. */
export const raft: NodeDefinition<RaftConfig, RaftState, RaftInput, RaftMessage> = {
  name: 'raft',
  start: (config) => ({
    config,
    term: 0,
    role: 'follower',
    votedFor: undefined,
    leader: undefined,
    log: [],
    commit: 0,
    votes: [],
    match: {},
    next: {},
    acked: undefined,
  }),
  follower: (config) => config,
  begin: () => ({ type: 'start' }),
  step,
  // Raft has no heights, so its log is one segment. Its rounds are terms.
  position: ({ term }) => ({ height: 1, round: term }),
  admit,
  elapsed: (timer) => ({ type: timer === 'heartbeat' ? 'heartbeat' : 'election' }),
  timerOf: ({ type }) => (type === 'heartbeat' || type === 'election' ? type : undefined),
  answers: (input) => (input.type === 'command' ? input.key : undefined),
  receive,
  needsJudgement: () => false,
  toSign,
  asInput: (message, signature) => ({ ...message, signature: textOf(signature) }),
  signatureOf: (input) => signatureOf((input as Vote | Ack).signature),
  asWire: (input) => input,
  signedKind: ({ type }) => (type === 'vote' ? 1 : 2),
  encode: bytesOf,
  decode,
  encodeDecision: bytesOf,
  decodeDecision: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
  proves: () => false,
  isQuorum: () => false,
  leftOut: [],
  summary: ({ votedFor, log }) => ({ votes: votedFor === undefined ? 0 : 1, entries: log.length }),
};

/** Whether this data was signed by this node. */
export function isOwnMessage(data: WireData, node: string): boolean {
  const input = data as RaftInput;
  return input.type === 'vote' ? input.voter === node : input.type === 'ack' && input.follower === node;
}
