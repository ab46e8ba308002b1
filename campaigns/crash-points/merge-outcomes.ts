/** Combines the outcomes of several deaths into one. */
import type { Cell, CellFailure } from './plan.ts';

export type Judged = Omit<Cell, 'order' | 'point' | 'phase'>;

/** Keeps the first failure of each property, and the worst verdict: violated, then undecided, then held. */
export function mergeOutcomes(parts: readonly Judged[]): Judged {
  const failures: CellFailure[] = [];
  for (const failure of parts.flatMap((part) => part.failures))
    if (!failures.some(({ property }) => property === failure.property)) failures.push(failure);
  const verdicts = new Set(parts.map(({ verdict }) => verdict));
  return {
    images: parts.reduce((sum, { images }) => sum + images, 0),
    verdict: verdicts.has('violated') ? 'violated' : verdicts.has('undecided') ? 'undecided' : 'held',
    failures,
  };
}
