/** Words that say something of a run, and the kinds of claim that each may rest on. The test of true sentences and the reader of lessons use them. */
import type { ClaimKind, Sentence } from './claim.ts';

interface MarkedWord {
  readonly pattern: RegExp;
  readonly kinds: readonly ClaimKind[];
}

const ofDisks: readonly ClaimKind[] = ['durable', 'lost'];

export const markedWords: readonly MarkedWord[] = [
  { pattern: /\b(durable|durably|synced|flushed)\b/i, kinds: ['durable', 'lost', 'before'] },
  { pattern: /\bdisks?\b/i, kinds: ofDisks },
  { pattern: /\b(lost|gone|survives?|survived)\b/i, kinds: ofDisks },
  { pattern: /\b(before|after|afterwards)\b/i, kinds: ['before'] },
  { pattern: /\b(heard|hears?|hearing)\b/i, kinds: ['heard', 'before', 'forgot'] },
  { pattern: /\b(forgot|forgets?|forgotten|forgetting|remembers?|remembered)\b/i, kinds: ['forgot'] },
];

const negations = /\b(not|no|nobody|never|nothing|none|neither|without|only|cannot|nor)\b|n't\b/i;

/** Why a sentence may not be shown; empty: it may. Whether its claims are true is asked elsewhere. */
export function complaintsAbout(sentence: Sentence, nodes: readonly string[]): readonly string[] {
  const { text, claims, isRule, isQuoted } = sentence;
  if (isQuoted === true) return [];
  if (isRule === true) {
    const named = nodes.filter((name) =>
      new RegExp(`\\b${escaped(name)}\\b(?!-)`).test(text.replace(/^A /, '').replace(/([.:;?!"]) A /g, '$1 ')),
    );
    return named.map((name) => `a rule names the node ${name}: "${text}"`);
  }
  const found: string[] = [];
  for (const { pattern, kinds } of markedWords) {
    const word = pattern.exec(text)?.[0];
    if (word !== undefined && !claims.some(({ kind }) => kinds.includes(kind)))
      found.push(`'${word}' needs a claim (${kinds.join(' or ')}): "${text}"`);
  }
  const isNegated = negations.test(text);
  if (claims.some(({ not }) => not === true) && !isNegated)
    found.push(`its claim says not, and the sentence does not: "${text}"`);
  if (
    /\b(not|nobody|never)\b/i.test(text) &&
    claims.length > 0 &&
    !claims.some(({ kind, not }) => not === true || kind === 'forgot' || kind === 'lost' || kind === 'before')
  )
    found.push(`the sentence says not, and its claim does not: "${text}"`);
  return found;
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
