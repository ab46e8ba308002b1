/**
 * Tendermint as a `NodeDefinition`: which inputs are logged, inputs that wait for later heights, value sync, re-broadcast, and the encodings. The rules of
 * consensus are in driver.ts.
 */

import type { WireData } from '../../core/effects.ts';
import type { Admission, NodeDefinition, Output, Transition } from '../node/definition.ts';
import { isNews } from './admission.ts';
import { decodeDecision, decodeInput, encodeDecision, encodeInput, signedBytes } from './codec.ts';
import { type TendermintConfig, type TendermintState, timeoutMs, timingAt, validatorsAt } from './config.ts';
import { awaitDecision, drive, startHeight } from './driver.ts';
import { isOfPeriod } from './finalization.ts';
import {
  heightOf,
  isFar,
  keepEarly,
  keepFar,
  maxAhead,
  syncRequests,
  takeSynced,
  withAhead,
  withinReach,
} from './future-messages.ts';
import type { DriverOutput, HeightState } from './height-state.ts';
import { isCertified, receiveWith } from './receive.ts';
import type {
  CommitCertificate,
  Decision,
  PolkaCertificate,
  Proposal,
  SignatureOf,
  StartHeight,
  TendermintInput,
  TendermintMessage,
  TimerKind,
  Vote,
} from './types.ts';
import { isQuorum, validatorSet } from './validators.ts';
import { extensionBytes, isExtendedAt } from './vote-extensions.ts';
import { roundVotes, voteBy, votesOf } from './vote-keeper.ts';

type Out = Output<TendermintInput, TendermintMessage>;
type Next = Transition<TendermintState, TendermintInput, TendermintMessage>;

const codeVersion = 1;
const nothing: readonly Out[] = [];
const rulesOf = new WeakMap<TendermintConfig, string>();

/** The part of the configuration that all nodes must share, as a text. */
function rulesIn(config: TendermintConfig): string {
  const { proposers, timeouts, later, scheme, voteExtensionsFrom, finalizationMs } = config;
  const rules =
    rulesOf.get(config) ??
    JSON.stringify({ proposers, timeouts, later, scheme, codeVersion, voteExtensionsFrom, finalizationMs });
  rulesOf.set(config, rules);
  return rules;
}

function begin(config: TendermintConfig, height: number): StartHeight {
  return { type: 'start', height, validators: validatorsAt(config, height), rules: rulesIn(config) };
}

function start(config: TendermintConfig): TendermintState {
  const { self, hasKey, proposers } = config;
  const set = validatorSet([]);
  const core = startHeight({ self, hasKey, proposers, set }, 0).state;
  return { config, core: { ...core, step: 'commit' }, early: [], ahead: undefined };
}

function step(state: TendermintState, input: TendermintInput): Next {
  const { config, core } = state;
  switch (input.type) {
    case 'start': {
      const { self, hasKey, proposers } = config;
      const { height } = input;
      const isSyncOnly = config.isSyncOnly === true;
      const begins = isSyncOnly ? awaitDecision : startHeight;
      const isExtended = isExtendedAt(config, height);
      const hasPeriod = config.finalizationMs !== undefined;
      const driven = begins({ self, hasKey, proposers, set: validatorSet(input.validators), isExtended, hasPeriod }, height);
      const kept = state.early.filter((early) => heightOf(early) === height);
      const early = state.early.filter((other) => heightOf(other) > height);
      const again = kept.map((waiting): Out => ({ type: 'resume', input: waiting }));
      const timer: Out = { type: 'setTimer', timer: 'rebroadcast', delay: timingAt(config, height).rebroadcastMs };
      const ahead = state.ahead !== undefined && state.ahead.height >= height ? state.ahead : undefined;
      // All received decisions are used. The node asks for more at once, and not with the next status, so that it can catch up with a fast cluster.
      const isAtEnd = ahead !== undefined && !kept.some(({ type }) => type === 'commitCertificate');
      const next: TendermintState = { config, core: driven.state, early, ahead };
      return {
        state: next,
        outputs: [
          ...(isSyncOnly ? [] : [timer]),
          ...outputsOf(config, height, driven.outputs),
          ...again,
          ...(isAtEnd ? syncRequests(next, ahead) : []),
        ],
      };
    }
    case 'status': {
      const { peer, height } = input;
      const ahead = withAhead(state, peer, height);
      const requests = syncRequests(state, ahead);
      return requests.length === 0 ? { state, outputs: [] } : { state: { ...state, ahead }, outputs: requests };
    }
    case 'synced':
      return takeSynced(state, input.decisions);
    case 'rebroadcast': {
      const again = sayAgain(core).map((data): Out => ({ type: 'announce', data }));
      return {
        state,
        outputs: [{ type: 'setTimer', timer: 'rebroadcast', delay: timingAt(config, core.height).rebroadcastMs }, ...again],
      };
    }
    default:
      break;
  }
  if (heightOf(input) > core.height) return { state: { ...state, early: keepEarly(state, input) }, outputs: [] };
  if (input.type === 'vote' && isFar(core, input)) return keepFar(state, input);
  const driven = drive(core, input);
  const outputs = driven.outputs.length === 0 ? nothing : outputsOf(config, core.height, driven.outputs);
  if (driven.state === core) return { state, outputs };
  const { early, ahead } = state;
  const next: TendermintState = { config, core: driven.state, early, ahead };
  return driven.state.round === core.round || early.length === 0 ? { state: next, outputs } : withinReach(next, outputs);
}

function outputsOf(config: TendermintConfig, at: number, outputs: readonly DriverOutput[]): readonly Out[] {
  return outputs.map((output): Out => {
    switch (output.type) {
      case 'startTimer': {
        const { kind, round } = output;
        const delay = kind === 'finalize' ? (config.finalizationMs ?? 0) : timeoutMs(timingAt(config, at).timeouts, kind, round);
        return { type: 'setTimer', timer: `${output.kind}/${output.round}`, delay };
      }
      case 'ask': {
        const { height, round, extend } = output;
        if (extend !== undefined) return { type: 'ask', key: `extension/${height}.${round}`, request: { height, round, extend } };
        return { type: 'ask', key: `value/${height}.${round}`, request: { height, round } };
      }
      case 'decide':
        return { type: 'finish', decision: output.decision };
      default:
        return output;
    }
  });
}

/** The messages to send again: own messages of the present round, the certificate that let this node enter it, and the polka that others may lack. */
function sayAgain(core: HeightState): readonly WireData[] {
  const { keeper, round, self, proposals, entered, valid, height, polkas } = core;
  if (!core.isVoting || core.step === 'commit') return [];
  const own = proposals.filter((proposal) => proposal.proposer === self && proposal.round === round).map(proposalWire);
  const { prevote, precommit } = roundVotes(keeper, round);
  const votes = [voteBy(prevote, self), voteBy(precommit, self)].filter((vote) => vote !== undefined);
  const again: WireData[] = [...own, ...votes];
  if (entered !== null) again.push(entered);
  if (valid !== undefined) {
    const { prevote: polka } = roundVotes(keeper, valid.round);
    const signers = votesOf(polka).filter(({ value }) => value === valid.value);
    const known = polkas.find((certificate) => certificate.round === valid.round && certificate.value === valid.value);
    const votesFor = known?.votes ?? signers.map(({ validator, signature }): SignatureOf => [validator, signature]);
    const certificate: PolkaCertificate = { type: 'polkaCertificate', height, ...valid, votes: votesFor };
    again.push(certificate);
    const proposal = proposals.find((other) => other.round === valid.round && other.value === valid.value);
    if (proposal !== undefined && proposal.proposer !== self) again.push(proposalWire(proposal));
  }
  return again;
}

function admit(state: TendermintState, input: TendermintInput): Admission {
  const { config, core } = state;
  if (input.type === 'start') return 'log';
  if (input.type === 'status' || input.type === 'synced' || input.type === 'rebroadcast') return 'pass';
  const height = heightOf(input, core.height);
  if (config.isSyncOnly === true && !isSynced(input, core.height)) return 'drop';
  if (height > core.height) return height <= core.height + maxAhead ? 'pass' : 'drop';
  if (height < core.height || (core.step === 'commit' && !isOfPeriod(core, input))) return 'drop';
  if (!isNews(config, core, input)) return 'drop';
  return input.type === 'vote' && isFar(core, input) ? 'pass' : 'log';
}

/** A decision of this height with its value. Value sync alone sends one. */
function isSynced(input: TendermintInput, height: number): boolean {
  return input.type === 'commitCertificate' && input.data !== undefined && input.height === height;
}

function proposalWire({ height, round, value, data, polRound, proposer, signature }: Proposal): Omit<Proposal, 'validity'> {
  return { type: 'proposal', height, round, value, data, polRound, proposer, signature };
}

function signed(message: TendermintMessage, signature: Uint8Array, second: Uint8Array = unsigned): Vote | Proposal {
  if (message.type === 'vote') {
    const { voteType, height, round, value, validator, extension } = message;
    const vote: Vote = { type: 'vote', voteType, height, round, value, validator, signature };
    return extension === undefined ? vote : { ...vote, extension: [extension[0], second] };
  }
  const { height, round, value, data, polRound, proposer, validity } = message;
  const proposal: Proposal = { type: 'proposal', height, round, value, data, polRound, proposer, signature };
  return validity === undefined ? proposal : { ...proposal, validity };
}

const unsigned = new Uint8Array();

/** The application judges an extension before the node counts its vote. */
function hasExtension(input: TendermintInput): boolean {
  switch (input.type) {
    case 'vote':
      return input.extension !== undefined;
    case 'roundCertificate':
      return input.votes.some(({ extension }) => extension !== undefined);
    case 'commitCertificate':
      return input.votes.some(([, , extension]) => extension !== undefined);
    default:
      return false;
  }
}

function summary({ keeper, proposals, locked, round }: HeightState): Readonly<Record<string, number>> {
  const votes = keeper.rounds.reduce(
    (sum, { prevote, precommit }) => sum + votesOf(prevote).length + votesOf(precommit).length,
    0,
  );
  return { votes, proposals: proposals.length, locks: locked === undefined ? 0 : 1, rounds: round };
}

const kindNumbers: Readonly<Record<string, number>> = { proposal: 1, prevote: 2, precommit: 3 };

function signedKind(input: TendermintInput): number {
  return kindNumbers[input.type === 'vote' ? input.voteType : input.type] ?? 0;
}

/** The definition for nodes of one configuration: certificates are checked against its validator sets. */
export function tendermint(
  shared: TendermintConfig,
): NodeDefinition<TendermintConfig, TendermintState, TendermintInput, TendermintMessage> {
  return {
    name: 'tendermint',
    start,
    begin,
    follower: (config) => ({ ...config, hasKey: false }),
    syncOnly: (config) => ({ ...config, hasKey: false, isSyncOnly: true }),
    step,
    position: ({ core: { height, round } }) => ({ height, round }),
    admit,
    elapsed: (timer) => {
      const [kind, round] = timer.split('/');
      return kind === 'rebroadcast'
        ? { type: 'rebroadcast' }
        : { type: 'timeout', kind: kind as TimerKind, round: Number(round) };
    },
    timerOf: (input) =>
      input.type === 'timeout' ? `${input.kind}/${input.round}` : input.type === 'rebroadcast' ? 'rebroadcast' : undefined,
    answers: (input) =>
      input.type === 'value' || input.type === 'extension' ? `${input.type}/${input.height}.${input.round}` : undefined,
    receive: (data, from, verify) => receiveWith(shared, data, from, verify),
    needsJudgement: (input) =>
      input.type === 'proposal'
        ? input.validity === undefined
        : input.type === 'synced' || (input.type === 'commitCertificate' && input.data !== undefined) || hasExtension(input),
    toSign: signedBytes,
    toSignToo: (message) =>
      message.type === 'vote' && message.extension !== undefined
        ? extensionBytes(message.height, message.round, message.extension[0])
        : undefined,
    asInput: signed,
    signatureOf: (input) => (input as Vote).signature,
    secondSignatureOf: (input) => (input as Vote).extension?.[1],
    asWire: (input) => (input.type === 'proposal' ? proposalWire(input) : input),
    signedKind,
    signs: (input) => {
      const { height, round } = input as Vote | Proposal;
      return { height, round, kind: signedKind(input), bytes: signedBytes(input as Vote | Proposal) };
    },
    encode: encodeInput,
    decode: decodeInput,
    encodeDecision: (decision) => encodeDecision(decision as Decision),
    decodeDecision,
    proves: (decision, height, verify) => {
      const { height: decided, round, value, votes } = (decision ?? {}) as Partial<Decision>;
      if (decided !== height || round === undefined || value === undefined || votes === undefined) return false;
      const certificate: CommitCertificate = { type: 'commitCertificate', height, round, value, votes };
      return isCertified(shared, certificate, 'precommit', verify);
    },
    isQuorum: (names, height) => {
      const { validators, total } = validatorSet(validatorsAt(shared, height));
      const power = validators.reduce((sum, [name, own]) => (names.includes(name) ? sum + own : sum), 0);
      return isQuorum(power, total);
    },
    leftOut: ['early', 'ahead'],
    summary: ({ core }) => summary(core),
  };
}
