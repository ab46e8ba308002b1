/**
 * The fuzz campaign as one call. It runs many seeds, each with a fault plan within the bound of the protocol, and shrinks the first failure of each property.
 * The second half of the seeds varies those runs of the first half that came to rare pairs (steering.ts).
 */
import { own } from '../../core/own.ts';
import { liesOf } from '../../scenarios/lies.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { type Run, runScenario } from '../../scenarios/runner.ts';
import { formatToken, scenarioHash } from '../../scenarios/token.ts';
import { differsFromHonest } from '../exhibit-effect.ts';
import { type Failure, failureOf } from '../replay/named-run.ts';
import { type AnyScenario, scenarioOf } from '../scenario-of.ts';
import { minimize } from '../shrinking/minimize.ts';
import { sizeOf } from '../shrinking/reductions.ts';
import { drawnCase, type FuzzMode } from './drawn-cases.ts';
import { environmentKinds } from './environment-kinds.ts';
import { PairCounter, pairsOf } from './pairs.ts';
import { corpusOf, mergePairs, type PairCounts, parentOf, steeredCase } from './steering.ts';

export interface FuzzOptions {
  /** The number of seeds (default 300). */
  readonly runs?: number;
  /** The first seed (default 1). */
  readonly seed?: number;
  /**
   * `around`: the scenario keeps its own scripts and faults, and faults that every node survives are drawn in addition. `environments`: validators,
   * links and topology are drawn too. Default `fuzz`: the nodes and the environment are those of the scenario.
   */
  readonly mode?: FuzzMode;
  /** A broken node in place of the honest one, by its name in the museum. */
  readonly exhibit?: string;
  /** Shrinks the first failure of each property (default true). */
  readonly shrink?: boolean;
}

/** The counts of a group of seeds. `mergeFuzz` adds the counts of two groups. */
export interface FuzzCounts {
  readonly runs: number;
  readonly deaths: number;
  readonly heights: number;
  readonly marks: Readonly<Record<string, number>>;
  /** The kinds of faults and the Byzantine roles that were drawn, each with its number of runs. */
  readonly kinds: Readonly<Record<string, number>>;
  /** The number of drawn faults, and of those that did nothing: the node was down, nothing was sent, or the run was over. */
  readonly faults: number;
  readonly idleFaults: number;
  /** The kinds of environments, each with its number of runs. */
  readonly environments: Readonly<Record<string, number>>;
  readonly failures: readonly FuzzFailure[];
  /** The tokens of undecided runs. */
  readonly undecided: readonly string[];
  /** The reasons of undecided runs, each with its number of runs. */
  readonly reasons: Readonly<Record<string, number>>;
  /** The number of runs with `termination` held, and of those in which every node that is up decided ten heights. */
  readonly owing: number;
  readonly tenHeights: number;
  /** The pairs (of a fault and what followed at a node) in the independently drawn runs. */
  readonly pairs: PairCounts;
  /** The number of runs that vary earlier runs, and their pairs. */
  readonly steered: number;
  readonly steeredPairs: PairCounts;
  /** Whether any run with the exhibit differs from the run of the honest node. False without an exhibit. */
  readonly exhibitActed: boolean;
}

export interface FuzzFailure {
  readonly seed: number;
  /** The seed of the run that it varies, if any. */
  readonly parent?: number;
  readonly properties: readonly { readonly name: string; readonly message: string }[];
  readonly hash: string;
}

/** The first failure of one property. */
export interface FuzzFinding {
  readonly property: string;
  readonly message: string;
  /** Repeats the run as it was drawn. */
  readonly token: string;
  readonly seed: number;
  /** The number of seeds that violate the property. */
  readonly count: number;
  /** A smaller scenario that violates the same property; undefined if the failure was not shrunk. */
  readonly shrunk: ShrunkFailure | undefined;
}

export interface ShrunkFailure {
  readonly failure: Failure;
  readonly faults: number;
  readonly nodes: number;
  readonly tries: number;
  readonly isMinimal: boolean;
}

export interface FuzzReport extends FuzzCounts {
  readonly findings: readonly FuzzFinding[];
}

/**
 * Runs a scenario's nodes and environment with many seeds. Each seed draws deaths, network and disk faults and liars within what the protocol
 * must survive, so every violation is a bug. Throws `ScenarioError` for an unknown exhibit.
 *
 * @example
 * import { scenario } from 'lazurite';
 * import { fuzz } from 'lazurite/campaigns';
 *
 * const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
 * const { findings } = fuzz(four, { runs: 4, seed: 1, exhibit: 'no-wal', shrink: false });
 * console.log(findings.map(({ property }) => property));
 * // prints [ 'no-equivocation' ]
 */
export function fuzz(scenario: AnyScenario, options: FuzzOptions = {}): FuzzReport {
  const data = scenarioOf(scenario);
  const { runs = 300, seed = 1, mode = 'fuzz' } = options;
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  const drawn = drawnRuns(runs, mode);
  const first = fuzzSeeds(data, seeds.slice(0, drawn), options);
  const counts = mergeFuzz(first, fuzzSeeds(data, seeds.slice(drawn), { ...options, corpus: corpusOf(first.pairs) }));
  return { ...counts, findings: findingsIn(data, counts.failures, options) };
}

/** How many runs of a campaign are drawn independently: half of them, or all in mode `around`. Steering could remove the scenario's own faults. */
export function drawnRuns(runs: number, mode: FuzzMode): number {
  return mode === 'around' ? runs : Math.ceil(runs / 2);
}

/** Runs some of the seeds, for work that is divided among workers. `corpus`: the seeds of earlier runs that these vary. */
export function fuzzSeeds(
  data: ScenarioData,
  seeds: readonly number[],
  { mode = 'fuzz', exhibit, corpus = [] }: Pick<FuzzOptions, 'mode' | 'exhibit'> & { readonly corpus?: readonly number[] },
): FuzzCounts {
  const how = exhibit === undefined ? {} : { exhibit };
  const possible = new Set(pairsOf(data.protocol));
  return seeds.reduce((counts, seed) => {
    const isOpen = exhibit !== undefined && !counts.exhibitActed;
    const parent = parentOf(corpus, seed);
    const named = { seed, ...(parent === undefined ? {} : { parent }) };
    return mergeFuzz(counts, countsOf(data, mode, named, { how, possible, compares: isOpen }));
  }, nothingRun);
}

interface Drawn {
  readonly seed: number;
  readonly parent?: number;
}

function caseOf(data: ScenarioData, mode: FuzzMode, { seed, parent }: Drawn): ScenarioData {
  return parent === undefined ? drawnCase[mode](data, seed) : steeredCase(data, mode, parent, seed);
}

function tokenOf(data: ScenarioData, mode: FuzzMode, { seed, parent }: Drawn, exhibit: string | undefined): string {
  const what = parent === undefined ? mode : `${mode}-${parent}`;
  return formatToken({ scenario: scenarioHash(data), seed, variant: undefined, exhibit, what });
}

/** The counts before any run. */
export const nothingRun: FuzzCounts = {
  runs: 0,
  deaths: 0,
  heights: 0,
  marks: {},
  kinds: {},
  faults: 0,
  idleFaults: 0,
  environments: {},
  failures: [],
  undecided: [],
  reasons: {},
  owing: 0,
  tenHeights: 0,
  pairs: {},
  steered: 0,
  steeredPairs: {},
  exhibitActed: false,
};

interface Counting {
  readonly how: { readonly exhibit?: string };
  readonly possible: ReadonlySet<string>;
  /** Whether the honest node runs the same, to see whether the exhibit changes anything. */
  readonly compares: boolean;
}

function countsOf(data: ScenarioData, mode: FuzzMode, named: Drawn, { how, possible, compares }: Counting): FuzzCounts {
  const drawn = caseOf(data, mode, named);
  const counter = new PairCounter(drawn, possible);
  const run = runScenario(drawn, { ...how, listener: (event) => counter.count(event) });
  const isSteered = named.parent !== undefined;
  const pairs = Object.fromEntries(counter.pairs.map((pair) => [pair, { runs: 1, seed: named.seed }]));
  const kinds = new Set([
    ...drawn.faults.map(({ fault }) => fault.type),
    ...Object.values(drawn.byzantine).flatMap((lies) => liesOf(lies).map(({ role }) => role)),
  ]);
  const violated = run.properties.filter(({ verdict }) => verdict === 'violated');
  const isUndecided = violated.length === 0 && run.verdict === 'undecided';
  const isOwing =
    drawn.safetyMs !== undefined && run.properties.some(({ name, verdict }) => name === 'termination' && verdict === 'held');
  const properties = violated.map(({ name, message = '' }) => ({ name, message }));
  return {
    runs: 1,
    deaths: run.deaths.length,
    heights: run.heights,
    marks: run.marks,
    kinds: once(kinds),
    faults: drawn.faults.length,
    idleFaults: run.idleFaults.length,
    environments: once(environmentKinds(drawn)),
    failures: violated.length > 0 ? [{ ...named, properties, hash: run.hash }] : [],
    undecided: isUndecided ? [tokenOf(data, mode, named, how.exhibit)] : [],
    reasons: isUndecided ? { [reasonOf(run)]: 1 } : {},
    owing: isOwing ? 1 : 0,
    tenHeights: isOwing && run.heights >= 10 ? 1 : 0,
    pairs: isSteered ? {} : pairs,
    steered: isSteered ? 1 : 0,
    steeredPairs: isSteered ? pairs : {},
    exhibitActed: compares && differsFromHonest(run.hash, drawn),
  };
}

function once(names: Iterable<string>): Readonly<Record<string, number>> {
  return Object.fromEntries([...names].map((name) => [name, 1]));
}

/** Why a run is undecided, without the numbers in which two runs differ. */
function reasonOf({ complaints: [first = 'no reason was given'] }: Run): string {
  return first.replace(/, after \d.*$/, '').replaceAll(/\d+/g, 'N');
}

/** Adds the counts of two groups of seeds. */
export function mergeFuzz(a: FuzzCounts, b: FuzzCounts): FuzzCounts {
  return {
    runs: a.runs + b.runs,
    deaths: a.deaths + b.deaths,
    heights: a.heights + b.heights,
    marks: sums(a.marks, b.marks),
    kinds: sums(a.kinds, b.kinds),
    faults: a.faults + b.faults,
    idleFaults: a.idleFaults + b.idleFaults,
    environments: sums(a.environments, b.environments),
    failures: [...a.failures, ...b.failures],
    undecided: [...a.undecided, ...b.undecided],
    reasons: sums(a.reasons, b.reasons),
    owing: a.owing + b.owing,
    tenHeights: a.tenHeights + b.tenHeights,
    pairs: mergePairs(a.pairs, b.pairs),
    steered: a.steered + b.steered,
    steeredPairs: mergePairs(a.steeredPairs, b.steeredPairs),
    exhibitActed: a.exhibitActed || b.exhibitActed,
  };
}

function sums(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const total: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) total[name] = (own(total, name) ?? 0) + count;
  return total;
}

/** Returns one finding for each violated property. `attempt` runs the shrinking and may give up; then the failure stays as it was drawn. */
export function findingsIn(
  data: ScenarioData,
  failures: readonly FuzzFailure[],
  { mode = 'fuzz', exhibit, shrink = true }: FuzzOptions,
  attempt: <Result>(act: () => Result) => Result | undefined = (act) => act(),
): readonly FuzzFinding[] {
  const how = exhibit === undefined ? {} : { exhibit };
  const names = [...new Set(failures.flatMap(({ properties }) => properties.map(({ name }) => name)))];
  return names.map((property): FuzzFinding => {
    const all = failures.filter(({ properties }) => properties.some(({ name }) => name === property));
    const first = all[0] as FuzzFailure;
    const { seed, properties } = first;
    const message = properties.find(({ name }) => name === property)?.message ?? '';
    const token = tokenOf(data, mode, first, exhibit);
    const base = { property, message, token, seed, count: all.length };
    const minimized = shrink ? attempt(() => minimize(caseOf(data, mode, first), how, property)) : undefined;
    if (minimized === undefined) return { ...base, shrunk: undefined };
    const { tries, isMinimal } = minimized;
    const smallest = { ...minimized.data, description: `Breaks ${property}; shrunk from ${token}.` };
    const failure = failureOf(smallest, how, runScenario(smallest, how), property, token);
    return { ...base, message: failure.message, shrunk: { failure, ...sizeOf(smallest), tries, isMinimal } };
  });
}
