/**
 * The steered half of a fuzz campaign. The runs of the first half that came to rare pairs are kept in a corpus of bounded size. Each run of the second half
 * varies one of them. It has the same nodes, links and liars, most of the faults at nearly the same times, and some new faults.
 */
import type { PlannedFault } from '../../scenarios/faults.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { Dice } from './dice.ts';
import { accidentsOn, drawnCase, type FuzzMode } from './drawn-cases.ts';

/** The most runs in the corpus. */
const mostKept = 64;
/** A pair is rare when at most this many runs came to it. */
const rareRuns = 3;

export interface PairCounts {
  /** For each pair: the number of runs that came to it, and the seed of the first. */
  readonly [pair: string]: { readonly runs: number; readonly seed: number };
}

/** Adds the counts of two groups of runs. The runs of `a` were first. */
export function mergePairs(a: PairCounts, b: PairCounts): PairCounts {
  const total: Record<string, PairCounts[string]> = { ...a };
  for (const [pair, { runs, seed }] of Object.entries(b)) {
    const known = Object.hasOwn(total, pair) ? total[pair] : undefined;
    total[pair] = { runs: (known?.runs ?? 0) + runs, seed: known?.seed ?? seed };
  }
  return total;
}

/** The seeds of the first runs that came to rare pairs, beginning with the rarest pairs. */
export function corpusOf(pairs: PairCounts): readonly number[] {
  const rare = Object.entries(pairs)
    .filter(([, { runs }]) => runs <= rareRuns)
    .sort(([a, one], [b, other]) => one.runs - other.runs || (a < b ? -1 : 1));
  return [...new Set(rare.map(([, { seed }]) => seed))].slice(0, mostKept);
}

/** The run of the corpus that this seed varies; undefined if the corpus is empty. */
export function parentOf(corpus: readonly number[], seed: number): number | undefined {
  return corpus.length === 0 ? undefined : new Dice(seed, 'parent').pick(corpus);
}

/**
 * An estimate of the probability that one more run comes to a new pair. It is the share of runs that came to a pair which no other run came to (the
 * Good-Turing estimate). The runs must be drawn independently.
 */
export function chanceOfNew(pairs: PairCounts, runs: number): number {
  const alone = new Set(Object.values(pairs).flatMap((one) => (one.runs === 1 ? [one.seed] : [])));
  return runs === 0 ? 1 : alone.size / runs;
}

/** How much earlier or later (ms) a fault may strike than in the kept run. */
const shiftMs = 40;

/** The scenario of a seed that varies a kept run. Faults are removed, moved or added. None is made more severe, so the plan stays within the bound. */
export function steeredCase(base: ScenarioData, mode: FuzzMode, parent: number, seed: number): ScenarioData {
  const data = drawnCase[mode](base, parent);
  const dice = new Dice(seed, 'steered');
  const faults = data.faults.flatMap((planned): readonly PlannedFault[] => {
    const isGoneForGood = planned.fault.type === 'kill' && planned.fault.restartMs === undefined;
    if (isGoneForGood) return [planned];
    return dice.below(6) === 0 ? [] : [moved(planned, data.safetyMs ?? Number.POSITIVE_INFINITY, dice)];
  });
  const accidents = dice.below(3) === 0 ? [] : accidentsOn(data, seed);
  return { ...data, seed: dice.below(3) === 0 ? data.seed : seed, faults: [...faults, ...accidents] };
}

function moved({ trigger, fault }: PlannedFault, safetyMs: number, dice: Dice): PlannedFault {
  if (!('timeMs' in trigger) || trigger.timeMs === 0 || dice.below(2) === 0) return { trigger, fault };
  const timeMs = trigger.timeMs + dice.between(-shiftMs, shiftMs);
  return { trigger: { timeMs: Math.max(1, Math.min(timeMs, safetyMs - 1)) }, fault };
}
