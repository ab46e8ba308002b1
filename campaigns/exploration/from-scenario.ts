/** Makes the plan of an exploration from a scenario: its nodes and environment, without scripts and faults. */

import { scheduleRestartMs } from '../../actors/scheduler/index.ts';
import { outcomeMonitor } from '../../checker/tendermint/outcomes.ts';
import type { Monitor } from '../../core/events.ts';
import { buildWorld } from '../../scenarios/build-world.ts';
import { ScriptDirector } from '../../scenarios/director.ts';
import { ScenarioError } from '../../scenarios/error.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { refuseUnknownNames } from '../../scenarios/names.ts';
import { alterationOf, offWithoutLog, propertiesOf } from '../../scenarios/runner.ts';
import { plannedDeath } from '../crash-points/point-case.ts';
import type { ExplorePlan, ExploreViolation } from './plan.ts';

/** The bounds of the search, and the node that dies. */
export type ExploreOptions = Omit<ExplorePlan, 'start' | 'properties'> & { readonly exhibit?: string };

/** The plan of the exploration. Throws `ScenarioError` for unknown names, and for an unknown victim. */
export function explorePlan(script: ScenarioData, options: ExploreOptions): ExplorePlan {
  refuseUnknownNames(script);
  const { victim, exhibit, ...bounds } = options;
  const cast = castOf(script);
  if (!cast.includes(victim)) throw new ScenarioError(`no node is called '${victim}'; the cast is ${cast.join(', ')}`);
  const data = scheduled(script, options, {});
  const alteration = alterationOf(exhibit, script.protocol);
  // Messages come in any order, so time means nothing. A monitor that measures time would also prevent merges of equal states.
  const off = ['termination', ...(exhibit === 'no-wal' ? offWithoutLog : [])];
  const outcomes = outcomeMonitor(bounds.heights);
  const properties = propertiesOf(data).filter(({ name }) => !off.includes(name));
  return {
    ...bounds,
    victim,
    start: () => {
      const world = buildWorld(data, {
        seed: data.seed,
        keeps: 'nothing',
        properties,
        director: new ScriptDirector(data),
        ...(alteration === undefined ? {} : { alteration }),
      });
      return world.fork([...world.memories, [outcomes.start]], [...world.rules, outcomes as Monitor]);
    },
    properties: properties.map(({ name }) => name),
  };
}

/** A schedule that was found, as a scenario: it has the deaths as faults, and the departures as `schedule.picks`. */
export function scheduleCase(
  script: ScenarioData,
  options: ExploreOptions,
  { picks, deaths }: Pick<ExploreViolation, 'picks' | 'deaths'>,
): ScenarioData {
  const faults = deaths.map((point) => plannedDeath(script, point, scheduleRestartMs));
  return { ...scheduled(script, options, picks), faults };
}

/** The scenario's nodes and environment. Messages take no time and are not lost, so only causes decide their order. */
function scheduled(
  script: ScenarioData,
  { victim, heights, rounds, disks }: ExploreOptions,
  picks: ExploreViolation['picks'],
): ScenarioData {
  const schedule = { victim, heights, rounds, ...(disks === 'all' ? { disks } : {}), picks };
  const empty = { scripts: {}, faults: [], variants: [], decides: [], about: [], mustReach: [] };
  return { ...script, ...empty, network: { delay: 0 }, schedule };
}
