/** The campaign that judges mutants, in units: a seed, a scenario of the library, the crash points of one node. Each runs alone and says what was red. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { drawnCase, enumerateCrashpoints } from '../../campaigns/index.ts';
import { type Run, runScenario, type Scenario, type ScenarioData, scenario } from '../../scenarios/index.ts';

export interface Outcome {
  readonly violated: readonly string[];
  readonly isUndecided: boolean;
}

export interface Unit {
  readonly name: string;
  readonly run: () => Outcome;
}

/** Deliveries after which a run is given up: a mutant may never end. */
const maxSteps = 60_000;
const library = join(import.meta.dirname, '../../scenarios/library');

export async function unitsOf(seeds: number, isQuick: boolean): Promise<readonly Unit[]> {
  const four = scenario('four validators', { A: 1, B: 1, C: 1, D: 1 }).data;
  const files = readdirSync(library).filter((name) => name.endsWith('.ts'));
  const told = await Promise.all(files.map(async (name) => ({ name, data: await dataIn(name) })));
  const all = Array.from({ length: seeds }, (_, index) => index + 1);
  return [
    ...all.map((seed) => fuzzed(`fuzz ${seed}`, () => drawnCase.environments(four, seed))),
    ...told
      .filter(({ name }) => rafts.includes(name.slice(0, 2)))
      .flatMap(({ name, data }) =>
        all.map((seed) => fuzzed(`raft ${name.slice(0, 2)} ${seed}`, () => drawnCase.fuzz(data, seed))),
      ),
    ...told.map(({ name, data }) => ofLibrary(name, data)),
    ...(isQuick ? [] : told.flatMap(({ name, data }) => pointsOf(name, data))),
  ];
}

/** Scenarios of Raft whose seeds are judged: elections and replication, snapshots, pre-votes. */
const rafts: readonly string[] = ['25', '52', '53'];

async function dataIn(name: string): Promise<ScenarioData> {
  const { default: story } = (await import(join(library, name))) as { readonly default: Scenario };
  return story.data;
}

function fuzzed(name: string, drawn: () => ScenarioData): Unit {
  return { name, run: () => outcomeOf([runScenario(drawn(), { maxSteps })]) };
}

function outcomeOf(runs: readonly Run[]): Outcome {
  const violated = runs.flatMap(({ properties }) =>
    properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name),
  );
  return { violated: [...new Set(violated)], isUndecided: runs.some(({ verdict }) => verdict === 'undecided') };
}

/** The honest variants; what a broken one turns red says nothing. */
function ofLibrary(name: string, data: ScenarioData): Unit {
  const honest = data.variants.filter((one) => one.break === undefined && one.wal !== 'none' && one.disk?.fsync !== 'skip');
  const how = data.variants.length === 0 ? [{}] : honest.map((variant) => ({ variant: variant.name }));
  return { name: `library ${name}`, run: () => outcomeOf(how.map((options) => runScenario(data, { ...options, maxSteps }))) };
}

/** Scenarios whose crash points are enumerated: victim, and the heights at which it dies. */
const enumerated: Readonly<Record<string, readonly [victim: string, heights: string]>> = {
  '01': ['B', '10'],
  '13': ['B', '3'],
  '15': ['B', '3'],
  '25': ['B', '1-2'],
  '52': ['C', '21'],
};

function pointsOf(name: string, data: ScenarioData): readonly Unit[] {
  const chosen = enumerated[name.slice(0, 2)];
  if (chosen === undefined) return [];
  const [victim, heights] = chosen;
  const run = (): Outcome => {
    const violated = new Set<string>();
    let isUndecided = false;
    const plan = crashpointsPlan(data, { nodes: [victim], heights, pending: 1, merge: true, restartMs: 300 });
    const { withoutDeath } = enumerateCrashpoints(plan, ({ verdict, failures }) => {
      for (const { property } of failures) violated.add(property);
      isUndecided ||= verdict === 'undecided';
      return verdict === 'violated' ? 'stop' : undefined;
    });
    for (const { property } of withoutDeath) violated.add(property);
    return { violated: [...violated], isUndecided };
  };
  return [{ name: `crash points of ${name}`, run }];
}
