/** Signers with a file of their own as a scenario writes them: which nodes have one, and what it refuses to sign. */
import { isWithin, type Span } from '../actors/byzantine/index.ts';
import { type SigningGuard, signsForwards } from '../actors/node/index.ts';
import { onlyKnown } from './options.ts';

/** In the order in which they may be signed within a round. */
export const signedKinds = ['proposal', 'prevote', 'precommit'] as const;

/** What a signer does not sign, as one that cannot be reached. */
export interface Refusal {
  /** Default: at all heights, in all rounds. */
  readonly heights?: Span;
  readonly rounds?: Span;
  /** Default: all that it is asked for. */
  readonly kinds?: readonly (typeof signedKinds)[number][];
}

export interface SignerRule {
  /** It keeps a file of what it signed last. */
  readonly file: true;
  readonly refuses?: Refusal;
}

/** Throws `ScenarioError` for a field that is not known. */
export function signerRule({ refuses }: { readonly refuses?: Refusal }): SignerRule {
  if (refuses === undefined) return { file: true };
  return { file: true, refuses: onlyKnown('signer()', refuses, ['heights', 'rounds', 'kinds']) };
}

export function guardOf({ refuses }: SignerRule): SigningGuard {
  if (refuses === undefined) return signsForwards;
  const { heights, rounds, kinds = signedKinds } = refuses;
  return {
    refusal: (last, next) => {
      const kind = signedKinds[next.kind - 1];
      const isRefused =
        isWithin(heights, next.height) && isWithin(rounds, next.round) && kind !== undefined && kinds.includes(kind);
      return isRefused ? 'UNAVAILABLE' : signsForwards.refusal(last, next);
    },
  };
}

/** Mistakes in a rule whose shape is right, in words, each with its field. */
export function wrongSigner({ refuses = {} }: SignerRule): { readonly field: string; readonly message: string } | undefined {
  for (const field of ['heights', 'rounds'] as const) {
    const span = refuses[field];
    if (Array.isArray(span) && (span[0] as number) > (span[1] as number))
      return { field, message: `the ${field} that it refuses end before they begin` };
  }
  return refuses.kinds?.length === 0
    ? { field: 'kinds', message: 'it refuses nothing; leave `kinds` out to mean all' }
    : undefined;
}
