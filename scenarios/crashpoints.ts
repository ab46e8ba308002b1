/**
 * A scenario as a plan for the enumerator of crash points: its cast, environment and faults, without the deaths in the victims' scripts
 * and what stands behind them.
 */
import type { ShellState } from '../actors/node/index.ts';
import type { World } from '../actors/scheduler/index.ts';
import type { CrashpointsPlan } from '../checker/index.ts';
import { ScriptDirector } from './director.ts';
import { castOf, type ScenarioData, ScenarioError, type ScriptStep } from './model.ts';
import { allProperties, alterationOf, exhibitOf, variantNamed } from './runner.ts';
import { stage } from './stage.ts';

export interface CrashpointsOptions {
  readonly nodes?: readonly string[];
  readonly sites?: readonly string[];
  /** Such as `10` or `3-5`. */
  readonly heights?: string;
  readonly death?: 'kill' | 'power';
  /** How long a victim stays down. */
  readonly restartMs?: number;
  readonly pending: number;
  readonly merge: boolean;
  readonly exhibit?: string;
  readonly variant?: string;
}

/** Throws `ScenarioError` for names and ranges that are none. */
export function crashpointsPlan(data: ScenarioData, options: CrashpointsOptions): CrashpointsPlan {
  const cast = castOf(data);
  const victims = options.nodes ?? cast;
  for (const victim of victims) {
    if (!cast.includes(victim)) throw new ScenarioError(`no node is called '${victim}'; the cast is ${cast.join(', ')}`);
  }
  const heights = rangeOf(options.heights, data, victims);
  const exhibit = options.exhibit ?? exhibitOf(variantNamed(data, options.variant));
  const alteration = alterationOf(exhibit);
  const living = withoutDeaths(data, victims);
  return {
    start: () =>
      stage(living, {
        seed: data.seed,
        record: false,
        properties: allProperties,
        director: new ScriptDirector(living),
        ...(alteration === undefined ? {} : { alteration }),
      }),
    properties: allProperties.map(({ name }) => name),
    victims,
    ...(options.sites === undefined ? {} : { sites: options.sites }),
    heights,
    deaths: options.death === undefined ? ['kill', 'power'] : [options.death],
    restartMs: options.restartMs ?? firstRestart(data, victims),
    pending: options.pending,
    merge: options.merge,
    hasRecovered,
    hasEnded: (world, victim, height) =>
      world.stoppedBecause(victim) !== undefined || world.position(victim).height >= height + 3,
    limitMs: 60_000,
  };
}

/** Its replay is over, or it has stopped for good. */
function hasRecovered(world: World, node: string): boolean {
  if (world.stoppedBecause(node) !== undefined) return true;
  const shell = world.state(node, 'consensus') as ShellState<unknown, unknown> | undefined;
  return shell !== undefined && (shell.mode === 'running' || shell.mode === 'storing');
}

function rangeOf(text: string | undefined, data: ScenarioData, victims: readonly string[]): readonly [number, number] {
  if (text !== undefined) {
    const found = /^(\d+)(?:-(\d+))?$/.exec(text);
    if (found === null) throw new ScenarioError(`'${text}' is no range of heights; write 10 or 3-5`);
    return [Number(found[1]), Number(found[2] ?? found[1])];
  }
  const named = victims.flatMap((victim) =>
    (data.scripts[victim] ?? []).flatMap((step) =>
      'moment' in step && typeof step.moment.where['height'] === 'number' ? [step.moment.where['height']] : [],
    ),
  );
  return named.length === 0 ? [1, 2] : [Math.min(...named), Math.max(...named)];
}

function firstRestart({ scripts }: ScenarioData, victims: readonly string[]): number {
  for (const victim of victims) for (const step of scripts[victim] ?? []) if (step.type === 'restart') return step.afterMs;
  return 1000;
}

function withoutDeaths(data: ScenarioData, victims: readonly string[]): ScenarioData {
  const scripts = Object.entries(data.scripts).map(([name, steps]): [string, readonly ScriptStep[]] => {
    if (!victims.includes(name)) return [name, steps];
    const death = steps.findIndex(({ type }) => type === 'death');
    return [name, death === -1 ? steps : steps.slice(0, death)];
  });
  return { ...data, scripts: Object.fromEntries(scripts) };
}
