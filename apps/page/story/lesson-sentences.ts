/** Sentences as lessons write them: words alone, `{ rule }`, or `{ text, claim }` with what the words claim of the run. */
import type { Claim, Occurrence, Sentence } from './claim.ts';
import { complaintsAbout } from './marked-words.ts';

/** `{ durable: prevote at 2.0 }`, `{ heard: prevote at 2.0, by: [C] }`, `{ before: [B durable prevote at 2.0, B sent prevote at 2.0] }`. */
export type WrittenClaim = Readonly<Record<string, unknown>>;

export type WrittenSentence =
  | string
  | { readonly rule: string }
  | { readonly text: string; readonly claim?: WrittenClaim; readonly claims?: readonly WrittenClaim[] };

const places: readonly Occurrence['is'][] = ['said', 'durable', 'sent', 'heard', 'death', 'restart'];

export class LessonSentences {
  readonly #nodes: readonly string[];
  readonly #wrong: string[];

  /** What is wrong is added to `wrong`. */
  constructor(nodes: readonly string[], wrong: string[]) {
    this.#nodes = nodes;
    this.#wrong = wrong;
  }

  all(written: readonly WrittenSentence[], node: string): readonly Sentence[] {
    return written.map((one) => this.one(one, node));
  }

  /** `node`: the node of claims that name none. */
  one(written: WrittenSentence | undefined, node: string): Sentence {
    const sentence = this.#read(written ?? '', node);
    for (const complaint of complaintsAbout(sentence, this.#nodes)) this.#wrong.push(complaint);
    return sentence;
  }

  #read(written: WrittenSentence, node: string): Sentence {
    if (typeof written === 'string') return { text: written.trim(), claims: [] };
    if ('rule' in written) return { text: written.rule.trim(), claims: [], isRule: true };
    if (typeof written.text !== 'string') {
      const found = JSON.stringify(written);
      this.#wrong.push(`a sentence is a text or has a \`text\`, and ${found} is neither; write quotes around words with a colon`);
      return { text: '', claims: [] };
    }
    const { text, claim, claims = claim === undefined ? [] : [claim] } = written;
    return { text: text.trim(), claims: claims.flatMap((one) => this.#claim(one, node, text)) };
  }

  #claim(written: WrittenClaim, node: string, text: string): readonly Claim[] {
    const { of = node, by = [], not, to, before } = written;
    const common = { node: String(of), position: -1, ...(not === true ? { not: true } : {}) };
    for (const kind of ['durable', 'lost', 'heard', 'forgot'] as const) {
      const what = written[kind];
      if (typeof what !== 'string') continue;
      if (kind === 'heard') return [{ ...common, kind, what, by: by as readonly string[] }];
      return [{ ...common, kind, what, ...(typeof to === 'string' ? { to } : {}) }];
    }
    if (Array.isArray(before) && before.length === 2) {
      const [first, second] = before.map((one) => occurrence(String(one)));
      if (first !== undefined && second !== undefined)
        return [{ kind: 'before', first, second, position: -1, ...(not === true ? { not: true } : {}) }];
    }
    this.#wrong.push(
      `a claim is not understood: ${JSON.stringify(written)} under "${text}"; expected durable, lost, heard, forgot or before`,
    );
    return [];
  }
}

/** `B sent prevote at 2.0`; `C heard prevote at 2.0 of B`. */
function occurrence(text: string): Occurrence | undefined {
  const [, node = '', is = '', what = '', , from] = /^(\S+) (\S+) ?(.*?)( of (\S+))?$/.exec(text) ?? [];
  const place = places.find((one) => one === is);
  if (place === undefined) return undefined;
  return place === 'heard'
    ? { node: from ?? '', is: place, what, by: node }
    : { node, is: place, ...(what === '' ? {} : { what }) };
}
