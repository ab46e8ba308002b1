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

/** What was chosen, by label and subject: what a replay needs where a seed alone does not say it. */
export type ChoiceRecord = Readonly<Record<string, number>>;

const nameOf = (label: string, subject: number): string => `${label} ${subject >>> 0}`;

/** Passes every question on to `source` and keeps the answers. */
export function recording(source: ChoiceSource): { readonly source: ChoiceSource; readonly record: () => ChoiceRecord } {
  const answers = new Map<string, number>();
  return {
    source: {
      choose: (count, label, subject) => {
        const answer = source.choose(count, label, subject);
        if (count > 1) answers.set(nameOf(label, subject), answer);
        return answer;
      },
    },
    record: () => Object.fromEntries(answers),
  };
}

/**
 * Answers from a record, by label and subject, not by order: removing one fault shifts nothing else. Where the record has no answer, or
 * one that is not possible any more, `fallback` is asked; `missed` counts that.
 */
export function recorded(record: ChoiceRecord, fallback: ChoiceSource): ChoiceSource & { readonly missed: () => number } {
  let missed = 0;
  return {
    choose: (count, label, subject) => {
      if (count <= 1) return 0;
      const answer = record[nameOf(label, subject)];
      if (answer !== undefined && answer < count) return answer;
      missed += 1;
      return fallback.choose(count, label, subject);
    },
    missed: () => missed,
  };
}
