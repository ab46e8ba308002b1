/**
 * Makes the plan of a campaign of crash points from a scenario. The plan keeps the nodes, the environment and the faults. It drops the deaths of victims:
 * in a victim's script, the death and all steps after it.
 */

import type { WriteAheadState } from '../../actors/node/index.ts';
import { parsePoint, type World } from '../../actors/scheduler/index.ts';
import { own } from '../../core/own.ts';
import { buildWorld } from '../../scenarios/build-world.ts';
import { ScriptDirector } from '../../scenarios/director.ts';
import { ScenarioError } from '../../scenarios/error.ts';
import type { Fault, PlannedFault } from '../../scenarios/faults.ts';
import { asVariant, castOf, type ScenarioData, type ScriptStep } from '../../scenarios/model.ts';
import { numberIn } from '../../scenarios/moments.ts';
import { refuseUnknownNames, siteNamed } from '../../scenarios/names.ts';
import { protocolNamed } from '../../scenarios/protocols.ts';
import { alterationOf, exhibitOf, offWithoutLog, propertiesOf, variantNamed } from '../../scenarios/runner.ts';
import { parseImage } from '../../wal/index.ts';
import type { CrashpointsPlan, WalkPart } from './plan.ts';

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
  /** A part of the crash points, for work that is divided among workers. */
  readonly part?: WalkPart;
}

/** The default of `pending`. */
export const defaultPending = 2;

/** How long (ms) a victim stays down after a second death. */
const secondRestartMs = 10;

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
    nestedRestartMs: secondRestartMs,
    ...(options.part === undefined ? {} : { part: options.part }),
    hasRecovered,
    hasEnded: (world, victim, height) => world.stoppedBecause(victim) !== undefined || progress(world, victim) >= height + 3,
    limitMs: 60_000,
  };
}

/**
 * A scenario with one death at a crash point. `deaths` is the point with its image, such as `B@1.0/wal.flush~2:torn/cut=137`. The images `kill` and `heard=AC`
 * mean that the process is killed; all others, also `heard=AC+power`, mean a loss of power. A second death, during the recovery, can follow after a `%`. The
 * new scenario has one variant, the named one (default: the first), and no expectations.
 */
export function pointCase(
  data: ScenarioData,
  deaths: string,
  { restartMs, variant }: { readonly restartMs?: number; readonly variant?: string } = {},
): ScenarioData {
  const [first = '', second] = deaths.split('%');
  const victim = parsePoint(first)?.point.node ?? '';
  const planned = [plannedDeath(data, first, restartMs ?? firstRestart(data, [victim]))];
  if (second !== undefined) planned.push(plannedDeath(data, second, secondRestartMs));
  const { until: _until, schedule: _schedule, absences: _absences, ...living } = withoutDeaths(data, [victim]);
  const { expect: _expect, mustReach: _mustReach, ...chosen } = variantNamed(data, variant) ?? {};
  const variants = 'name' in chosen ? [chosen] : [];
  return { ...living, variants, decides: [], about: [], mustReach: [], faults: [...living.faults, ...planned] };
}

/** The default time (ms) that a victim stays down: that of the first restart in its script, or 1000. */
export function usualRestartMs(data: ScenarioData, deaths: string): number {
  return firstRestart(data, [parsePoint(deaths.split('%')[0] ?? '')?.point.node ?? '']);
}

/** The fault for a death at a crash point with its image, such as `B@1.0/publish~1:torn/heard=AC`. Throws `ScenarioError` for a text that names no crash point. */
export function plannedDeath(data: ScenarioData, point: string, restartMs: number): PlannedFault {
  const parsed = parsePoint(point);
  if (parsed === undefined)
    throw new ScenarioError(
      `'${point}' is no crash point; write such as 'B@1.0/wal.flush~2:before' or 'B@1.0/publish~1:torn/heard=AC'`,
    );
  const { node } = parsed.point;
  const cast = castOf(data);
  if (!cast.includes(node)) throw new ScenarioError(`no node is called '${node}'; the cast is ${cast.join(', ')}`);
  const image = parsed.image ?? 'none';
  const isKill = image === 'kill' || (image.startsWith('heard=') && !image.endsWith('+power'));
  const bare = point.replace(/\/kill$/, '').replace(/\+power$/, '');
  const survives = parseImage(image);
  const fault: Fault = isKill
    ? { type: 'kill', nodes: [node], restartMs }
    : { type: 'crash', nodes: [node], restartMs, ...(survives === undefined ? {} : { image: survives }) };
  return { trigger: { point: bare }, fault };
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

function firstRestart({ scripts }: ScenarioData, victims: readonly string[]): number {
  for (const victim of victims) for (const step of own(scripts, victim) ?? []) if (step.type === 'restart') return step.afterMs;
  return 1000;
}

function withoutDeaths(data: ScenarioData, victims: readonly string[]): ScenarioData {
  const scripts = Object.entries(data.scripts).map(([name, steps]): [string, readonly ScriptStep[]] => {
    if (!victims.includes(name)) return [name, steps];
    const death = steps.findIndex(({ type }) => type === 'death');
    return [name, death === -1 ? steps : steps.slice(0, death)];
  });
  const faults = data.faults.flatMap((planned): readonly PlannedFault[] => {
    const { fault } = planned;
    if (fault.type !== 'crash' && fault.type !== 'kill') return [planned];
    const nodes = fault.nodes.filter((node) => !victims.includes(node));
    return nodes.length === 0 ? [] : [{ ...planned, fault: { ...fault, nodes } }];
  });
  return { ...data, scripts: Object.fromEntries(scripts), faults };
}
