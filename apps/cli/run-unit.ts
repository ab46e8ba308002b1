/** One variant of one file, as a worker runs it: plain data in, plain data out. */

import type { Listener } from '../../actors/scheduler/index.ts';
import { differsFromHonest } from '../../campaigns/exhibit-effect.ts';
import { nameOf, pointCase } from '../../campaigns/index.ts';
import {
  formatToken,
  type PropertyResult,
  type Run,
  type RunOptions,
  runScenario,
  type ScenarioData,
} from '../../scenarios/index.ts';
import { traceLines } from '../../scenarios/trace-text.ts';
import { loadScenario } from './load-scenario.ts';
import { plainCluster } from './plain-cluster.ts';

export interface RunTask {
  readonly file: string;
  /** In place of a file. */
  readonly plain?: { readonly validators: number; readonly crash: string };
  /** What stands in the file, where it is loaded already: Ctrl-C reaches what waits for no file. */
  readonly data?: ScenarioData;
  readonly until?: ScenarioData['until'];
  readonly variant?: string;
  readonly seed?: number;
  readonly trace: 'none' | 'wal' | 'all';
  readonly maxSteps?: number;
}

export type RunReport = Omit<Run, 'world' | 'node' | 'again' | 'at'>;

export interface RunDone {
  readonly file: string;
  readonly run: RunReport;
  readonly ms: number;
  /** Names this very run. */
  readonly token: string;
  /** The events, a line each. */
  readonly trace: readonly string[];
}

/** Throws `ScenarioError` as `loadScenario` does. `onTime` is told now and then of the seconds of virtual time that have passed. */
export async function runUnit(
  { file, data: loaded, plain, until, variant, seed, trace, maxSteps }: RunTask,
  onTime?: (seconds: number) => void,
): Promise<RunDone> {
  const written = plain === undefined ? (loaded ?? (await loadScenario(file)).data) : plainCluster(plain.validators);
  const living = plain === undefined ? written : pointCase(written, plain.crash);
  const data = until === undefined ? living : { ...living, until };
  const started = performance.now();
  const options = {
    ...(variant === undefined ? {} : { variant }),
    ...(seed === undefined ? {} : { seed }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
  };
  const watched = (before: number): Pick<RunOptions, 'listener'> =>
    onTime === undefined ? {} : { listener: clock((seconds) => onTime(before + seconds)) };
  const {
    world,
    node: _assertions,
    again: _rerun,
    at: _earlier,
    ...run
  } = runScenario(data, { ...options, ...watched(0), record: trace !== 'none' });
  const lines = trace === 'none' ? [] : [...traceLines(world.trace.events(), trace)];
  const again = runScenario(data, { ...options, ...watched(Math.floor(world.now / 1_000_000)) }).hash;
  const ms = Math.round(performance.now() - started);
  const name = nameOf(written, {
    seed: run.seed,
    ...(until === undefined ? {} : { until }),
    ...(plain === undefined ? { variant: run.variant } : { point: plain.crash }),
  });
  const isIdle = run.exhibit !== undefined && !differsFromHonest(run.hash, data, options);
  return { file, run: withExhibit(withDeterminism(run, again), isIdle), ms, token: formatToken(name), trace: lines };
}

/** The last property is judged by a second run: it must end with the same hash. */
export function withDeterminism<Report extends RunReport>(run: Report, again: string): Report {
  const isSame = again === run.hash;
  const message = `a second run ended with the hash ${again}`;
  const result: PropertyResult = isSame
    ? { name: 'determinism', verdict: 'held' }
    : { name: 'determinism', verdict: 'violated', message };
  const properties = [...run.properties, result];
  const variant = run.data.variants.find(({ name }) => name === run.variant);
  const isExpected = variant?.expect?.fail.includes('determinism') === true;
  const verdict = isSame ? run.verdict : 'violated';
  if (isSame !== isExpected) return { ...run, properties, verdict };
  const complaint = isSame ? 'determinism was expected to fail and did not' : `determinism was violated: ${message}`;
  return { ...run, properties, verdict, asExpected: false, complaints: [...run.complaints, complaint] };
}

/** An exhibit that changed nothing has shown nothing: what held is undecided. */
function withExhibit(run: RunReport, isIdle: boolean): RunReport {
  if (!isIdle) return run;
  const complaint = `the exhibit '${run.exhibit}' changed nothing: the run has the hash of the honest node's`;
  const verdict = run.verdict === 'violated' ? 'violated' : 'undecided';
  return { ...run, verdict, asExpected: false, complaints: [complaint, ...run.complaints] };
}

/** Says every so often how far the run is, in seconds of virtual time. */
function clock(onTime: (seconds: number) => void): Listener {
  return ({ index, time }) => {
    if (index % 4096 === 0) onTime(Math.floor(time / 1_000_000));
  };
}
