/**
 * Choices: everything random in a run goes through `choose`.
 *
 * A seeded draw is a pure function of the seed, a label and a subject. It does not depend on how many draws came before. So removing one fault
 * changes no other draw, and a fork has no random stream to copy.
 */
import { mix, textDigest } from './digest.ts';

/** The source of all random choices of a run. */
export interface ChoiceSource {
  /** Picks one of `count` possibilities (0 .. count - 1). `label` names the kind of choice, and `subject` is a 32-bit digest of what it is about. */
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

/** Recorded choices by label and subject. A replay needs them if the choices do not follow from the seed. */
export type ChoiceRecord = Readonly<Record<string, number>>;

const nameOf = (label: string, subject: number): string => `${label} ${subject >>> 0}`;

/** Makes each choice with `source`, and records it. */
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
 * Takes choices from a record, by label and subject. If the record has no choice, or one that is no longer possible, `fallback` chooses; `missed` counts
 * these cases.
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
