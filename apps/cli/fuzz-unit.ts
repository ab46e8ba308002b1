/** One unit of a fuzz campaign, as a worker runs it: some seeds of one scenario. Plain data in, plain data out. */
import { drawnCase, type FuzzMode } from '../../campaigns/index.ts';
import { runScenario, type ScenarioData } from '../../scenarios/index.ts';
import { loadScenario } from './load-scenario.ts';

export interface FuzzTask {
  readonly file: string;
  /** What stands in it, where it is loaded already: Ctrl-C reaches what waits for no file. */
  readonly data?: ScenarioData;
  readonly exhibit: string | undefined;
  readonly mode: FuzzMode;
  readonly seeds: readonly number[];
}

export interface FuzzFailure {
  readonly seed: number;
  readonly properties: readonly { readonly name: string; readonly message: string }[];
  readonly hash: string;
}

export interface FuzzUnit {
  readonly runs: number;
  readonly deaths: number;
  readonly heights: number;
  readonly marks: Readonly<Record<string, number>>;
  /** Fault kinds that were struck, and in how many runs. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly failures: readonly FuzzFailure[];
  readonly undecided: readonly number[];
}

export async function fuzzUnit({ file, data: given, exhibit, mode, seeds }: FuzzTask): Promise<FuzzUnit> {
  const data = given ?? (await loadScenario(file)).data;
  return fuzzSeeds(data, exhibit, mode, seeds);
}

function fuzzSeeds(data: ScenarioData, exhibit: string | undefined, mode: FuzzMode, seeds: readonly number[]): FuzzUnit {
  const marks: Record<string, number> = {};
  const kinds: Record<string, number> = {};
  const failures: FuzzFailure[] = [];
  const undecided: number[] = [];
  let deaths = 0;
  let heights = 0;
  for (const seed of seeds) {
    const drawn = drawnCase[mode](data, seed);
    const run = runScenario(drawn, exhibit === undefined ? {} : { exhibit });
    deaths += run.deaths.length;
    heights += run.heights;
    for (const [name, count] of Object.entries(run.marks)) marks[name] = (marks[name] ?? 0) + count;
    const struck = [...drawn.faults.map(({ fault }) => fault.type), ...Object.values(drawn.byzantine)];
    for (const kind of new Set(struck)) kinds[kind] = (kinds[kind] ?? 0) + 1;
    const violated = run.properties.filter(({ verdict }) => verdict === 'violated');
    if (violated.length > 0)
      failures.push({ seed, properties: violated.map(({ name, message = '' }) => ({ name, message })), hash: run.hash });
    else if (run.verdict === 'undecided') undecided.push(seed);
  }
  return { runs: seeds.length, deaths, heights, marks, kinds, failures, undecided };
}
