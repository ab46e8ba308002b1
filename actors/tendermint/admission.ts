/** Admission: drops repeated and forbidden inputs before they are logged. */
import type { TendermintConfig } from './config.ts';
import { maxProposals } from './driver.ts';
import { isFinalizing } from './finalization.ts';
import type { HeightState } from './height-state.ts';
import { proposerOf } from './proposers.ts';
import { hasPolka, isTimely } from './round-events.ts';
import type { TendermintInput } from './types.ts';
import { hasVote } from './vote-keeper.ts';

/** Whether an input of the present height can change the state. It cannot if it is a repetition, or if no validator may send it. */
export function isNews(config: TendermintConfig, core: HeightState, input: TendermintInput): boolean {
  switch (input.type) {
    case 'vote':
      return core.set.indexes.has(input.validator) && !hasVote(core.keeper, input);
    case 'proposal': {
      if (proposerOf(config.proposers, core.set, core.height, input.round) !== input.proposer) return false;
      if (input.polRound < -1) return false;
      const others = core.proposals.filter(({ round }) => round === input.round);
      return others.length < maxProposals && !others.some(({ value }) => value === input.value);
    }
    case 'timeout':
      return input.kind === 'finalize' ? isFinalizing(core) : isTimely(core, input);
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
