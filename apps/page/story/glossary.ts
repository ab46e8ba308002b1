/** Terms of the field, each in a sentence, and how they are found in a text so that each is explained where it first appears. */

export interface Term {
  readonly name: string;
  readonly pattern: RegExp;
  /** A rule: it names no node and is true of every run. */
  readonly means: string;
}

export const terms: readonly Term[] = [
  { name: 'v3', pattern: /\bv\d+\b/, means: '' },
  { name: 'w3', pattern: /\b[wxyz]\d+\b/, means: '' },
  {
    name: 'height',
    pattern: /\bheights?\b/i,
    means: 'The number of a decision: the third is made at height 3.',
  },
  { name: 'round', pattern: /\brounds?\b/i, means: 'One attempt at a decision. The first is round 0.' },
  { name: 'proposal', pattern: /\b(proposals?|proposes?|proposed)\b/i, means: 'The value that one node suggests to the others.' },
  {
    name: 'prevote',
    pattern: /\bprevotes?\b/i,
    means: 'The vote before a precommit. A node precommits what more than two thirds have prevoted.',
  },
  {
    name: 'precommit',
    pattern: /\bprecommits?\b/i,
    means: 'The vote that decides: more than two thirds of them for one value decide it.',
  },
  { name: 'nil', pattern: /\bnil\b/i, means: 'A vote for no value.' },
  {
    name: 'lock',
    pattern: /\b(locks?|locked)\b/i,
    means:
      'The value that a node has precommitted. It votes for no other one at this height, unless more than two thirds prevote that later.',
  },
  {
    name: 'log',
    pattern: /\blog\b/i,
    means: 'A file with an entry for each message, in order (write-ahead log, WAL).',
  },
  { name: 'frame', pattern: /\bframes?\b/i, means: 'One entry of the log.' },
  {
    name: 'signed',
    pattern: /\bsigned\b/i,
    means: 'Sealed with a secret key of the node, so that everyone can tell who said it.',
  },
  {
    name: 'batch',
    pattern: /\bbatch(es)?\b/i,
    means: 'Frames that are flushed together.',
  },
  {
    name: 'page cache',
    pattern: /\bpage cache\b/i,
    means: 'Memory of the operating system for files. It survives the death of a process, not a loss of power.',
  },
  {
    name: 'flush',
    pattern: /\b(fsync|flush|flushes|flushed)\b/i,
    means: 'To move what is in the page cache to the disk, and wait until it is there (fsync).',
  },
  { name: 'durable', pattern: /\bdurable\b/i, means: 'On the disk: it survives a power failure.' },
  {
    name: 'replay',
    pattern: /\breplay(s|ed)?\b/i,
    means: 'Feeding the logged messages to the same code again, to come to the same state.',
  },
];

/** What a stop shows: its sentences, and the words on its stage. */
export interface Shown {
  readonly said: string;
  readonly stage: string;
}

/** More of them are not read. */
const mostAtOnce = 5;

/** The terms that are explained at the last of these stops: its own sentences first, then its stage, then what earlier stops had no room for. */
export function termsAt(stops: readonly Shown[]): readonly Term[] {
  const explained = new Set<string>();
  let [now, waiting]: [readonly Term[], readonly Term[]] = [[], []];
  for (const { said, stage } of stops) {
    const wanted = [...newTerms(said, ''), ...waiting, ...newTerms(stage, '')];
    const fresh = wanted.filter(
      ({ pattern }, index) =>
        !explained.has(pattern.source) && wanted.findIndex((other) => other.pattern.source === pattern.source) === index,
    );
    now = fresh.slice(0, mostAtOnce);
    waiting = fresh.slice(mostAtOnce);
    for (const { pattern } of now) explained.add(pattern.source);
  }
  return now;
}

/** The terms that a text uses and none of the earlier texts used. */
export function newTerms(text: string, earlier: string): readonly Term[] {
  return terms.filter(({ pattern }) => pattern.test(text) && !pattern.test(earlier)).map((term) => valueTerm(term, text) ?? term);
}

const ordinals: Readonly<Record<string, string>> = { v: 'first', w: 'second', x: 'third', y: 'fourth', z: 'fifth' };

/** A term of values, with the name that the text has first. */
function valueTerm({ pattern, means }: Term, text: string): Term | undefined {
  const [name = '', letter = '', height] = means === '' ? (/^(.)(\d+)$/.exec(pattern.exec(text)?.[0] ?? '') ?? []) : [];
  const ordinal = ordinals[letter];
  return ordinal === undefined
    ? undefined
    : { name, pattern, means: `The ${ordinal} value that is proposed at height ${height}.` };
}
