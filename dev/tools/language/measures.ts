/** What is measured of the language of comments and documents. Each measure is a number that may only fall. */
import { commentSentences, pageSentences, type Sentence, wordsIn } from './prose.ts';

export type Area = 'comments' | 'documents';

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface Measure {
  /** `comments: sentences over 35 words`. */
  readonly name: string;
  readonly value: number;
  /** Where it is not zero. */
  readonly places: readonly Place[];
}

/** The most words of a sentence. */
export const longest = 35;
/** The most words of nine in ten sentences. */
export const usuallyLongest = 22;

/** Words and turns of our dialect, each with what is plainer. */
export const dialect: readonly { readonly name: string; readonly pattern: RegExp; readonly instead: string }[] = [
  { name: 'behind', pattern: /\bbehind\b/gi, instead: 'after' },
  { name: 'stands', pattern: /\b(stands?|stood)\b/gi, instead: 'is, or is in' },
  { name: 'tells', pattern: /\b(tells?|told|telling)\b/gi, instead: 'says, reports, lists' },
  { name: 'who', pattern: /\b(who|whoever|whom)\b/gi, instead: 'the node that' },
  { name: 'the how many-th', pattern: /how many-th/gi, instead: 'the 1-based index' },
  { name: 'leaves out', pattern: /\b(leaves?|left|leaving) out\b/gi, instead: 'does not model, omitted' },
  { name: 'Of ..., the', pattern: /^Of /g, instead: 'begin with the subject' },
  { name: 'in whose', pattern: /\bin whose\b/gi, instead: 'a noun' },
  { name: 'what comes of', pattern: /\b(comes?|came) of\b/gi, instead: 'outcome' },
  { name: "one's own", pattern: /\bone's own\b/gi, instead: 'your own, its own' },
  { name: 'hears', pattern: /\b(ears?|hears)\b/gi, instead: 'receives, observes' },
  { name: 'otherwise than', pattern: /\botherwise than\b/gi, instead: 'unlike, not as' },
  { name: 'so many', pattern: /\bso many\b/gi, instead: 'this many, a number' },
  { name: 'comes by', pattern: /\b(comes?|came|coming) by\b/gi, instead: 'reaches' },
  { name: 'in vain', pattern: /\bin vain\b/gi, instead: 'without effect, proves nothing' },
  { name: 'whatever', pattern: /\bwhatever\b/gi, instead: 'any, for each' },
  { name: 'goes by', pattern: /\b(goes|go|went) by\b/gi, instead: 'uses' },
];

interface Found extends Place {
  readonly area: Area;
  readonly words: number;
}

export interface Source {
  readonly file: string;
  readonly text: string;
}

export function measuresOf(sources: readonly Source[]): readonly Measure[] {
  const sentences = sources.flatMap(({ file, text }): readonly Found[] => {
    const area: Area = file.endsWith('.md') ? 'documents' : 'comments';
    const found: readonly Sentence[] = area === 'documents' ? pageSentences(text) : commentSentences(text);
    return found.map((one) => ({ ...one, file, area, words: wordsIn(one.text) }));
  });
  return (['comments', 'documents'] as const).flatMap((area) => {
    const own = sentences.filter((one) => one.area === area);
    const long = own.filter(({ words }) => words > longest);
    return [
      { name: `${area}: sentences over ${longest} words`, value: long.length, places: long },
      { name: `${area}: words of a sentence, 90th percentile`, value: percentile90(own), places: [] },
      ...dialect.map(({ name, pattern, instead }) => {
        const places = own.flatMap((one) => [...one.text.matchAll(pattern)].map(() => one));
        return { name: `${area}: '${name}' (plain: ${instead})`, value: places.length, places };
      }),
    ];
  });
}

function percentile90(sentences: readonly Found[]): number {
  const lengths = sentences.map(({ words }) => words).sort((a, b) => a - b);
  return lengths[Math.ceil(lengths.length * 0.9) - 1] ?? 0;
}

/** Limits that hold also if the kept counts are higher. */
const limits: Readonly<Record<string, number>> = {
  [`comments: words of a sentence, 90th percentile`]: usuallyLongest,
  [`documents: words of a sentence, 90th percentile`]: usuallyLongest,
};

export type Kept = Readonly<Record<string, number>>;

/** Measures above what is kept, and above the limit that holds at any time. */
export function riseOver(measures: readonly Measure[], kept: Kept): readonly Measure[] {
  return measures.filter(({ name, value }) => value > Math.max(kept[name] ?? 0, limits[name] ?? 0));
}

/** What is kept from now on: for each measure the lower of the two. A measure that is new is kept as it is. */
export function lowered(measures: readonly Measure[], kept: Kept): Kept {
  return Object.fromEntries(measures.map(({ name, value }) => [name, Math.min(value, kept[name] ?? value)]));
}
