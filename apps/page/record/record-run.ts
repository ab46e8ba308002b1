/** Runs a scenario and makes its record. Runs in Node and in the page's worker, and gives the same in both. */
import { exhibitOf, type RunOptions, runScenario, type ScenarioData, variantNamed } from '../../../scenarios/index.ts';
import type { PageRecord } from './page-record.ts';
import { type Recorded, Recorder, RunWatcher } from './recorder.ts';

/** Throws `ScenarioError` as `runScenario` does. */
export function recordOf(data: ScenarioData, options: RunOptions = {}): PageRecord {
  return recorded(data, options).record;
}

export function recorded(data: ScenarioData, options: RunOptions = {}): Recorded {
  const watcher = new RunWatcher(data);
  const { listener } = options;
  const { world, properties, seed, hash, verdict, asExpected, variant } = runScenario(data, {
    ...options,
    record: true,
    onWorld: ({ network }) => watcher.cuts.watch(network),
    listener: (event, observer) => {
      watcher.observe(event, observer);
      listener?.(event, observer);
    },
  });
  const { nodes } = world;
  const run = {
    data,
    exhibit: options.exhibit ?? exhibitOf(variant === null ? undefined : variantNamed(data, variant)) ?? null,
    variant,
    seed,
    hash,
    verdict,
    asExpected,
    nodes,
    faulty: nodes.filter((name) => world.observer.isFaulty(name)),
    events: world.trace.events(),
    eventCount: world.eventCount,
    properties,
  };
  return new Recorder(run, watcher).recorded();
}
