/**
 * Turns the name of a death at a crash point, or of two deaths, into a scenario that runs it alone. The deaths of victims that the scenario itself plans are
 * dropped: in a victim's script, the death and all steps after it.
 */

import { parsePoint } from '../../actors/scheduler/index.ts';
import { own } from '../../core/own.ts';
import { ScenarioError } from '../../scenarios/error.ts';
import type { Fault, PlannedFault } from '../../scenarios/faults.ts';
import { castOf, type ScenarioData, type ScriptStep } from '../../scenarios/model.ts';
import { variantNamed } from '../../scenarios/runner.ts';
import { parseImage } from '../../wal/index.ts';

/** How long (ms) a victim stays down after a second death. */
export const secondRestartMs = 10;

/**
 * A scenario with one death at a crash point. `deaths` is the point with its image, such as `B@1.0/wal.flush~2:torn/cut=137`. The images `kill` and `heard=AC`
 * mean that the process is killed; all others, also `heard=AC+power`, mean a loss of power. A second death, during the recovery, can follow after a `%`. The
 * death of another node while the first is down can follow after `--`; then both come back at one moment. The new scenario has one variant, the named one
 * (default: the first), and no expectations.
 */
export function pointCase(
  data: ScenarioData,
  deaths: string,
  { restartMs, variant }: { readonly restartMs?: number; readonly variant?: string } = {},
): ScenarioData {
  const victims = victimsOf(deaths);
  const downMs = restartMs ?? firstRestart(data, victims);
  const planned = plannedDeaths(data, deaths, downMs);
  const { until: _until, schedule: _schedule, absences: _absences, ...living } = withoutDeaths(data, victims);
  const { expect: _expect, mustReach: _mustReach, ...chosen } = variantNamed(data, variant) ?? {};
  const variants = 'name' in chosen ? [chosen] : [];
  return { ...living, variants, decides: [], about: [], mustReach: [], faults: [...living.faults, ...planned] };
}

/** The default time (ms) that a victim stays down: that of the first restart in its script, or 1000. */
export function usualRestartMs(data: ScenarioData, deaths: string): number {
  return firstRestart(data, victimsOf(deaths));
}

/** The nodes that die. */
function victimsOf(deaths: string): readonly string[] {
  return deaths.split('--').map((death) => parsePoint(death.split('%')[0] ?? '')?.point.node ?? '');
}

function plannedDeaths(data: ScenarioData, deaths: string, restartMs: number): readonly PlannedFault[] {
  const [one = '', other] = deaths.split('--');
  if (other !== undefined) {
    const both = castOf(data).filter((name) => victimsOf(deaths).includes(name));
    return [plannedDeath(data, one), plannedDeath(data, other, restartMs, both)];
  }
  const [first = '', second] = deaths.split('%');
  const planned = plannedDeath(data, first, restartMs);
  return second === undefined ? [planned] : [planned, plannedDeath(data, second, secondRestartMs)];
}

/**
 * The fault for a death at a crash point with its image, such as `B@1.0/publish~1:torn/heard=AC`. Without `restartMs` the node stays down; `nodes` restart
 * together. Throws `ScenarioError` for a text that names no crash point.
 */
export function plannedDeath(data: ScenarioData, point: string, restartMs?: number, nodes?: readonly string[]): PlannedFault {
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
  const common = { nodes: nodes ?? [node], ...(restartMs === undefined ? {} : { restartMs }) };
  const fault: Fault = isKill
    ? { type: 'kill', ...common }
    : { type: 'crash', ...common, ...(survives === undefined ? {} : { image: survives }) };
  return { trigger: { point: bare }, fault };
}

/** How long (ms) a victim stays down in its script: the first restart in it, or 1000. */
export function firstRestart({ scripts }: ScenarioData, victims: readonly string[]): number {
  for (const victim of victims) for (const step of own(scripts, victim) ?? []) if (step.type === 'restart') return step.afterMs;
  return 1000;
}

/** The scenario without the deaths that it plans for these nodes. */
export function withoutDeaths(data: ScenarioData, victims: readonly string[]): ScenarioData {
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
