/** Suggests the known word that a misspelt one may mean. */

/** Returns text such as `; did you mean 'vote.cast'?`, or an empty text if no known word is similar. */
export function didYouMean(word: string, words: readonly string[]): string {
  const near = nearest(word, words);
  return near === undefined ? '' : `; did you mean '${near}'?`;
}

/** The known word with the smallest edit distance; undefined if none is similar. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const near = words
    .filter((other) => other !== word)
    .map((other) => ({ other, steps: distance(word, other) }))
    .sort((a, b) => a.steps - b.steps)[0];
  const most = word.length < 3 ? 0 : Math.max(2, Math.ceil(word.length / 3));
  return near !== undefined && near.steps <= most ? near.other : undefined;
}

/** The Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
