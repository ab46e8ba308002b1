/** A scenario under a drawn fault plan, in its own environment or in a drawn one. */
import { roleNames } from '../../actors/byzantine/index.ts';
import { seeded } from '../../core/choice.ts';
import { neighbours } from '../../network-sim/index.ts';
import { nodesOf, type PlannedFault } from '../../scenarios/faults.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { protocolNamed, setsOf } from '../../scenarios/protocols.ts';
import { Dice } from './dice.ts';
import { drawEnvironment, lockPlot } from './drawn-environments.ts';
import { type DrawnPlan, drawPlan, type FaultBudget } from './fault-plan-generator.ts';

/**
 * Nodes and environment stay; drawn faults replace the scripts and the scenario's own faults. The plan is a pure function of cast and seed; the run is seeded
 * alike.
 */
export function fuzzCase(data: ScenarioData, seed: number): ScenarioData {
  return underPlan(data, drawPlan({ ...budgetOf(data, seed), roles: roleNames }, seed), seed);
}

/** Heights that a run comes to where progress is owed (a liar may be one behind: ten), and the time that it may take: more over slow links. */
const leastHeights = 11;
const longestMs = 60_000;
const longestDelays = 1500;

/** As `fuzzCase`, in an environment that is drawn from the seed too. For a protocol other than Tendermint the environment stays. */
function environmentCase(base: ScenarioData, seed: number): ScenarioData {
  if (protocolNamed(base.protocol).name !== 'tendermint') return fuzzCase(base, seed);
  const plot = lockPlot(base, seed);
  if (plot !== undefined) return plotCase(plot, seed);
  const { data, down, untilMs } = drawEnvironment(base, seed);
  const gone = down.flatMap(({ fault }) => nodesOf(fault));
  const safetyMs = Math.max(600, 10 * longestDelayMs(data));
  const plan = drawPlan({ ...budgetOf(data, seed), roles: roleNames, safetyMs, isSpent: gone.length > 0 }, seed);
  const liars = Object.keys(plan.byzantine);
  const proposers = liars.length === 0 ? {} : drawProposers(data, liars, seed);
  const faults = [...down, ...plan.faults.flatMap((planned) => without(planned, gone))];
  const drawn = {
    ...underPlan(data, { ...plan, faults }, seed),
    proposers,
    decides: [{ height: leastHeights, withinMs: Math.max(longestMs, longestDelays * longestDelayMs(data)) }],
  };
  if (untilMs === undefined) return drawn;
  const { safetyMs: _safety, ...endless } = drawn;
  return { ...endless, decides: [], until: { timeMs: untilMs } };
}

/** Faults that every node survives by itself, drawn for a scenario in which some may be down for good. */
export function accidentsOn(data: ScenarioData, seed: number): readonly PlannedFault[] {
  const gone = data.faults.flatMap(({ fault }) => (fault.type === 'kill' && fault.restartMs === undefined ? fault.nodes : []));
  const safetyMs = data.safetyMs === undefined ? {} : { safetyMs: data.safetyMs };
  const { faults } = drawPlan({ ...budgetOf(data, seed), roles: [], ...safetyMs, isSpent: true }, seed);
  return faults.flatMap((planned) => without(planned, gone));
}

/** The plot, with faults that every node survives on top. */
function plotCase(plot: ScenarioData, seed: number): ScenarioData {
  const plan = drawPlan({ ...budgetOf(plot, seed), roles: [], isSpent: true }, seed);
  const { byzantine, proposers } = plot;
  return { ...underPlan(plot, plan, seed), byzantine, proposers, decides: [{ height: leastHeights, withinMs: longestMs }] };
}

/** Liars do most harm as proposers, at first and again in later rounds: they propose more often than their power says. */
function drawProposers({ validators }: ScenarioData, liars: readonly string[], seed: number): ScenarioData['proposers'] {
  const dice = new Dice(seed, 'proposers');
  if (dice.below(2) === 0) return {};
  const places = Array.from({ length: 8 }, (_, index) => index + 1).flatMap((height) =>
    [0, 1, 2, 3].map((round) => `${height}.${round}`),
  );
  return Object.fromEntries(
    places.map((place) => [place, dice.pick(dice.below(2) === 0 ? liars : Object.keys(validators))] as const),
  );
}

/** The fault for the nodes that are not gone; none where nobody is left. */
function without({ trigger, fault }: PlannedFault, gone: readonly string[]): readonly PlannedFault[] {
  if (!nodesOf(fault).some((node) => gone.includes(node))) return [{ trigger, fault }];
  if (fault.type !== 'crash' && fault.type !== 'kill') return [];
  const nodes = fault.nodes.filter((node) => !gone.includes(node));
  return nodes.length === 0 ? [] : [{ trigger, fault: { ...fault, nodes } }];
}

function longestDelayMs({ network }: ScenarioData): number {
  const delays = [network, ...Object.values(network.links ?? {})].flatMap(({ delay }) => delay ?? []);
  return Math.max(0, ...delays.map(Number));
}

function underPlan(data: ScenarioData, plan: DrawnPlan, seed: number): ScenarioData {
  const { attest, onCorrupt, lostSectors, faults, byzantine, safetyMs } = plan;
  return {
    ...bare(data, seed),
    scripts: {},
    faults,
    isDrawn: true,
    byzantine,
    attest,
    onCorrupt,
    ...(lostSectors === undefined ? {} : { lostSectors }),
    safetyMs,
  };
}

/** Milliseconds: a plot needs its time. */
const plotMs = 2000;

/**
 * The scenario's own faults and scripts stay, and drawn ones that every node survives come on top: a plot that chance would not find, told
 * with many accidents.
 */
function aroundCase(data: ScenarioData, seed: number): ScenarioData {
  const { faults } = drawPlan({ ...budgetOf(data, seed), roles: [], safetyMs: plotMs, isSpent: true }, seed);
  return { ...bare(data, seed), proposers: data.proposers, faults: [...data.faults, ...faults], isDrawn: true, safetyMs: plotMs };
}

/**
 * What is drawn for a scenario: faults in place of its own (`fuzz`), faults on top of its own (`around`), or the environment and the faults
 * (`environments`).
 */
export type FuzzMode = 'fuzz' | 'around' | 'environments';

/** By mode of `fuzz`: the scenario that a seed draws from a given one. */
export const drawnCase: Readonly<Record<FuzzMode, (data: ScenarioData, seed: number) => ScenarioData>> = {
  fuzz: fuzzCase,
  around: aroundCase,
  environments: environmentCase,
};

function bare(
  { until: _until, schedule: _schedule, absences: _absences, ...environment }: ScenarioData,
  seed: number,
): ScenarioData {
  return { ...environment, seed, proposers: {}, variants: [], decides: [], about: [], mustReach: [] };
}

/** The nodes of a scenario, the sets in which the bound holds, and the links between nodes. */
function budgetOf(data: ScenarioData, seed: number): Omit<FaultBudget, 'roles'> {
  const sets = setsOf(data).map(({ powers }) => powers);
  const cast = castOf(data);
  const powers = new Map(cast.map((name) => [name, Math.max(...sets.map((set) => set.get(name) ?? 0))]));
  const { tolerates } = protocolNamed(data.protocol);
  const links = data.topology === 'mesh' ? {} : { links: neighbours(data.topology, cast, seeded(seed)) };
  return { powers, sets, tolerates, signers: Object.keys(data.signers ?? {}), ...links };
}
