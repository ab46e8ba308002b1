/**
 * What comes too early: inputs of later heights, and votes of rounds far ahead. They wait in the state, unlogged, and change nothing
 * that replay must restore; when their time has come they are logged and fed.
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

/** Inputs of later heights that are kept, and how far ahead. */
const maxEarly = 4000;
export const maxAhead = 16;
/** Votes of later rounds than this many ahead wait, a validator's newest alone, until more than a third is in one such round. */
const nearRounds = 8;

export function heightOf(input: TendermintInput, otherwise = 0): number {
  return 'height' in input ? input.height : otherwise;
}

export function keepEarly({ early }: TendermintState, input: TendermintInput): readonly TendermintInput[] {
  const digest = digestOf(input);
  return early.length >= maxEarly || early.some((other) => digestOf(other) === digest) ? early : [...early, input];
}

/** A vote for a round far ahead changes nothing by itself, and waits unlogged. */
export function isFar({ round }: HeightState, vote: Vote): boolean {
  return vote.round > round + nearRounds;
}

/** Keeps a validator's newest vote of rounds far ahead. With more than a third in one round they come back as one round certificate. */
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

/** The round has changed: votes that waited for it are logged and counted. */
export function withinReach(state: TendermintState, outputs: readonly Out[]): Next {
  const { core } = state;
  const isNear = (vote: Vote): boolean => vote.height === core.height && vote.round <= core.round + nearRounds;
  const early = state.early.filter((other) => other.type !== 'vote' || !isNear(other));
  const near = state.early.flatMap((input): Out[] => (input.type === 'vote' && isNear(input) ? [{ type: 'resume', input }] : []));
  return { state: { ...state, early }, outputs: [...outputs, ...near] };
}

/** Decisions asked for at once. */
const usualBatch = 8;

/** A peer that has said that it is further, and before it others that have: a node with several requests at once spreads them. */
export function withAhead({ config, ahead }: TendermintState, peer: string, height: number): PeerAhead {
  const { parallel = 1 } = config.sync ?? {};
  if (parallel === 1) return { peer, height };
  const known = ahead === undefined ? [] : [ahead, ...(ahead.others ?? [])];
  const others = known.filter((other) => other.peer !== peer).map((other) => ({ peer: other.peer, height: other.height }));
  return { peer, height, others: others.slice(0, parallel - 1) };
}

/** What a node asks of peers that are further: for its own height and those after it, but for what it has been told already. */
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
