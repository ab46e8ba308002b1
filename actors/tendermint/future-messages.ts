/**
 * Inputs that arrive too early: those of later heights, and votes of rounds far ahead. They wait in a part of the state that replay need not restore, and are
 * not logged. When their height or round has come, they are logged and applied.
 */
import { digestOf } from '../../core/digest.ts';
import type { WireData } from '../../core/effects.ts';
import type { Output, Transition } from '../node/definition.ts';
import type { PeerAhead, TendermintState } from './config.ts';
import type { HeightState } from './height-state.ts';
import type { CommitCertificate, RoundCertificate, TendermintInput, TendermintMessage, Vote } from './types.ts';
import { isHonest } from './validators.ts';

type Out = Output<TendermintInput, TendermintMessage>;
type Next = Transition<TendermintState, TendermintInput, TendermintMessage>;

/** The most inputs of later heights that are kept, and how many heights ahead they may be. */
const maxEarly = 4000;
export const maxAhead = 16;
/** Votes that are more rounds ahead than this wait. Only the newest of each validator is kept, until more than a third of the power is in one such round. */
const nearRounds = 8;

export function heightOf(input: TendermintInput, otherwise = 0): number {
  return 'height' in input ? input.height : otherwise;
}

export function keepEarly({ early }: TendermintState, input: TendermintInput): readonly TendermintInput[] {
  const digest = digestOf(input);
  return early.length >= maxEarly || early.some((other) => digestOf(other) === digest) ? early : [...early, input];
}

/** Whether a vote is for a round far ahead. Such a vote waits, and is not logged. */
export function isFar({ round }: HeightState, vote: Vote): boolean {
  return vote.round > round + nearRounds;
}

/** Keeps a validator's newest vote for a round far ahead. If more than a third of the power is in one round, its votes are applied as one round certificate. */
export function keepFar(state: TendermintState, vote: Vote): Next {
  const { core } = state;
  const others = state.early.filter(
    (other) => other.type !== 'vote' || other.height !== core.height || other.validator !== vote.validator,
  );
  const known = state.early.find((other) => !others.includes(other)) as Vote | undefined;
  if (known !== undefined && known.round >= vote.round) return { state, outputs: [] };
  const early = [...others, vote];
  const votes = early.flatMap((other) =>
    other.type === 'vote' && other.height === core.height && other.round === vote.round ? [other] : [],
  );
  const power = votes.reduce(
    (sum, { validator }) => sum + (core.set.validators[core.set.indexes.get(validator) ?? -1]?.[1] ?? 0),
    0,
  );
  const certificate: RoundCertificate = { type: 'roundCertificate', height: core.height, round: vote.round, votes };
  const outputs: readonly Out[] = isHonest(power, core.set.total) ? [{ type: 'resume', input: certificate }] : [];
  return { state: { ...state, early }, outputs };
}

/** Called when the round has changed: waiting votes that are near now are logged and counted. */
export function withinReach(state: TendermintState, outputs: readonly Out[]): Next {
  const { core } = state;
  const isNear = (vote: Vote): boolean => vote.height === core.height && vote.round <= core.round + nearRounds;
  const early = state.early.filter((other) => other.type !== 'vote' || !isNear(other));
  const near = state.early.flatMap((input): Out[] => (input.type === 'vote' && isNear(input) ? [{ type: 'resume', input }] : []));
  return { state: { ...state, early }, outputs: [...outputs, ...near] };
}

/** The default number of decisions in one request. */
const usualBatch = 8;

/** The peers that reported a higher height, the newest first. A node with several requests at once spreads them over these peers. */
export function withAhead({ config, ahead }: TendermintState, peer: string, height: number): PeerAhead {
  const { parallel = 1 } = config.sync ?? {};
  if (parallel === 1) return { peer, height };
  const known = ahead === undefined ? [] : [ahead, ...(ahead.others ?? [])];
  const others = known.filter((other) => other.peer !== peer).map((other) => ({ peer: other.peer, height: other.height }));
  return { peer, height, others: others.slice(0, parallel - 1) };
}

/** The requests to peers with a higher height: for this node's height and the next ones, without decisions that it has already. */
export function syncRequests({ config, core, early }: TendermintState, ahead: PeerAhead): readonly Out[] {
  const { isOff = false, batch = usualBatch, parallel = 1 } = config.sync ?? {};
  if (isOff || core.step === 'commit') return [];
  const heights = Array.from({ length: parallel }, (_, index) => core.height + index * batch);
  const isTold = (height: number): boolean =>
    height > core.height && early.some((other) => other.type === 'commitCertificate' && other.height === height);
  const peers = [ahead, ...(ahead.others ?? [])];
  return heights
    .filter((height) => !isTold(height))
    .flatMap((height, index): readonly Out[] => {
      const able = peers.filter((one) => one.height >= height);
      const asked = able[index % Math.max(1, able.length)];
      return asked === undefined ? [] : [{ type: 'send', to: [asked.peer], data: syncRequest(height, batch) }];
    });
}

function syncRequest(height: number, count: number): WireData & { readonly height: number; readonly count: number } {
  return { type: 'sync.request', height, count };
}

export function takeSynced(state: TendermintState, decisions: readonly CommitCertificate[]): Next {
  const { height } = state.core;
  const { batch = usualBatch, parallel = 1 } = state.config.sync ?? {};
  const furthest = height + Math.max(maxAhead, batch * parallel);
  const outputs: Out[] = decisions
    .filter((decision) => decision.height === height)
    .map((decision) => ({ type: 'resume', input: decision }));
  let next = state;
  for (const decision of decisions) {
    if (decision.height > height && decision.height <= furthest) next = { ...next, early: keepEarly(next, decision) };
  }
  return { state: next, outputs };
}
