/** A scenario as a plan for exploration: its cast and environment, without scripts and faults. */

import { scheduleRestartMs } from '../../actors/scheduler/index.ts';
import { outcomeMonitor } from '../../checker/tendermint/outcomes.ts';
import type { Monitor } from '../../core/events.ts';
import { buildWorld } from '../../scenarios/build-world.ts';
import { ScriptDirector } from '../../scenarios/director.ts';
import { ScenarioError } from '../../scenarios/error.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { refuseUnknownNames } from '../../scenarios/names.ts';
import { alterationOf, offWithoutLog, propertiesOf } from '../../scenarios/runner.ts';
import { plannedDeath } from '../crash-points/from-scenario.ts';
import type { ExplorePlan, ExploreViolation } from './plan.ts';

/** The bounds of the search, and whose deaths. */
export type ExploreOptions = Omit<ExplorePlan, 'start' | 'properties'> & { readonly exhibit?: string };

/** Throws `ScenarioError` for unknown names, and for a victim that is not in the cast. */
export function explorePlan(script: ScenarioData, options: ExploreOptions): ExplorePlan {
  refuseUnknownNames(script);
  const { victim, exhibit, ...bounds } = options;
  const cast = castOf(script);
  if (!cast.includes(victim)) throw new ScenarioError(`no node is called '${victim}'; the cast is ${cast.join(', ')}`);
  const data = scheduled(script, options, {});
  const alteration = alterationOf(exhibit, script.protocol);
  // A free order of messages makes time meaningless; and what counts time would keep equal states apart.
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

/** What was found, as a scenario of its own, with the order of its messages. */
export function scheduleCase(
  script: ScenarioData,
  options: ExploreOptions,
  { picks, deaths }: Pick<ExploreViolation, 'picks' | 'deaths'>,
): ScenarioData {
  const faults = deaths.map((point) => plannedDeath(script, point, scheduleRestartMs));
  return { ...scheduled(script, options, picks), faults };
}

/** Cast and environment. The wire takes no time and loses nothing: what comes first is a matter of causes alone. */
function scheduled(
  script: ScenarioData,
  { victim, heights, rounds, disks }: ExploreOptions,
  picks: ExploreViolation['picks'],
): ScenarioData {
  const schedule = { victim, heights, rounds, ...(disks === 'all' ? { disks } : {}), picks };
  const empty = { scripts: {}, faults: [], variants: [], decides: [], about: [], mustReach: [] };
  return { ...script, ...empty, network: { delay: 0 }, schedule };
}
