/** A sentence in the document, marked with what it rests on: claims, a rule, or the run's own words. */
import type { VNode } from 'preact';
import type { Sentence } from '../story/claim.ts';

export function Words({ sentence }: { readonly sentence: Sentence }): VNode {
  const { text, claims, isRule, isQuoted } = sentence;
  if (isQuoted === true) return <span data-quoted>{text}</span>;
  if (isRule === true) return <span data-rule>{text}</span>;
  return claims.length > 0 ? <span data-claims={claims.map(({ kind }) => kind).join(' ')}>{text}</span> : <span>{text}</span>;
}
