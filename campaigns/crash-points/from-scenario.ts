/** Makes the plan of a campaign of crash points from a scenario. The plan keeps the nodes, the environment and the faults, without the deaths of victims. */

import type { WriteAheadState } from '../../actors/node/index.ts';
import type { World } from '../../actors/scheduler/index.ts';
import { own } from '../../core/own.ts';
import { buildWorld } from '../../scenarios/build-world.ts';
import { ScriptDirector } from '../../scenarios/director.ts';
import { ScenarioError } from '../../scenarios/error.ts';
import { asVariant, castOf, type ScenarioData } from '../../scenarios/model.ts';
import { numberIn } from '../../scenarios/moments.ts';
import { refuseUnknownNames, siteNamed } from '../../scenarios/names.ts';
import { protocolNamed } from '../../scenarios/protocols.ts';
import { alterationOf, exhibitOf, offWithoutLog, propertiesOf, variantNamed } from '../../scenarios/runner.ts';
import type { CrashpointsPlan, WalkPart } from './plan.ts';
import { firstRestart, secondRestartMs, withoutDeaths } from './point-case.ts';

export interface CrashpointsOptions {
  /** The victims (default: every node in turn). */
  readonly nodes?: readonly string[];
  /** Only crash points at these sites, such as `wal.flush` (default: all). */
  readonly sites?: readonly string[];
  /** The heights at which victims die, such as `10` or `3-5` (default: the heights in the victims' scripts, or 1 and 2). */
  readonly heights?: string;
  /** The kind of death (default: both kinds). */
  readonly death?: 'kill' | 'power';
  /** How long a victim stays down, ms of virtual time (default: as in the first restart of its script, or 1000). */
  readonly restartMs?: number;
  /** The most pending writes that are lost or kept sector by sector (default 2). */
  readonly pending?: number;
  /** `false`: every death is judged to its end, even if an equal state was judged before. */
  readonly merge?: boolean;
  /** Compares the states whenever merge keys are equal. A wrong merge throws `WrongMergeError`. */
  readonly verifyMerges?: boolean;
  /** A broken node in place of the honest one, by its name in the museum. */
  readonly exhibit?: string;
  /** The variant of the scenario (default: the first, if there is one). */
  readonly variant?: string;
  /** A second death at every crash point of each distinct recovery. */
  readonly nested?: boolean;
  /** Exactly two victims. Each pair of crash points is tried: the second victim dies while the first is down, and both come back together. */
  readonly together?: boolean;
  /** A part of the crash points, for work that is divided among workers. */
  readonly part?: WalkPart;
}

/** The default of `pending`. */
export const defaultPending = 2;

/** The plan of the campaign. Throws `ScenarioError` for unknown names and invalid ranges. */
export function crashpointsPlan(data: ScenarioData, options: CrashpointsOptions): CrashpointsPlan {
  refuseUnknownNames(data);
  const cast = castOf(data);
  const victims = options.nodes ?? cast;
  for (const victim of victims) {
    if (!cast.includes(victim)) throw new ScenarioError(`no node is called '${victim}'; the cast is ${cast.join(', ')}`);
  }
  const heights = rangeOf(options.heights, data, victims);
  const variant = variantNamed(data, options.variant);
  const exhibit = options.exhibit ?? exhibitOf(variant);
  const alteration = alterationOf(exhibit, data.protocol);
  const living = asVariant(withoutDeaths(data, victims), variant);
  const off = exhibit === 'no-wal' ? offWithoutLog : [];
  const properties = propertiesOf(data).filter(({ name }) => !off.includes(name));
  const progress = progressOf(data);
  const isTogether = options.together === true;
  if (isTogether) refuseTogether(options, victims);
  return {
    start: () =>
      buildWorld(living, {
        seed: data.seed,
        keeps: 'nothing',
        properties,
        director: new ScriptDirector(living),
        ...(alteration === undefined ? {} : { alteration }),
      }),
    properties: properties.map(({ name }) => name),
    victims,
    progress,
    ...(options.sites === undefined ? {} : { sites: options.sites.map(siteNamed) }),
    heights,
    deaths: options.death === undefined ? ['kill', 'power'] : [options.death],
    restartMs: options.restartMs ?? firstRestart(data, victims),
    pending: options.pending ?? defaultPending,
    merge: options.merge !== false,
    ...(options.verifyMerges === true ? { merges: { verify: true } } : {}),
    nested: options.nested === true,
    ...(isTogether ? { together: true } : {}),
    nestedRestartMs: secondRestartMs,
    ...(options.part === undefined ? {} : { part: options.part }),
    hasRecovered,
    hasEnded: (world, victim, height) => world.stoppedBecause(victim) !== undefined || progress(world, victim) >= height + 3,
    limitMs: 60_000,
  };
}

/** Returns a function that says how far a node is: its height, or what its protocol counts instead. */
export function progressOf(data: ScenarioData): (world: World, node: string) => number {
  const protocol = protocolNamed(data.protocol);
  return (world, node) => {
    const shell = world.state(node, 'consensus') as WriteAheadState | undefined;
    if (shell === undefined || protocol.progress === undefined) return world.position(node).height;
    return protocol.progress(shell.inner);
  };
}

/** Whether the replay of the node is over, or the node has stopped for good. */
function hasRecovered(world: World, node: string): boolean {
  if (world.stoppedBecause(node) !== undefined) return true;
  const shell = world.state(node, 'consensus') as WriteAheadState | undefined;
  return shell !== undefined && (shell.mode === 'running' || shell.mode === 'storing');
}

function refuseTogether({ nested }: CrashpointsOptions, victims: readonly string[]): void {
  const given = `the victims are ${victims.join(', ')}`;
  if (new Set(victims).size !== 2 || victims.length !== 2)
    throw new ScenarioError(`two victims die together, and ${given}; name two, such as --node ${victims.slice(0, 2).join(',')}`);
  if (nested === true)
    throw new ScenarioError('two victims together and a second death during the recovery cannot be combined; leave one out');
}

function rangeOf(text: string | undefined, data: ScenarioData, victims: readonly string[]): readonly [number, number] {
  if (text !== undefined) {
    const found = /^(\d+)(?:-(\d+))?$/.exec(text);
    if (found === null) throw new ScenarioError(`'${text}' is no range of heights; write 10 or 3-5`);
    const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
    if (last < first) throw new ScenarioError(`'${text}' ends before it begins; write ${last}-${first}`);
    return [first, last];
  }
  const named = victims.flatMap((victim) =>
    (own(data.scripts, victim) ?? []).flatMap((step) => ('moment' in step ? (numberIn(step.moment?.where['height']) ?? []) : [])),
  );
  return named.length === 0 ? [1, 2] : [Math.min(...named), Math.max(...named)];
}
