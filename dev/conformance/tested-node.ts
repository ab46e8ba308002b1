/** The code under test, as the doors through which the records are played. A test puts a broken one in the place of the honest. */
import { consensusActor } from '../../actors/node/consensus.ts';
import { applyEvent, countVote, drive, startHeight, type TendermintConfig, tendermint } from '../../actors/tendermint/index.ts';

type Definition = ReturnType<typeof tendermint>;

export interface TestedNode {
  readonly step: Definition['step'];
  readonly drive: typeof drive;
  readonly startHeight: typeof startHeight;
  readonly countVote: typeof countVote;
  readonly applyEvent: typeof applyEvent;
  readonly consensus: typeof consensusActor;
}

export const honestNode: TestedNode = {
  step: tendermint({} as TendermintConfig).step,
  drive,
  startHeight,
  countVote,
  applyEvent,
  consensus: consensusActor,
};

/** The whole definition with the step under test. Nothing here is received over a wire: no validator sets are needed. */
export function definitionOf({ step }: TestedNode): Definition {
  return { ...tendermint({} as TendermintConfig), step };
}

/** The configuration of a node whose own timers and signatures play no part. */
export function configOf(
  self: string,
  proposers: TendermintConfig['proposers'],
  validatorSets: TendermintConfig['validatorSets'] = [],
): TendermintConfig {
  const timeouts = { propose: 1, prevote: 1, precommit: 1, perRound: 0 };
  return { self, hasKey: true, validatorSets, proposers, timeouts, rebroadcastMs: 1, scheme: 'none' };
}
