/** A scenario as a plan for exploration: its cast and environment, without scripts and faults. */
import type { ExplorePlan } from '../checker/index.ts';
import { ScriptDirector } from './director.ts';
import { castOf, type ScenarioData, ScenarioError } from './model.ts';
import { allProperties, alterationOf } from './runner.ts';
import { stage } from './stage.ts';

/** The bounds of the search, and whose deaths. */
export type ExploreOptions = Omit<ExplorePlan, 'start' | 'properties' | 'notJudged'> & { readonly exhibit?: string };

/** Throws `ScenarioError` for a victim that is not in the cast. */
export function explorePlan(script: ScenarioData, options: ExploreOptions): ExplorePlan {
  const { victim, exhibit, ...bounds } = options;
  const cast = castOf(script);
  if (!cast.includes(victim)) throw new ScenarioError(`no node is called '${victim}'; the cast is ${cast.join(', ')}`);
  const data: ScenarioData = { ...script, scripts: {}, faults: [], variants: [], decides: [], mustReach: [] };
  const alteration = alterationOf(exhibit);
  return {
    ...bounds,
    victim,
    start: () =>
      stage(data, {
        seed: data.seed,
        record: false,
        properties: allProperties,
        director: new ScriptDirector(data),
        ...(alteration === undefined ? {} : { alteration }),
      }),
    properties: allProperties.map(({ name }) => name),
    notJudged: ['termination'],
  };
}
