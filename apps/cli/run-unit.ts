/** One variant of one file, as a worker runs it: plain data in, plain data out. */

import type { Listener } from '../../actors/scheduler/index.ts';
import { differsFromHonest } from '../../campaigns/exhibit-effect.ts';
import { nameOf, pointCase } from '../../campaigns/index.ts';
import { withDelay } from '../../campaigns/replay/named-run.ts';
import { withDeterminism, withIdleExhibit } from '../../campaigns/replay/run-twice.ts';
import { formatToken, type Run, type RunOptions, runScenario, type ScenarioData } from '../../scenarios/index.ts';
import { loadScenario } from './load-scenario.ts';
import { plainCluster } from './plain-cluster.ts';

export interface RunTask {
  readonly file: string;
  /** In place of a file. */
  readonly plain?: { readonly validators: number; readonly crash: string | undefined };
  /** The scenario of the file, when it is loaded already. */
  readonly data?: ScenarioData;
  readonly until?: ScenarioData['until'];
  /** In place of the delays that the scenario names, of every link. */
  readonly delay?: readonly [number, number];
  readonly variant?: string;
  readonly seed?: number;
  readonly maxSteps?: number;
}

export type RunReport = Omit<Run, 'world' | 'node' | 'again' | 'at'>;

export interface RunDone {
  readonly file: string;
  readonly run: RunReport;
  readonly ms: number;
  /** Names this very run. */
  readonly token: string;
}

/** The scenario as it was written, as it is run, and how. */
interface Prepared {
  readonly written: ScenarioData;
  readonly data: ScenarioData;
  readonly options: RunOptions;
}

/** Throws `ScenarioError` as `loadScenario` does. */
async function prepared({ file, data: loaded, plain, until, delay, variant, seed, maxSteps }: RunTask): Promise<Prepared> {
  const written = plain === undefined ? (loaded ?? (await loadScenario(file)).data) : plainCluster(plain.validators);
  const delayed = delay === undefined ? written : withDelay(written, delay);
  const living = plain?.crash === undefined ? delayed : pointCase(delayed, plain.crash);
  const data = until === undefined ? living : { ...living, until };
  const options = {
    ...(variant === undefined ? {} : { variant }),
    ...(seed === undefined ? {} : { seed }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
  };
  return { written, data, options };
}

/** The same run again, for its events, as they happen. Nothing of the run is kept. */
export async function traceRun(task: RunTask, listener: Listener): Promise<void> {
  const { data, options } = await prepared(task);
  runScenario(data, { ...options, listener });
}

/**
 * Loads what the task names, and gives the work. Throws `ScenarioError` as `loadScenario` does. `onTime` is called now and then with the
 * seconds of virtual time that have passed.
 */
export async function runUnit(task: RunTask, onTime?: (seconds: number) => void): Promise<() => RunDone> {
  const loaded = await prepared(task);
  return () => runTwice(task, loaded, onTime);
}

function runTwice(
  { file, plain, until, delay }: RunTask,
  loaded: Prepared,
  onTime: ((seconds: number) => void) | undefined,
): RunDone {
  const { written, data, options } = loaded;
  const started = performance.now();
  const watched = (before: number): Pick<RunOptions, 'listener'> =>
    onTime === undefined ? {} : { listener: clock((seconds) => onTime(before + seconds)) };
  const { world, node: _assertions, again: _rerun, at: _earlier, ...run } = runScenario(data, { ...options, ...watched(0) });
  const again = runScenario(data, { ...options, ...watched(Math.floor(world.now / 1_000_000)) }).hash;
  const ms = Math.round(performance.now() - started);
  const name = nameOf(written, {
    seed: run.seed,
    ...(until === undefined ? {} : { until }),
    ...(delay === undefined ? {} : { delay }),
    ...(plain?.crash === undefined ? { variant: run.variant } : { point: plain.crash }),
  });
  const isIdle = run.exhibit !== undefined && !differsFromHonest(run.hash, data, options);
  return { file, run: withIdleExhibit(withDeterminism(run, again), isIdle), ms, token: formatToken(name) };
}

/** Says every so often how far the run is, in seconds of virtual time. */
function clock(onTime: (seconds: number) => void): Listener {
  return ({ index, time }) => {
    if (index % 4096 === 0) onTime(Math.floor(time / 1_000_000));
  };
}
