/** Finds runs for the corpus: for each rare mark, the smallest honest runs that reached it. */
import { drawnCase } from '../../campaigns/index.ts';
import { runScenario, type ScenarioData } from '../../scenarios/index.ts';

interface Candidate {
  readonly seed: number;
  readonly data: ScenarioData;
  readonly hash: string;
  readonly marks: readonly string[];
  /** The length of its text. */
  readonly size: number;
}

export interface Gathered extends Candidate {
  /** For which it was taken. */
  readonly mark: string;
}

/** A mark that a smaller part of the runs than this reached is rare. */
const rareShare = 0.25;

/** `wanted`: runs for each mark. The rarest mark chooses first, and a run that was chosen counts for all of its marks. */
export function gather(base: ScenarioData, seeds: readonly number[], wanted: number): readonly Gathered[] {
  const held = seeds.flatMap((seed): readonly Candidate[] => {
    const data = drawnCase.environments(base, seed);
    const run = runScenario(data);
    if (run.verdict !== 'held') return [];
    const marks = Object.keys(run.marks).filter((mark) => (run.marks[mark] ?? 0) > 0);
    return [{ seed, data, hash: run.hash, marks, size: JSON.stringify(data).length }];
  });
  const countOf = (mark: string): number => held.filter(({ marks }) => marks.includes(mark)).length;
  const counts = [...new Set(held.flatMap(({ marks }) => marks))].map((mark) => [mark, countOf(mark)] as const);
  const rare = counts
    .filter(([, count]) => count < rareShare * held.length)
    .sort(([a, few], [b, many]) => few - many || (a < b ? -1 : 1));
  const chosen: Gathered[] = [];
  for (const [mark] of rare) {
    const having = held.filter(({ marks }) => marks.includes(mark)).sort((a, b) => a.size - b.size || a.seed - b.seed);
    for (const candidate of having) {
      if (chosen.filter(({ marks }) => marks.includes(mark)).length >= wanted) break;
      if (!chosen.some(({ seed }) => seed === candidate.seed)) chosen.push({ ...candidate, mark });
    }
  }
  return chosen;
}
