/**
 * Tendermint as a `NodeDefinition`: admission, what waits for later heights, value sync, re-broadcast, and the wire. The rules of
 * consensus stand in driver.ts.
 */
import { digestOf } from '../digest.ts';
import type { WireData } from '../effects.ts';
import type { Admission, Application, NodeDefinition, Output, Transition, Verify } from '../node/definition.ts';
import { decodeDecision, decodeInput, encodeDecision, encodeInput, signedBytes } from './codec.ts';
import { type DriverOutput, drive, type HeightState, hasPolka, isTimely, maxProposals, startHeight } from './driver.ts';
import { tendermintProperties } from './properties/index.ts';
import type {
  CommitCertificate,
  Decision,
  PolkaCertificate,
  Proposal,
  SignatureOf,
  StartHeight,
  TendermintInput,
  TendermintMessage,
  TimeoutKind,
  ValidatorPower,
  Vote,
  VoteType,
} from './types.ts';
import { isQuorum, type ProposerRule, proposerOf, validatorSet } from './validators.ts';
import { hasVote, roundVotes, voteBy, votesOf } from './vote-keeper.ts';

/** Milliseconds of virtual time; a timeout grows by `perRound` with each round. */
export interface Timeouts {
  readonly propose: number;
  readonly prevote: number;
  readonly precommit: number;
  readonly perRound: number;
}

export interface TendermintConfig {
  readonly self: string;
  /** Without a key a node follows and says nothing. */
  readonly hasKey: boolean;
  /** The set of a height is the last entry with `from` at or below it. */
  readonly validatorSets: readonly { readonly from: number; readonly validators: readonly ValidatorPower[] }[];
  readonly proposers: ProposerRule;
  readonly timeouts: Timeouts;
  /** Milliseconds after which own messages of the present round are sent again. */
  readonly rebroadcastMs: number;
  readonly scheme: string;
}

export interface TendermintState {
  readonly config: TendermintConfig;
  readonly core: HeightState;
  /** What waits for later heights, oldest first. */
  readonly early: readonly TendermintInput[];
}

type Out = Output<TendermintInput, TendermintMessage>;
type Next = Transition<TendermintState, TendermintInput, TendermintMessage>;

const codeVersion = 1;
/** Inputs of later heights that are kept, and how far ahead. */
const maxEarly = 4000;
const maxAhead = 16;
/** Decisions asked for at once. */
const syncCount = 8;

export function validatorsAt(
  { validatorSets }: Pick<TendermintConfig, 'validatorSets'>,
  height: number,
): readonly ValidatorPower[] {
  return validatorSets.findLast(({ from }) => from <= height)?.validators ?? [];
}

function begin(config: TendermintConfig, height: number): StartHeight {
  const { proposers, timeouts, scheme } = config;
  const rules = JSON.stringify({ proposers, timeouts, scheme, codeVersion });
  return { type: 'start', height, validators: validatorsAt(config, height), rules };
}

function start(config: TendermintConfig): TendermintState {
  const { self, hasKey, proposers } = config;
  const set = validatorSet([]);
  const core = startHeight({ self, hasKey, proposers, set }, 0).state;
  return { config, core: { ...core, step: 'commit' }, early: [] };
}

function step(state: TendermintState, input: TendermintInput): Next {
  const { config, core } = state;
  switch (input.type) {
    case 'start': {
      const { self, hasKey, proposers } = config;
      const { height } = input;
      const driven = startHeight({ self, hasKey, proposers, set: validatorSet(input.validators) }, height);
      const kept = state.early.filter((early) => heightOf(early) === height);
      const early = state.early.filter((other) => heightOf(other) > height);
      const resumed = kept.map((waiting): Out => ({ type: 'resume', input: waiting }));
      const timer: Out = { type: 'setTimer', timer: 'rebroadcast', delay: config.rebroadcastMs };
      return {
        state: { ...state, core: driven.state, early },
        outputs: [timer, ...outputsOf(config, driven.outputs), ...resumed],
      };
    }
    case 'status': {
      if (input.height < core.height || core.step === 'commit') return { state, outputs: [] };
      const request = { type: 'sync.request', height: core.height, count: syncCount };
      return { state, outputs: [{ type: 'send', to: [input.peer], data: request }] };
    }
    case 'synced':
      return takeSynced(state, input.decisions);
    case 'rebroadcast': {
      const again = sayAgain(core).map((data): Out => ({ type: 'announce', data }));
      return { state, outputs: [{ type: 'setTimer', timer: 'rebroadcast', delay: config.rebroadcastMs }, ...again] };
    }
    default:
      break;
  }
  if (heightOf(input) > core.height) return { state: { ...state, early: keepEarly(state, input) }, outputs: [] };
  const driven = drive(core, input);
  const next = driven.state === core ? state : { ...state, core: driven.state };
  return { state: next, outputs: outputsOf(config, driven.outputs) };
}

function keepEarly({ early }: TendermintState, input: TendermintInput): readonly TendermintInput[] {
  const digest = digestOf(input);
  return early.length >= maxEarly || early.some((other) => digestOf(other) === digest) ? early : [...early, input];
}

function takeSynced(state: TendermintState, decisions: readonly CommitCertificate[]): Next {
  const { height } = state.core;
  const outputs: Out[] = decisions
    .filter((decision) => decision.height === height)
    .map((decision) => ({ type: 'resume', input: decision }));
  let next = state;
  for (const decision of decisions) {
    if (decision.height > height && decision.height <= height + maxAhead) next = { ...next, early: keepEarly(next, decision) };
  }
  return { state: next, outputs };
}

function outputsOf({ timeouts }: TendermintConfig, outputs: readonly DriverOutput[]): readonly Out[] {
  return outputs.map((output): Out => {
    switch (output.type) {
      case 'startTimer': {
        const delay = timeouts[output.kind] + output.round * timeouts.perRound;
        return { type: 'setTimer', timer: `${output.kind}/${output.round}`, delay };
      }
      case 'ask': {
        const { height, round } = output;
        return { type: 'ask', key: `value/${height}.${round}`, request: { height, round } };
      }
      case 'decide':
        return { type: 'finish', decision: output.decision };
      default:
        return output;
    }
  });
}

/** Own messages of the present round, what let this node into it, and the polka that others may lack. */
function sayAgain(core: HeightState): readonly WireData[] {
  const { keeper, round, self, proposals, entered, valid, height, polkas } = core;
  if (!core.isVoting || core.step === 'commit') return [];
  const own = proposals.filter((proposal) => proposal.proposer === self && proposal.round === round).map(proposalWire);
  const { prevote, precommit } = roundVotes(keeper, round);
  const votes = [voteBy(prevote, self), voteBy(precommit, self)].filter((vote) => vote !== undefined);
  const again: WireData[] = [...own, ...votes];
  if (entered !== undefined) again.push(entered);
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

function admit({ config, core }: TendermintState, input: TendermintInput): Admission {
  if (input.type === 'start') return 'log';
  if (input.type === 'status' || input.type === 'synced' || input.type === 'rebroadcast') return 'pass';
  const height = heightOf(input, core.height);
  if (height > core.height) return height <= core.height + maxAhead ? 'pass' : 'drop';
  if (height < core.height || core.step === 'commit') return 'drop';
  return isNews(config, core, input) ? 'log' : 'drop';
}

/** Whether an input of the present height may change something: repetitions and what nobody may say are dropped before they are logged. */
function isNews(config: TendermintConfig, core: HeightState, input: TendermintInput): boolean {
  switch (input.type) {
    case 'vote':
      return core.set.indexes.has(input.validator) && !hasVote(core.keeper, input);
    case 'proposal': {
      if (proposerOf(config.proposers, core.set, core.height, input.round) !== input.proposer) return false;
      if (input.polRound < -1 || input.polRound >= input.round) return false;
      const others = core.proposals.filter(({ round }) => round === input.round);
      return others.length < maxProposals && !others.some(({ value }) => value === input.value);
    }
    case 'timeout':
      return isTimely(core, input);
    case 'polkaCertificate':
      return (
        !core.polkas.some(({ round, value }) => round === input.round && value === input.value) &&
        !hasPolka(core, input.round, input.value)
      );
    case 'commitCertificate':
      return !core.commits.some(
        ({ round, value, data }) =>
          round === input.round && value === input.value && (data !== undefined || input.data === undefined),
      );
    case 'roundCertificate':
      return input.votes.some((vote) => core.set.indexes.has(vote.validator) && !hasVote(core.keeper, vote));
    default:
      return true;
  }
}

function heightOf(input: TendermintInput, otherwise = 0): number {
  return 'height' in input ? input.height : otherwise;
}

/** Checks every signature, and of certificates the quorum too. The set is that of the configuration, whatever height the node is at. */
function receiveWith(config: TendermintConfig, data: WireData, from: string, verify: Verify): TendermintInput | undefined {
  switch (data.type) {
    case 'vote': {
      const vote = data as Vote;
      return isSigned(vote, verify) ? vote : undefined;
    }
    case 'proposal': {
      const { validity: _claimed, ...proposal } = data as Proposal;
      return verify(proposal.proposer, signedBytes(proposal), proposal.signature) ? proposal : undefined;
    }
    case 'polkaCertificate':
      return isCertified(config, data as PolkaCertificate, 'prevote', verify) ? (data as PolkaCertificate) : undefined;
    case 'commitCertificate':
      return isCertified(config, data as CommitCertificate, 'precommit', verify) ? (data as CommitCertificate) : undefined;
    case 'roundCertificate': {
      const certificate = data as TendermintInput & { readonly type: 'roundCertificate' };
      const isWhole = certificate.votes.every((vote) => vote.height === certificate.height && isSigned(vote, verify));
      return isWhole ? certificate : undefined;
    }
    case 'status':
      return { type: 'status', peer: from, height: (data as unknown as { readonly height: number }).height };
    case 'sync.response': {
      const { blocks } = data as unknown as { readonly blocks: readonly Decision[] };
      const decisions = blocks.map((block): CommitCertificate => ({ type: 'commitCertificate', ...block }));
      return decisions.every((decision) => isCertified(config, decision, 'precommit', verify))
        ? { type: 'synced', decisions }
        : undefined;
    }
    default:
      return undefined;
  }
}

function isSigned(vote: Vote, verify: Verify): boolean {
  return verify(vote.validator, signedBytes(vote), vote.signature);
}

function isCertified(
  config: TendermintConfig,
  { height, round, value, votes }: PolkaCertificate | CommitCertificate,
  voteType: VoteType,
  verify: Verify,
): boolean {
  const set = validatorSet(validatorsAt(config, height));
  let power = 0;
  const seen = new Set<string>();
  for (const [validator, signature] of votes) {
    const index = set.indexes.get(validator);
    if (index === undefined || seen.has(validator)) return false;
    if (!verify(validator, signedBytes({ type: 'vote', voteType, height, round, value, validator }), signature)) return false;
    seen.add(validator);
    power += set.validators[index]?.[1] ?? 0;
  }
  return isQuorum(power, set.total);
}

function proposalWire({ validity: _judged, ...proposal }: Proposal): WireData {
  return proposal;
}

function summary({ keeper, proposals, locked, round }: HeightState): Readonly<Record<string, number>> {
  const votes = keeper.rounds.reduce(
    (sum, { prevote, precommit }) => sum + votesOf(prevote).length + votesOf(precommit).length,
    0,
  );
  return { votes, proposals: proposals.length, locks: locked === undefined ? 0 : 1, rounds: round };
}

const kindNumbers: Readonly<Record<string, number>> = { proposal: 1, prevote: 2, precommit: 3 };

/** The definition for nodes of one configuration: certificates are checked against its validator sets. */
export function tendermint(
  shared: TendermintConfig,
): NodeDefinition<TendermintConfig, TendermintState, TendermintInput, TendermintMessage> {
  return {
    name: 'tendermint',
    start,
    begin,
    follower: (config) => ({ ...config, hasKey: false }),
    step,
    position: ({ core: { height, round } }) => ({ height, round }),
    admit,
    elapsed: (timer) => {
      const [kind, round] = timer.split('/');
      return kind === 'rebroadcast'
        ? { type: 'rebroadcast' }
        : { type: 'timeout', kind: kind as TimeoutKind, round: Number(round) };
    },
    timerOf: (input) =>
      input.type === 'timeout' ? `${input.kind}/${input.round}` : input.type === 'rebroadcast' ? 'rebroadcast' : undefined,
    answers: (input) => (input.type === 'value' ? `value/${input.height}.${input.round}` : undefined),
    receive: (data, from, verify) => receiveWith(shared, data, from, verify),
    needsJudgement: (input) => input.type === 'proposal' && input.validity === undefined,
    toSign: signedBytes,
    asInput: (message, signature) => ({ ...message, signature }) as Vote | Proposal,
    signatureOf: (input) => (input as Vote).signature,
    asWire: (input) => (input.type === 'proposal' ? proposalWire(input) : input),
    signedKind: (input) => kindNumbers[input.type === 'vote' ? input.voteType : input.type] ?? 0,
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
    sameState: (a, b) => a.core === b.core || digestOf(a.core) === digestOf(b.core),
    summary: ({ core }) => summary(core),
    properties: tendermintProperties,
  };
}

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
    judge: (_chain, input) => (input.type === 'proposal' ? { ...input, validity: !input.value.startsWith('invalid') } : input),
    execute: ({ digest }, decision) => {
      const { height, value } = decision as Decision;
      return { height, digest: digestOf([digest, height, value]) };
    },
    digest: ({ digest }) => digest,
  };
}
