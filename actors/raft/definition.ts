/** Raft as a `NodeDefinition`: what is signed, and the encodings. The rules of Raft are in step.ts, and which inputs are logged is in admission.ts. */

import type { WireData } from '../../core/effects.ts';
import { type NodeDefinition, PayloadError, type Verify } from '../node/definition.ts';
import { admit } from './admission.ts';
import { newMachine } from './machine.ts';
import { step } from './step.ts';
import type { Ack, Checkpoint, RaftConfig, RaftInput, RaftMessage, RaftOptions, RaftState, Vote } from './types.ts';

const kinds = [
  'start',
  'election',
  'heartbeat',
  'compact',
  'vote',
  'append',
  'snapshot',
  'ack',
  'refusal',
  'command',
  'preVote',
  'preVoteAnswer',
];

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
    case 'snapshot':
      return input.leader === from ? input : undefined;
    case 'preVote':
      return input.candidate === from ? input : undefined;
    case 'preVoteAnswer':
      return input.voter === from ? input : undefined;
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

/** The first frame of a segment says with which options it was logged. */
function optionsOf({ snapshotEvery, preVote, members, changes }: RaftConfig): RaftOptions {
  return {
    ...(snapshotEvery === undefined ? {} : { snapshotEvery }),
    ...(preVote === undefined ? {} : { preVote }),
    ...(changes === undefined ? {} : { members, changes }),
  };
}

/** Raft as a protocol of a node: elections by terms, a log of commands, a commit index, snapshots, and changes of members. */
export const raft: NodeDefinition<RaftConfig, RaftState, RaftInput, RaftMessage> = {
  name: 'raft',
  start: (config) => ({
    config,
    term: 0,
    role: 'follower',
    votedFor: undefined,
    leader: undefined,
    snapshot: { lastIndex: 0, lastTerm: 0, machine: newMachine },
    log: [],
    commit: 0,
    votes: [],
    match: {},
    next: {},
    acked: undefined,
    machine: newMachine,
    segment: 1,
    isCompacting: false,
  }),
  follower: (config) => config,
  begin: (config) => ({ type: 'start', ...optionsOf(config) }),
  resume: (config, checkpoint) => ({ type: 'start', ...optionsOf(config), checkpoint: checkpoint as Checkpoint }),
  step,
  // Raft has no heights. A snapshot ends a segment of the log, and its number is in the place of a height. Its rounds are terms.
  position: ({ term, segment }) => ({ height: segment, round: term }),
  admit,
  elapsed: (timer) => ({ type: timer === 'heartbeat' || timer === 'compact' ? timer : 'election' }),
  timerOf: ({ type }) => (type === 'heartbeat' || type === 'election' || type === 'compact' ? type : undefined),
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
  summary: ({ votedFor, log, machine, config }) => ({
    votes: votedFor === undefined ? 0 : 1,
    entries: log.length,
    ...(config.snapshotEvery === undefined ? {} : { applied: machine.applied }),
  }),
};

/** Whether this data was signed by this node. */
export function isOwnMessage(data: WireData, node: string): boolean {
  const input = data as RaftInput;
  return input.type === 'vote' ? input.voter === node : input.type === 'ack' && input.follower === node;
}
