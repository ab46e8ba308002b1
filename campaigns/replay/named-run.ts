/** Runs by name: a token's run, and a failure kept as data. */

import { ScenarioError } from '../../scenarios/error.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { type Run, type RunOptions, runScenario, variantNamed } from '../../scenarios/runner.ts';
import { type RunName, scenarioHash } from '../../scenarios/token.ts';
import { pointCase, usualRestartMs } from '../crash-points/from-scenario.ts';
import { drawnCase } from '../fuzzing/drawn-cases.ts';
import { steeredCase } from '../fuzzing/steering.ts';

/** What a token names, as a scenario to be run and how. Throws `ScenarioError` where the scenario has no such variant. */
export function namedCase(written: ScenarioData, name: RunName): { readonly data: ScenarioData; readonly options: RunOptions } {
  const { seed, exhibit, what } = name;
  const broken = exhibit === undefined ? {} : { exhibit };
  if (what === 'fuzz' || what === 'around' || what === 'environments')
    return { data: drawnCase[what](written, seed), options: broken };
  const [, mode, parent] = /^(fuzz|environments)-(\d+)$/.exec(what ?? '') ?? [];
  if (mode !== undefined)
    return { data: steeredCase(written, mode as 'fuzz' | 'environments', Number(parent), seed), options: broken };
  const chosen = variantOf(written, name);
  const { until, delay, restartMs, point } = partsOf(what ?? '');
  const data = delay === undefined ? written : withDelay(written, delay);
  const ended = until === undefined ? {} : { until };
  if (point === undefined) return { data: { ...data, ...ended }, options: { seed, ...broken, ...chosen } };
  const how = { ...chosen, ...(restartMs === undefined ? {} : { restartMs }) };
  return { data: { ...pointCase(data, point, how), ...ended }, options: { seed, ...broken } };
}

function variantOf(data: ScenarioData, { variant }: RunName): { readonly variant?: string } {
  if (variant === undefined) return {};
  const chosen = data.variants[variant];
  if (chosen !== undefined) return { variant: chosen.name };
  throw new ScenarioError(`scenario '${data.name}' has no variant number ${variant}; it has ${data.variants.length}`);
}

/** How a run of a scenario differs from the scenario as it is written. */
export interface Differences {
  readonly seed?: number;
  readonly variant?: string | null;
  readonly exhibit?: string | undefined;
  readonly until?: ScenarioData['until'];
  /** The shortest and the longest delay of every link, ms. */
  readonly delay?: readonly [number, number];
  /** A death at a crash point with its image, and how long its victim stays down. */
  readonly point?: string;
  readonly restartMs?: number;
}

/** The name of such a run: the same run in any process, as long as the scenario is what it was. */
export function nameOf(data: ScenarioData, { seed = data.seed, exhibit, ...how }: Differences): RunName {
  // For a death at a crash point without a variant the first variant is meant, and the others are dropped.
  const name = how.point === undefined ? how.variant : variantNamed(data, how.variant ?? undefined)?.name;
  const variant = data.variants.findIndex((candidate) => candidate.name === name);
  const what = textOf(data, how);
  return { scenario: scenarioHash(data), seed, variant: variant === -1 ? undefined : variant, exhibit, what };
}

/** A scenario with other delays of messages. Each link keeps what else is said of it. */
export function withDelay(data: ScenarioData, delay: readonly [number, number]): ScenarioData {
  const { links, ...all } = data.network;
  const others = Object.entries(links ?? {}).map(([pair, link]) => [pair, { ...link, delay }] as const);
  return { ...data, network: { ...all, delay, ...(links === undefined ? {} : { links: Object.fromEntries(others) }) } };
}

function textOf(data: ScenarioData, { until, delay, point, restartMs }: Differences): string | undefined {
  const parts: string[] = [];
  if (delay !== undefined) parts.push(`delay${delay[0]}-${delay[1]}ms`);
  if (until !== undefined) parts.push('timeMs' in until ? `to${until.timeMs}ms` : `toh${until.height}r${until.round}`);
  if (point !== undefined) {
    if (restartMs !== undefined && restartMs !== usualRestartMs(data, point)) parts.push(`${restartMs}ms`);
    parts.push(point);
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/** Throws `ScenarioError` for what `nameOf` never says. */
function partsOf(what: string): Pick<Differences, 'until' | 'delay' | 'point' | 'restartMs'> {
  // Times have microseconds: `1.5ms`.
  const found =
    /^(?:delay([\d.]+)-([\d.]+)ms(?:\/|$))?(?:to(?:([\d.]+)ms|h(\d+)r(\d+))(?:\/|$))?(?:(?:([\d.]+)ms\/)?([^/]*@.*))?$/.exec(
      what,
    );
  if (found === null) throw new ScenarioError(`a token that says '${what}' is of another version of lazurite`);
  const [, least, most, timeMs, height, round, restart, point] = found;
  return {
    ...(least === undefined ? {} : { delay: [Number(least), Number(most)] as const }),
    ...(timeMs === undefined ? {} : { until: { timeMs: Number(timeMs) } }),
    ...(height === undefined ? {} : { until: { height: Number(height), round: Number(round) } }),
    ...(restart === undefined ? {} : { restartMs: Number(restart) }),
    ...(point === undefined ? {} : { point }),
  };
}

/** A failure as it is kept: the whole scenario, so that it needs nothing else to fail again. */
export interface Failure {
  readonly version: 1;
  /** Names a run that was recorded on purpose. Not part of any hash; kept failures and older records have none. */
  readonly id?: string;
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
  const properties = violated.map(({ name }) => name);
  const { variant, exhibit } = options;
  return {
    version: 1,
    scenario: data,
    seed: run.seed,
    ...(variant === undefined ? {} : { variant }),
    ...(exhibit === undefined ? {} : { exhibit }),
    hash: run.hash,
    // One run alone cannot show that two differ.
    properties: property === 'determinism' && !properties.includes(property) ? [...properties, property] : properties,
    message: about?.message ?? '',
    ...(from === undefined ? {} : { from }),
  };
}

/** A kept failure as a scenario to be run and how. */
export function failedCase({ scenario, seed, variant, exhibit }: Failure): {
  readonly data: ScenarioData;
  readonly options: RunOptions;
} {
  const options = {
    seed,
    ...(variant === undefined ? {} : { variant }),
    ...(exhibit === undefined ? {} : { exhibit }),
  };
  return { data: scenario, options };
}

/** Runs a kept failure again. `record`: with its trace. */
export function runFailure(failure: Failure, record: boolean): Run {
  const { data, options } = failedCase(failure);
  return runScenario(data, { ...options, record });
}
