/**
 * Inputs that act without being logged, as in engines that log votes and proposals only. A restart of such an engine takes the
 * own votes it finds in its log as votes that were received; it does not ask whether replay derives them.
 */
import type { NodeParts } from '../actors/node/index.ts';
import type { NodeSpec } from '../actors/scheduler/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hasStopped, wrapActor } from './wrap.ts';

export const timeoutsUnlogged: Exhibit = {
  name: 'timeouts-unlogged',
  bug: 'Elapsed timeouts act and are not logged: after a restart the node is in an earlier step and votes again.',
  source:
    'Malachite ADR 007, Inputs: elapsed timeouts belong into the log, in their place among the others; brought by pull request 613',
  rule: 'inputs are logged before they are applied',
  expected: ['write-ahead'],
  parts: (parts) => unlogged(parts, (input) => parts.definition.timerOf(input) !== undefined),
  spec: takeOwnVotesAsReceived,
};

export const certificatesUnlogged: Exhibit = {
  name: 'certificates-unlogged',
  bug: 'Polka and commit certificates act and are not logged: after a restart the node has forgotten why it voted, and what it locked.',
  source:
    'Malachite issue 1445: commit, polka and round certificates are not in the log (polka certificates since pull request 1561)',
  rule: 'inputs are logged before they are applied',
  expected: ['write-ahead'],
  parts: (parts) => unlogged(parts, (input) => isCertificate(input)),
  spec: takeOwnVotesAsReceived,
};

export const valuesUnlogged: Exhibit = {
  name: 'values-unlogged',
  bug: "The application's answer acts and is not logged: after a restart the proposer has forgotten which value it was given.",
  source: 'Malachite issue 897: without the proposed value in the log a vote is all that tells of it after a restart',
  rule: 'inputs are logged before they are applied',
  expected: ['crash-is-pause'],
  parts: (parts) => unlogged(parts, (input) => parts.definition.answers(input) !== undefined),
  spec: takeOwnVotesAsReceived,
};

export const proposalsUnlogged: Exhibit = {
  name: 'proposals-unlogged',
  bug: 'Received proposals act and are not logged: after a restart the node knows its vote and not what it voted for.',
  source: 'Malachite issue 893: a node that has just started cannot commit what was decided, the proposal was in memory only',
  rule: 'inputs are logged before they are applied',
  expected: ['write-ahead'],
  parts: (parts) => unlogged(parts, (input) => typeOf(input) === 'proposal'),
  spec: takeOwnVotesAsReceived,
};

export const votesUnlogged: Exhibit = {
  name: 'votes-unlogged',
  bug: 'Received votes act and are not logged: after a restart the polka on which the node is locked is forgotten.',
  source:
    'paritytech/substrate pull request 12712 (review): state is saved when a round ends, so a restart in between loses the votes received',
  rule: 'inputs are logged before they are applied',
  expected: ['write-ahead'],
  parts: (parts) => unlogged(parts, (input) => typeOf(input) === 'vote'),
  spec: takeOwnVotesAsReceived,
};

function typeOf(input: unknown): unknown {
  return (input as { readonly type?: unknown }).type;
}

function isCertificate(input: unknown): boolean {
  const { type } = input as { readonly type?: unknown };
  return typeof type === 'string' && /certificate/i.test(type);
}

function unlogged<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
  isUnlogged: (input: Input) => boolean,
): NodeParts<Config, State, Input, Said, AppState> {
  const { definition } = parts;
  return {
    ...parts,
    definition: {
      ...definition,
      admit: (state, input) => {
        const admission = definition.admit(state, input);
        return admission === 'log' && isUnlogged(input) ? 'pass' : admission;
      },
    },
  };
}

function takeOwnVotesAsReceived(spec: NodeSpec): NodeSpec {
  return wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
    const step = receive(state, message, from);
    if (message.type !== 'replay.frame' || !hasStopped(step.effects, 'REPLAY_DIVERGENCE')) return step;
    return receive(state, { ...message, kind: 'input' } as typeof message, from);
  });
}
