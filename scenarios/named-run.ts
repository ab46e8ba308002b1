/** Runs by name: a token's run, and a failure kept as data. */
import type { Schedule } from '../checker/index.ts';
import { pointCase } from './crashpoints.ts';
import { drawnCase } from './fuzz.ts';
import { type ScenarioData, ScenarioError } from './model.ts';
import { type Run, type RunOptions, runScenario } from './runner.ts';
import type { RunName } from './token.ts';

/** What a token names, as a scenario to be run and how. Throws `ScenarioError` where the scenario has no such variant. */
export function namedCase(data: ScenarioData, name: RunName): { readonly data: ScenarioData; readonly options: RunOptions } {
  const { seed, variant, exhibit, what } = name;
  const broken = exhibit === undefined ? {} : { exhibit };
  if (what === 'fuzz' || what === 'around') return { data: drawnCase[what](data, seed), options: broken };
  if (what !== undefined) return { data: pointCase(data, what), options: { seed, ...broken } };
  if (variant === undefined) return { data, options: { seed, ...broken } };
  const chosen = data.variants[variant];
  if (chosen === undefined)
    throw new ScenarioError(`scenario '${data.name}' has no variant number ${variant}; it has ${data.variants.length}`);
  return { data, options: { seed, variant: chosen.name, ...broken } };
}

/** A failure as it is kept: the whole scenario, so that it needs nothing else to fail again. */
export interface Failure {
  readonly version: 1;
  readonly scenario: ScenarioData;
  readonly seed: number;
  readonly variant?: string;
  readonly exhibit?: string;
  /** The run hash. */
  readonly hash: string;
  readonly properties: readonly string[];
  readonly message: string;
  /** The token of the run it was shrunk from. */
  readonly from?: string;
  /** The order of its messages, where exploration found it. */
  readonly schedule?: Schedule;
}

/** `property`: the one it is about; its message is kept. */
export function failureOf(
  data: ScenarioData,
  options: RunOptions,
  run: Pick<Run, 'properties' | 'seed' | 'hash'>,
  property: string,
  from?: string,
): Failure {
  const violated = run.properties.filter(({ verdict }) => verdict === 'violated');
  const about = violated.find(({ name }) => name === property) ?? violated[0];
  const { variant, exhibit, schedule } = options;
  return {
    version: 1,
    scenario: data,
    seed: run.seed,
    ...(variant === undefined ? {} : { variant }),
    ...(exhibit === undefined ? {} : { exhibit }),
    hash: run.hash,
    properties: violated.map(({ name }) => name),
    message: about?.message ?? '',
    ...(from === undefined ? {} : { from }),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

/** A kept failure as a scenario to be run and how. */
export function failedCase({ scenario, seed, variant, exhibit, schedule }: Failure): {
  readonly data: ScenarioData;
  readonly options: RunOptions;
} {
  const options = {
    seed,
    ...(variant === undefined ? {} : { variant }),
    ...(exhibit === undefined ? {} : { exhibit }),
    ...(schedule === undefined ? {} : { schedule }),
  };
  return { data: scenario, options };
}

export function runFailure(failure: Failure, record: boolean): Run {
  const { data, options } = failedCase(failure);
  return runScenario(data, { ...options, record });
}
