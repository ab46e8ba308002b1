/** One variant of one file, as a worker runs it: plain data in, plain data out. */
import { type Run, runScenario } from '../scenarios/index.ts';
import { loadScenario } from './load-scenario.ts';

export interface RunTask {
  readonly file: string;
  readonly variant?: string;
  readonly seed?: number;
  readonly trace: boolean;
}

export type RunReport = Omit<Run, 'world' | 'node'>;

export interface RunDone {
  readonly file: string;
  readonly run: RunReport;
  readonly ms: number;
  /** The events, a line each. */
  readonly trace: readonly string[];
}

/** Throws `ScenarioError` as `loadScenario` does. */
export async function runOne({ file, variant, seed, trace }: RunTask): Promise<RunDone> {
  const { data } = await loadScenario(file);
  const started = performance.now();
  const named = variant === undefined ? {} : { variant };
  const {
    world,
    node: _assertions,
    ...run
  } = runScenario(data, { ...named, ...(seed === undefined ? {} : { seed }), record: trace });
  const lines = trace ? [...world.trace.events()].map((event) => JSON.stringify(event)) : [];
  return { file, run, ms: Math.round(performance.now() - started), trace: lines };
}
