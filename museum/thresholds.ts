/** Broken nodes whose thresholds are one step too low, that accept wrong certificates or proposers, or that keep an old lock. */
import type { NodeDefinition } from '../actors/node/index.ts';
import type { Exhibit } from './exhibit.ts';
import { redefined } from './redefined.ts';

type Definition = NodeDefinition<unknown, State, Input, unknown>;

interface State {
  readonly core: {
    readonly height: number;
    readonly round: number;
    readonly step: string;
    readonly locked: { readonly round: number; readonly value: string } | undefined;
    readonly set: { readonly total: number };
  };
}

interface Input {
  readonly type: string;
  readonly height?: number;
  readonly round?: number;
  readonly value?: string;
  readonly votes?: readonly (readonly [string, Uint8Array])[];
}

function withTotal(state: State, total: number): State {
  return { ...state, core: { ...state.core, set: { ...state.core.set, total } } };
}

/** The step of a node for which "more than" is "at least": half a vote is missing from the total. */
function lowered(honest: Definition, state: State, input: Input): ReturnType<Definition['step']> {
  const { total } = state.core.set;
  const { state: next, outputs } = honest.step(withTotal(state, total - 0.5), input);
  const isSameHeight = next.core.height === state.core.height;
  return { state: isSameHeight ? withTotal(next, total) : next, outputs };
}

export const quorumAtTwoThirds: Exhibit = {
  name: 'quorum-at-two-thirds',
  bug: 'A quorum is two thirds of the power, where it must be more: where the total can be divided by three, two groups can decide differently.',
  source:
    'arXiv 1807.04938, section II: 2f+1 of 3f+1, so more than two thirds; quorum rules written as >= are met in reviews of many engines',
  rule: 'a quorum is more than two thirds',
  expected: ['certificate'],
  parts: redefined<State, Input>((honest) => ({
    step: (state, input) => {
      if (input.type === 'start') return honest.step(state, input);
      const low = lowered(honest, state, input);
      const right = honest.step(state, input);
      // The other threshold stays where it is.
      const hasSkipped = low.state.core.round > state.core.round && right.state.core.round === state.core.round;
      return hasSkipped && input.type !== 'timeout' ? right : low;
    },
  })),
};

export const honestAtOneThird: Exhibit = {
  name: 'honest-at-one-third',
  bug: 'A third of the power in a later round is enough to follow, where it must be more.',
  source: 'arXiv 1807.04938, line 55: f+1 messages of a later round, so more than a third',
  rule: 'a round is entered when more than a third is in it',
  expected: ['sound-certificate'],
  parts: redefined<State, Input>((honest) => ({
    step: (state, input) => {
      const right = honest.step(state, input);
      if (input.type !== 'vote' && input.type !== 'roundCertificate') return right;
      const low = lowered(honest, state, input);
      return low.state.core.height === state.core.height && low.state.core.round > right.state.core.round ? low : right;
    },
  })),
};

const certificates: readonly string[] = ['polkaCertificate', 'commitCertificate', 'sync.response'];

export const smallCertificateTaken: Exhibit = {
  name: 'small-certificate-taken',
  bug: 'A certificate is taken for proof when the signatures in it are right, however few they are.',
  source:
    'Malachite issue 974: polka certificates were taken without verification; tendermint-light-client audits list missing power checks',
  rule: 'a certificate carries a quorum',
  expected: ['certificate'],
  parts: redefined<State, Input>((honest) => ({
    receive: (data, from, verify) => {
      const right = honest.receive(data, from, verify);
      if (right !== undefined || !certificates.includes(data.type) || data.type === 'sync.response') return right;
      const { votes = [], ...certificate } = data as unknown as Input;
      const voteType = data.type === 'polkaCertificate' ? 'prevote' : 'precommit';
      const isRight = ([validator, signature]: readonly [string, Uint8Array]): boolean =>
        verify(validator, honest.toSign({ ...certificate, type: 'vote', voteType, validator }), signature);
      const isOnce = new Set(votes.map(([validator]) => validator)).size === votes.length;
      return votes.length > 0 && isOnce && votes.every(isRight) ? (data as unknown as Input) : undefined;
    },
  })),
};

export const certificateSignaturesUnchecked: Exhibit = {
  name: 'certificate-signatures-unchecked',
  bug: 'Votes are checked one by one, and those in a certificate are not: who sends one signs for everybody.',
  source: 'Malachite issue 974: polka certificates were taken without verification',
  rule: 'signatures in certificates are checked',
  expected: ['certificate'],
  parts: redefined<State, Input>((honest) => ({
    receive: (data, from, verify) => honest.receive(data, from, certificates.includes(data.type) ? () => true : verify),
  })),
};

export const oldLockKept: Exhibit = {
  name: 'old-lock-kept',
  bug: 'A second polka moves no lock: the node stays locked on the value of the first, and votes for it again.',
  source: 'arXiv 1807.04938, lines 36 to 43: lockedValue and lockedRound are set by each polka of the present round',
  rule: 'the newest polka is the lock',
  expected: ['lock-discipline'],
  parts: redefined<State, Input>((honest) => ({
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      const { locked, height } = state.core;
      if (locked === undefined || next.core.height !== height || next.core.locked?.value === locked.value)
        return { state: next, outputs };
      return { state: { ...next, core: { ...next.core, locked } }, outputs };
    },
  })),
};

export const proposerUnchecked: Exhibit = {
  name: 'proposer-unchecked',
  bug: 'A proposal is taken from any validator: the first that arrives is voted for, whoever has the turn.',
  source:
    'arXiv 1807.04938, lines 22 and 28: a proposal counts from proposer(h, round) alone; cf. CometBFT, defaultSetProposal, which checks it with the key of the proposer',
  rule: 'each round has one proposer',
  expected: ['justified-vote'],
  parts: redefined<State, Input>((honest) => ({
    admit: (state, input) => {
      const isOpen = input.type === 'proposal' && input.height === state.core.height && state.core.step !== 'commit';
      return isOpen ? 'log' : honest.admit(state, input);
    },
  })),
};

export const timeoutsDoNotGrow: Exhibit = {
  name: 'timeouts-do-not-grow',
  bug: 'Each round waits as long as the first: where messages take longer than that, round follows round, and nothing is decided.',
  source: 'arXiv 1807.04938, section III: timeout(r) grows with r, so that some round outlasts the delays',
  rule: 'timeouts grow with the round',
  expected: ['termination'],
  parts: ((parts) => {
    const config = parts.config as { readonly timeouts: object };
    return { ...parts, config: { ...config, timeouts: { ...config.timeouts, perRound: 0 } } };
  }) as NonNullable<Exhibit['parts']>,
};
