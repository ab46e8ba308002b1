/** What `run` prints for machines, and the totals of several runs. */

import type { Lost } from './lost-units.ts';
import type { RunDone, RunReport } from './run-unit.ts';

export interface RunJson {
  readonly version: 1;
  readonly ok: boolean;
  readonly isInterrupted: boolean;
  readonly lost: readonly Lost[];
  /** Errors of files that could not be run. */
  readonly mistakes: readonly string[];
  readonly scenarios: readonly object[];
  readonly totals: object;
}

export function runJson(
  runs: readonly Pick<RunDone, 'file' | 'run' | 'ms' | 'token'>[],
  { isInterrupted, lost, mistakes }: Pick<RunJson, 'isInterrupted' | 'lost' | 'mistakes'>,
): RunJson {
  const scenarios = runs.map(({ file, run, ms, token }) => ({
    file,
    name: run.scenario,
    variant: run.variant,
    seed: run.seed,
    verdict: run.verdict,
    asExpected: run.asExpected,
    complaints: run.complaints,
    hash: run.hash,
    token,
    heights: run.heights,
    deaths: run.deaths,
    restored: run.restored,
    returns: run.returns,
    incidents: run.incidents,
    standstills: run.standstills,
    properties: run.properties,
    marks: run.marks,
    ended: run.ended,
    ms,
  }));
  const ok = !isInterrupted && lost.length + mistakes.length === 0 && runs.every(({ run }) => run.asExpected);
  return { version: 1, ok, isInterrupted, lost, mistakes, scenarios, totals: totalsOf(runs.map(({ run }) => run)) };
}

export interface Totals {
  readonly runs: number;
  readonly asExpected: number;
  readonly held: number;
  readonly violated: number;
  readonly undecided: number;
  readonly deaths: number;
  readonly votesRestored: number;
}

export function totalsOf(runs: readonly RunReport[]): Totals {
  const count = (verdict: string): number => runs.filter((run) => run.verdict === verdict).length;
  return {
    runs: runs.length,
    asExpected: runs.filter((run) => run.asExpected).length,
    held: count('held'),
    violated: count('violated'),
    undecided: count('undecided'),
    deaths: runs.reduce((sum, { deaths }) => sum + deaths.length, 0),
    votesRestored: runs.reduce((sum, { restored }) => sum + restored.votes, 0),
  };
}
