/** Terms of the field, each in a sentence, and how they are found in a text so that each is explained where it first appears. */

export interface Term {
  readonly name: string;
  readonly pattern: RegExp;
  /** A rule: it names no node and is true of every run. */
  readonly means: string;
}

export const terms: readonly Term[] = [
  { name: 'v3', pattern: /\b[vwxyz]\d+\b/, means: 'A value: v3 is the first of height 3, w3 the second.' },
  {
    name: 'height',
    pattern: /\bheights?\b/i,
    means: 'The number of a decision.',
  },
  { name: 'round', pattern: /\brounds?\b/i, means: 'One attempt at a decision.' },
  { name: 'proposal', pattern: /\b(proposals?|proposes?|proposed)\b/i, means: 'The value that one node suggests.' },
  { name: 'prevote', pattern: /\bprevotes?\b/i, means: 'The first vote of a round.' },
  {
    name: 'precommit',
    pattern: /\bprecommits?\b/i,
    means: 'The second vote. Enough of them decide.',
  },
  { name: 'nil', pattern: /\bnil\b/i, means: 'A vote for no value.' },
  { name: 'lock', pattern: /\b(locks?|locked)\b/i, means: 'The value that a node holds on to.' },
  {
    name: 'log',
    pattern: /\blog\b/i,
    means: 'A file in which a node writes each message, in order. In full: write-ahead log, or WAL.',
  },
  { name: 'frame', pattern: /\bframes?\b/i, means: 'One entry of the log.' },
  {
    name: 'page cache',
    pattern: /\bpage cache\b/i,
    means: 'Memory of the operating system for files. It survives the death of a process, not a power failure.',
  },
  {
    name: 'fsync',
    pattern: /\b(fsync|flush|flushes|flushed)\b/i,
    means: 'The call that moves what was written from the page cache to the disk, and comes back when it is there.',
  },
  { name: 'durable', pattern: /\bdurable\b/i, means: 'On the disk: it survives a power failure.' },
  {
    name: 'replay',
    pattern: /\breplay(s|ed)?\b/i,
    means: 'Feeding the logged messages to the same code again, to come to the same state.',
  },
];

/** The terms that a text uses and none of the earlier texts used. */
export function newTerms(text: string, earlier: string): readonly Term[] {
  return terms
    .filter(({ pattern }) => pattern.test(text) && !pattern.test(earlier))
    .map((term) => (term.name === 'v3' ? (valueTerm(text) ?? term) : term));
}

const ordinals: Readonly<Record<string, string>> = { v: 'first', w: 'second', x: 'third', y: 'fourth', z: 'fifth' };

/** The first value that a text names, in the place of the one that the list has as an example. */
function valueTerm(text: string): Term | undefined {
  const [name, letter = '', height = ''] = /\b([vwxyz])(\d+)\b/.exec(text) ?? [];
  const ordinal = ordinals[letter];
  if (name === undefined || ordinal === undefined) return undefined;
  return { name, pattern: /\b[vwxyz]\d+\b/, means: `A value: the ${ordinal} of height ${height}.` };
}
