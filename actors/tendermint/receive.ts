/** Turns received data into inputs. It checks every signature, also those in certificates, and that certificates have a quorum. */
import type { WireData } from '../../core/effects.ts';
import { Memo } from '../../core/memo.ts';
import type { Verify } from '../node/definition.ts';
import { signedBytes } from './codec.ts';
import { type TendermintConfig, validatorsAt } from './config.ts';
import type { CommitCertificate, Decision, PolkaCertificate, Proposal, TendermintInput, Vote, VoteType } from './types.ts';
import { isQuorum, validatorSet } from './validators.ts';
import { isRightlyExtended, isSignatureExtended } from './vote-extensions.ts';

/** The signed bytes of a vote, cached: all receivers of a message have the same object. */
const covered = new Memo((vote: Vote) => signedBytes(vote));

/** The input in this data; undefined if it is refused. The validator set of a message's height comes from the configuration. It does not depend on the node's own height. */
export function receiveWith(config: TendermintConfig, data: WireData, from: string, verify: Verify): TendermintInput | undefined {
  switch (data.type) {
    case 'vote': {
      const vote = data as Vote;
      return isSigned(config, vote, verify) ? vote : undefined;
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
      const isWhole = certificate.votes.every((vote) => vote.height === certificate.height && isSigned(config, vote, verify));
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

function isSigned(config: TendermintConfig, vote: Vote, verify: Verify): boolean {
  return verify(vote.validator, covered.of(vote), vote.signature) && isRightlyExtended(config, vote, verify);
}

export function isCertified(
  config: TendermintConfig,
  { height, round, value, votes }: PolkaCertificate | CommitCertificate,
  voteType: VoteType,
  verify: Verify,
): boolean {
  const set = validatorSet(validatorsAt(config, height));
  let power = 0;
  const seen = new Set<string>();
  for (const one of votes) {
    const [validator, signature] = one;
    const index = set.indexes.get(validator);
    if (index === undefined || seen.has(validator)) return false;
    if (!verify(validator, signedBytes({ type: 'vote', voteType, height, round, value, validator }), signature)) return false;
    if (voteType === 'precommit' && !isSignatureExtended(config, { height, round }, one, verify)) return false;
    seen.add(validator);
    power += set.validators[index]?.[1] ?? 0;
  }
  return isQuorum(power, set.total);
}
