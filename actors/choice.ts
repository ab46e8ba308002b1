/**
 * Choices: everything in a run that is not forced goes through `choose`.
 *
 * A seeded draw is a pure function of (seed, label, subject), not of how many draws came before. So removing one fault shifts
 * no other draw, and a fork has no random stream to copy.
 */
import { mix, textDigest } from './digest.ts';

/** Where the answers to open questions come from. */
export interface ChoiceSource {
  /** Picks one of `count` possibilities (0 .. count - 1). `subject` is a 32-bit digest of what the question is about. */
  choose(count: number, label: string, subject: number): number;
}

/** The default source: draws depend on the seed, the label and the subject only. */
export function seeded(seed: number): ChoiceSource {
  const labels = new Map<string, number>();
  return {
    choose(count, label, subject) {
      if (count <= 1) return 0;
      let labelDigest = labels.get(label);
      if (labelDigest === undefined) {
        labelDigest = textDigest(label, seed);
        labels.set(label, labelDigest);
      }
      // 32 random bits scaled to the count: exact in doubles, and the bias is below count / 2^32.
      return Math.floor((mix(mix(labelDigest, subject), seed) / 0x1_0000_0000) * count);
    },
  };
}
