/**
 * Measures how one exhibit is caught: by its scenes, by crash points, by fuzz and by plain random kills. For each tool it counts the runs until the first
 * violation. It also finds the smallest failing scenario.
 */
import { pointText } from '../../actors/scheduler/index.ts';
import { type ExhibitName, exhibitNamed } from '../../museum/index.ts';
import { type Run, runScenario, type ScenarioData, scenario } from '../../scenarios/index.ts';
import { crashpointsPlan } from '../crash-points/from-scenario.ts';
import { type Cell, drawnCase, enumerateCrashpoints, isBroken, minimize, pointCase, randomKills, sizeOf } from '../index.ts';
import { rowsIn } from './recovery-rows.ts';
import { anywhere, furtherScenes, scenes } from './scenes.ts';

export interface MuseumRow {
  readonly exhibit: ExhibitName;
  readonly bug: string;
  readonly source: string;
  readonly rule: string;
  readonly caughtBy: readonly string[];
  readonly expected: readonly string[];
  /** The number of deaths or seeds until the first violation; null if this tool found none. */
  readonly runs: ByTool<number | null>;
  /** The time (ms) until then, or until everything was tried. */
  readonly times: ByTool<number>;
  readonly ms: number;
  readonly smallest: { readonly faults: number; readonly nodes: number; readonly scenario: ScenarioData };
  /** The kinds of faults in the shrunk failures: without them the exhibit is not caught. */
  readonly kinds: readonly string[];
  /** The rows of the recovery tables that the honest node comes to in the same runs. */
  readonly rows: readonly string[];
  /** Runs and violations of the honest node in the same scenes and seeds. */
  readonly honest: { readonly runs: number; readonly violated: number };
}

interface ByTool<Value> {
  readonly crashpoints: Value;
  readonly fuzz: Value;
  readonly random: Value;
}

/** The end (ms of virtual time) of runs with single deaths at the first heights. */
const shortMs = 1200;

const cast = { A: 1, B: 1, C: 1, D: 1 } as const;

/**
 * Measures one exhibit. `runs`: the most seeds of fuzz and of random kills. `now`: a clock (ms) for the times in the row. Throws an `Error` for an unknown
 * exhibit.
 */
export function measureExhibit(name: string, runs: number, now: () => number): MuseumRow {
  const since = (started: number): number => Math.round(now() - started);
  const exhibit = exhibitNamed(name);
  if (exhibit === undefined) throw new Error(`no exhibit is called '${name}'`);
  const started = now();
  const { protocol, validators, ownStore, raft } = (scenes[name] ?? anywhere).data;
  // Campaigns run on four validators, or, for another protocol, on the validators of the scene. They have the store and the options of the scene.
  const plain =
    protocol === undefined ? scenario('four validators', cast).data : scenario(name, validators).protocol(protocol).data;
  const base = { ...plain, ...(ownStore === undefined ? {} : { ownStore }), ...(raft === undefined ? {} : { raft }) };
  const stories = [
    (scenes[name] ?? anywhere).data,
    ...furtherScenes.filter((one) => one.exhibit === name).map(({ scene }) => scene.data),
  ];
  const caughtBy = new Set<string>();
  let violated = 0;
  for (const story of stories) {
    const run = runScenario(story, { exhibit: name });
    const found = violatedIn(run);
    for (const property of found) caughtBy.add(property);
    if (runScenario(story, { exhibit: name }).hash !== run.hash) caughtBy.add('determinism');
    if (runScenario(story).verdict === 'violated') violated += 1;
  }
  const fuzz = firstCaught(runs, (seed) => drawnCase.environments(base, seed), name, now);
  const random = firstCaught(runs, (seed) => ({ ...randomKills(base, seed), until: { timeMs: shortMs } }), name, now);
  for (const property of [...fuzz.properties, ...random.properties]) caughtBy.add(property);
  for (let seed = 1; seed <= (fuzz.count ?? runs); seed += 1)
    if (runScenario(drawnCase.environments(base, seed)).verdict === 'violated') violated += 1;
  const points = pointsUntilCaught(base, name, now);
  for (const property of points.properties) caughtBy.add(property);
  const [property] = exhibit.expected;
  const told = shrunkOf([...stories, ...(points.data === undefined ? [] : [points.data])], name, property ?? '');
  // A drawn plan is long and shrinks slowly. It is used only if neither a scene nor a crash point fails.
  const shrunk = told.length > 0 || fuzz.data === undefined ? told : shrunkOf([fuzz.data], name, property ?? '');
  const smallest = shrunk[0] ?? (stories[0] as ScenarioData);
  return {
    exhibit: exhibit.name,
    bug: exhibit.bug,
    source: exhibit.source,
    rule: exhibit.rule,
    caughtBy: [...caughtBy].sort(),
    expected: exhibit.expected,
    runs: { crashpoints: points.count, fuzz: fuzz.count, random: random.count },
    times: { crashpoints: points.ms, fuzz: fuzz.ms, random: random.ms },
    ms: since(started),
    smallest: { ...sizeOf(smallest), scenario: smallest },
    kinds: [...new Set(shrunk.flatMap(({ faults }) => faults.map(({ fault }) => fault.type)))],
    rows: [...new Set(shrunk.flatMap(rowsIn))],
    honest: { runs: stories.length + (fuzz.count ?? runs), violated },
  };
}

function violatedIn({ properties }: Run): readonly string[] {
  return properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
}

interface Caught {
  readonly count: number | null;
  readonly properties: readonly string[];
  readonly data: ScenarioData | undefined;
  readonly ms: number;
}

function firstCaught(runs: number, caseOf: (seed: number) => ScenarioData, exhibit: string, now: () => number): Caught {
  const started = now();
  const since = (): number => Math.round(now() - started);
  for (let seed = 1; seed <= runs; seed += 1) {
    const data = caseOf(seed);
    const properties = violatedIn(runScenario(data, { exhibit }));
    if (properties.length > 0) return { count: seed, properties, data, ms: since() };
  }
  return { count: null, properties: [], data: undefined, ms: since() };
}

/** Tries the deaths of node B at height 1, in the order of the run, until one violates a property. */
function pointsUntilCaught(base: ScenarioData, exhibit: string, now: () => number): Caught {
  const started = now();
  let tried = 0;
  let found: Cell | undefined;
  const plan = crashpointsPlan(base, { nodes: ['B'], heights: '1', pending: 1, merge: true, restartMs: 100, exhibit });
  enumerateCrashpoints(plan, (cell) => {
    tried += cell.images;
    if (cell.verdict !== 'violated') return undefined;
    found = cell;
    return 'stop';
  });
  const ms = Math.round(now() - started);
  const [failure] = found?.failures ?? [];
  if (found === undefined || failure === undefined) return { count: null, properties: [], data: undefined, ms };
  const point = pointCase(base, `${pointText(found.point, found.phase)}/${failure.death.image}`, { restartMs: 100 });
  // Without this end the run would go on for a minute.
  const data = { ...point, until: { timeMs: shortMs } };
  return { count: tried, properties: found.failures.map(({ property }) => property), data, ms };
}

/** Shrinks those candidates that violate the property. The smallest is first. */
function shrunkOf(candidates: readonly ScenarioData[], exhibit: string, property: string): readonly ScenarioData[] {
  const red = candidates.filter((data) => isBroken(runScenario(data, { exhibit }), property));
  const size = (data: ScenarioData): number => 100 * sizeOf(data).faults + sizeOf(data).nodes;
  return red.map((data) => minimize(data, { exhibit }, property).data).sort((a, b) => size(a) - size(b));
}
