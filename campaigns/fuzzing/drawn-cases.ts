/** Makes the scenario of a fuzz run: a given scenario with a drawn fault plan, in its own environment or in a drawn one. */

import { allRoleNames, type RoleName, rolesOfExtensions } from '../../actors/byzantine/index.ts';
import { seeded } from '../../core/choice.ts';
import { neighbours } from '../../network-sim/index.ts';
import { nodesOf, type PlannedFault } from '../../scenarios/faults.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { protocolNamed, setsOf } from '../../scenarios/protocols.ts';
import { memberSets } from '../../scenarios/raft-members.ts';
import { Dice } from './dice.ts';
import { drawEnvironment, lockPlot } from './drawn-environments.ts';
import { type DrawnPlan, drawPlan, type FaultBudget } from './fault-plan-generator.ts';
import { applicationFaults } from './recovery-plots.ts';

/**
 * Keeps the nodes and the environment, and replaces scripts and faults by drawn faults. The faults depend only on the nodes and the seed. The run uses the
 * same seed.
 */
export function fuzzCase(data: ScenarioData, seed: number): ScenarioData {
  return underPlan(data, drawPlan({ ...budgetOf(data, seed), roles: rolesFor(data) }, seed), seed);
}

/** How many other roles one that lies about extensions counts for: such a scenario is seldom drawn, and would else hardly ever meet this lie. */
const extensionWeight = 12;

/** The roles that can change something in this scenario. */
function rolesFor({ voteExtensions }: ScenarioData): readonly RoleName[] {
  return voteExtensions === undefined
    ? allRoleNames.filter((role) => !rolesOfExtensions.includes(role))
    : [...allRoleNames, ...Array.from({ length: extensionWeight }, () => rolesOfExtensions).flat()];
}

/** The height that a run in a drawn environment must decide. A liar may be one height later, so every node comes to height 10. */
const leastHeights = 11;
/** The time (ms) that it may take, and the same in delays of the slowest link. The longer of the two counts. */
const longestMs = 60_000;
const longestDelays = 1500;

/** Like `fuzzCase`, but the environment is drawn as well. It is not drawn for other protocols than Tendermint. */
function environmentCase(base: ScenarioData, seed: number): ScenarioData {
  if (protocolNamed(base.protocol).name !== 'tendermint') return fuzzCase(base, seed);
  const plot = lockPlot(base, seed);
  if (plot !== undefined) return plotCase(plot, seed);
  const { data, down, untilMs } = drawEnvironment(base, seed);
  const gone = down.flatMap(({ fault }) => nodesOf(fault));
  const safetyMs = Math.max(600, 10 * longestDelayMs(data));
  const plan = drawPlan({ ...budgetOf(data, seed), roles: rolesFor(data), safetyMs, isSpent: gone.length > 0 }, seed);
  const liars = Object.keys(plan.byzantine);
  const proposers = liars.length === 0 ? {} : drawProposers(data, liars, seed);
  const upright = castOf(data).filter((name) => !gone.includes(name) && !liars.includes(name));
  const atStore = data.ownStore === undefined ? [] : applicationFaults(upright, safetyMs, new Dice(seed, 'nemesis.application'));
  const faults = [...down, ...[...plan.faults, ...atStore].flatMap((planned) => without(planned, gone))];
  const drawn = {
    ...underPlan(data, { ...plan, faults }, seed),
    proposers,
    decides: [{ height: leastHeights, withinMs: Math.max(longestMs, longestDelays * longestDelayMs(data)) }],
  };
  if (untilMs === undefined) return drawn;
  const { safetyMs: _safety, ...endless } = drawn;
  return { ...endless, decides: [], until: { timeMs: untilMs } };
}

/** Draws faults that every node survives, for a scenario in which some nodes may be down for good. */
export function accidentsOn(data: ScenarioData, seed: number): readonly PlannedFault[] {
  const gone = data.faults.flatMap(({ fault }) => (fault.type === 'kill' && fault.restartMs === undefined ? fault.nodes : []));
  const safetyMs = data.safetyMs === undefined ? {} : { safetyMs: data.safetyMs };
  const { faults } = drawPlan({ ...budgetOf(data, seed), roles: [], ...safetyMs, isSpent: true }, seed);
  return faults.flatMap((planned) => without(planned, gone));
}

/** A prepared plot, with drawn faults added that every node survives. */
function plotCase(plot: ScenarioData, seed: number): ScenarioData {
  const plan = drawPlan({ ...budgetOf(plot, seed), roles: [], isSpent: true }, seed);
  const { byzantine, proposers } = plot;
  return { ...underPlan(plot, plan, seed), byzantine, proposers, decides: [{ height: leastHeights, withinMs: longestMs }] };
}

/** Draws the proposers of the first heights. Liars do most harm as proposers, so they propose more often than their power gives them. */
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

/** The fault without the nodes that are gone. Empty if no node is left, or if the fault cannot be restricted. */
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

/** The safety phase (ms) of a scenario that keeps its own faults: its plot needs this time. */
const plotMs = 2000;

/**
 * Keeps the scenario's own faults and scripts, and adds drawn faults that every node survives. So a plot that random draws would not find is combined with
 * many accidents.
 */
function aroundCase(data: ScenarioData, seed: number): ScenarioData {
  const { faults } = drawPlan({ ...budgetOf(data, seed), roles: [], safetyMs: plotMs, isSpent: true }, seed);
  return { ...bare(data, seed), proposers: data.proposers, faults: [...data.faults, ...faults], isDrawn: true, safetyMs: plotMs };
}

/**
 * What is drawn for a scenario. `fuzz`: faults that replace its own. `around`: faults in addition to its own. `environments`: the environment and the
 * faults.
 */
export type FuzzMode = 'fuzz' | 'around' | 'environments';

/** For each mode: the function that draws a scenario from a given one and a seed. */
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

/** What may be drawn for a scenario: its nodes with their powers, the validator sets in which the bound must hold, and the links. */
function budgetOf(data: ScenarioData, seed: number): Omit<FaultBudget, 'roles'> {
  const all = setsOf(data).map(({ powers }) => powers);
  const cast = castOf(data);
  const powers = new Map(cast.map((name) => [name, Math.max(...all.map((set) => set.get(name) ?? 0))]));
  const sets = memberSets(data.raft, cast)?.map((members) => new Map(members.map((name) => [name, 1]))) ?? all;
  const { tolerates } = protocolNamed(data.protocol);
  const links = data.topology === 'mesh' ? {} : { links: neighbours(data.topology, cast, seeded(seed)) };
  return { powers, sets, tolerates, signers: Object.keys(data.signers ?? {}), ...links };
}
