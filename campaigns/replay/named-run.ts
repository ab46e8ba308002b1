/** Turns the name in a token into a runnable scenario and back, and keeps a failure as data. */

import { ScenarioError } from '../../scenarios/error.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { type Run, type RunOptions, runScenario, variantNamed } from '../../scenarios/runner.ts';
import { type RunName, scenarioHash } from '../../scenarios/token.ts';
import { pointCase, usualRestartMs } from '../crash-points/point-case.ts';
import { drawnCase } from '../fuzzing/drawn-cases.ts';
import { steeredCase } from '../fuzzing/steering.ts';

/** The scenario and the options of the run that a token names. Throws `ScenarioError` if the scenario has no such variant. */
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

/** How a run differs from the plain run of its scenario. */
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

/** The name of such a run. It names the same run in every process, as long as the scenario is unchanged. */
export function nameOf(data: ScenarioData, { seed = data.seed, exhibit, ...how }: Differences): RunName {
  // A death at a crash point always runs in one variant: the named one, or the first.
  const name = how.point === undefined ? how.variant : variantNamed(data, how.variant ?? undefined)?.name;
  const variant = data.variants.findIndex((candidate) => candidate.name === name);
  const what = textOf(data, how);
  return { scenario: scenarioHash(data), seed, variant: variant === -1 ? undefined : variant, exhibit, what };
}

/** The scenario with other delays of messages on all links. Other settings of links stay. */
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

/** Parses the last part of a token. Throws `ScenarioError` for a text that `nameOf` never writes. */
function partsOf(what: string): Pick<Differences, 'until' | 'delay' | 'point' | 'restartMs'> {
  // Times may have a fraction: `1.5ms`.
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

/** A failure that is kept as a file. It contains the whole scenario, so it can be repeated without any other file. */
export interface Failure {
  readonly version: 1;
  /** Names a run that was recorded on purpose. It is part of no hash. Kept failures and older records have none. */
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

/** The failure of a run. `property` is the violated property whose message is kept. */
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
    // `determinism` is judged by a second run, so the run itself does not list it.
    properties: property === 'determinism' && !properties.includes(property) ? [...properties, property] : properties,
    message: about?.message ?? '',
    ...(from === undefined ? {} : { from }),
  };
}

/** The scenario and the options of a kept failure. */
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

/** Runs a kept failure again. With `record` the run keeps its events. */
export function runFailure(failure: Failure, record: boolean): Run {
  const { data, options } = failedCase(failure);
  return runScenario(data, { ...options, record });
}
