/**
 * The runner: one variant of a scenario, run to its end and judged. The result says what was killed, what replay restored, and which
 * properties held.
 */

import type { Listener, NodeSpec, RunEnd, World } from '../actors/scheduler/index.ts';
import { followSchedule } from '../actors/scheduler/index.ts';
import { crashIsPause, nodeProperties, saysAgain } from '../checker/node/index.ts';
import type { Property, Verdict, VerdictName } from '../core/events.ts';
import { exhibitNamed, exhibits } from '../museum/index.ts';
import { AbsenceCounter, lastAbsenceMs } from './absences.ts';
import { type Alteration, buildWorld, slowestOf } from './build-world.ts';
import { notCarriedOut, notExercised, type PropertyResult, violationsIn } from './complaints.ts';
import { type DeathReport, DecisionCounter, type Restored, RestoredCounter, type ReturnReport } from './counters.ts';
import { Deadlines } from './deadlines.ts';
import { ScriptDirector } from './director.ts';
import { endText, wasCut, wasGivenUp } from './end-of-run.ts';
import { endOf } from './ending.ts';
import { ScenarioError } from './error.ts';
import { type Incident, IncidentCounter } from './incidents.ts';
import { leftBehind } from './left-behind.ts';
import { MarkCounter } from './marks.ts';
import { asVariant, type ScenarioData, signerOf, type Variant } from './model.ts';
import { refuseUnknownNames } from './names.ts';
import { OccasionCounter } from './occasions.ts';
import { ownExhibit, ownExhibits } from './own-exhibit.ts';
import type { PropertyChoice } from './protocol.ts';
import { protocolNamed } from './protocols.ts';
import { didYouMean } from './spelling.ts';
import { type Standstill, StandstillCounter } from './standstill.ts';

export type { PropertyResult } from './complaints.ts';

export interface Run {
  readonly scenario: string;
  /** What was run. */
  readonly data: ScenarioData;
  /** The broken node that was run in place of the honest one, if one was. */
  readonly exhibit: string | undefined;
  readonly variant: string | null;
  readonly seed: number;
  readonly verdict: VerdictName;
  /** The verdict is the one that the variant expects, scripts ran to their ends, and all marks were reached. */
  readonly asExpected: boolean;
  /** Why not, in words. */
  readonly complaints: readonly string[];
  /**
   * Those complaints that are no violations of properties: a death that never struck, a step that was not reached, a decision that did not come, an end
   * that left the run undecided. What such a run shows is not what its scenario describes.
   */
  readonly notCarriedOut: readonly string[];
  /** Those of them that leave the run undecided: it was given up, or did not exercise a property that the scenario names. */
  readonly open: readonly string[];
  /** Faults of the plan that did nothing in this run, in words. A drawn one may; of any other it is a complaint. */
  readonly idleFaults: readonly string[];
  readonly hash: string;
  readonly heights: number;
  readonly deaths: readonly DeathReport[];
  readonly restored: Restored;
  /** Nodes that came back, and what replay brought back of each. */
  readonly returns: readonly ReturnReport[];
  /** Long times in which nobody decided. */
  readonly standstills: readonly Standstill[];
  /** Nodes that did not simply go on, with the reason, in the order in which it happened. */
  readonly incidents: readonly Incident[];
  readonly properties: readonly PropertyResult[];
  /** How often the run reached each mark (docs/reference/events-and-sites.md). */
  readonly marks: Readonly<Record<string, number>>;
  readonly end: RunEnd;
  /** Why and when it ended, in words. */
  readonly ended: string;
  readonly world: World;
  /** The same run once more. */
  again(): Run;
  /** The world as it was when an event had happened: run again up to there, so that any state can be looked at. */
  at(event: number): World;
  /** One node, for assertions about it. Throws `ScenarioError` for a name that is not in the cast. */
  node(name: string): NodeOfRun;
}

export interface NodeOfRun {
  readonly run: Run;
  readonly name: string;
}

export interface RunOptions {
  readonly seed?: number;
  readonly variant?: string;
  readonly record?: boolean;
  /** A broken node in place of the honest one. It overrides the variant. */
  readonly exhibit?: string;
  /** The honest node, also if the variant names a broken one: an exhibit is compared with it. */
  readonly isHonest?: boolean;
  /** Wraps each node, also a broken one and one that lies: to watch how it handles its data. */
  readonly wrap?: (spec: NodeSpec) => NodeSpec;
  /** Stops when this event has happened. */
  readonly upTo?: number;
  /** The number of deliveries after which the run is given up as undecided. */
  readonly maxSteps?: number;
  /** Sees every event of the run. */
  readonly listener?: Listener;
  /** Receives the world as soon as it is built. */
  readonly onWorld?: (world: World) => void;
}

const defaultLimitMs = 60_000;
/** On a slow network a run may take longer: this number of the longest delays. */
const limitDelays = 300;
/** With `wal: none` nothing is written ahead, so these say nothing. */
export const offWithoutLog: readonly string[] = ['write-ahead', 'replay-equivalence', 'crash-is-pause', 'says-again'];

/** The variant of this name; without a name the first, or undefined if there are none. Throws `ScenarioError` for an unknown name. */
export function variantNamed(data: ScenarioData, name: string | undefined): Variant | undefined {
  if (name === undefined) return data.variants[0];
  const variant = data.variants.find((candidate) => candidate.name === name);
  if (variant !== undefined) return variant;
  const names = data.variants.map((candidate) => `'${candidate.name}'`).join(', ') || 'none';
  throw new ScenarioError(`scenario '${data.name}' has no variant '${name}'; its variants: ${names}`);
}

/** The exhibit of a variant, under whichever name the variant calls it. */
export function exhibitOf(variant: Variant | undefined): string | undefined {
  if (variant?.wal === 'none') return 'no-wal';
  if (variant?.disk?.fsync === 'skip') return 'no-fsync';
  return variant?.break;
}

/** How an exhibit alters a node. Throws `ScenarioError` when there is no such exhibit, naming those there are, or none for this protocol. */
export function alterationOf(name: string | undefined, protocol: string | undefined): Alteration | undefined {
  if (name === undefined) return undefined;
  const own = ownExhibit(name);
  if (own !== undefined) return own;
  const exhibit = exhibitNamed(name);
  if (exhibit?.protocol !== undefined && exhibit.protocol !== protocol)
    throw new ScenarioError(
      `the exhibit '${name}' is a node of ${exhibit.protocol}, and this scenario has ${protocol ?? 'tendermint'}`,
    );
  if (exhibit !== undefined) return exhibit as Alteration;
  const names = [...exhibits.map((known) => known.name), ...ownExhibits()];
  throw new ScenarioError(`no exhibit is called '${name}'${didYouMean(name, names) || `; there are ${names.join(', ')}`}`);
}

/** What is judged: what any durable node owes, what its protocol owes, and that a crash is a pause. */
export function propertiesOf(data: PropertyChoice): readonly Property[] {
  const { definition, isOwnMessage, properties, propertiesFor } = protocolNamed(data.protocol);
  const asked = propertiesFor?.(data) ?? [];
  const isOwn: typeof isOwnMessage = (message, node) => isOwnMessage(message, signerOf(data, node));
  return [...nodeProperties, ...properties, ...asked, crashIsPause(definition, isOwn), saysAgain(definition)];
}

/** Those of Tendermint. */
export const allProperties: readonly Property[] = propertiesOf({});

/** Runs one variant of a scenario (default: the first) and judges it. Throws `ScenarioError` for a variant or an exhibit that does not exist. */
export function runScenario(script: ScenarioData, options: RunOptions = {}): Run {
  refuseUnknownNames(script);
  const variant = variantNamed(script, options.variant);
  const data = asVariant(script, variant);
  const seed = options.seed ?? data.seed;
  const exhibit = options.isHonest === true ? undefined : (options.exhibit ?? exhibitOf(variant));
  const alteration = alterationOf(exhibit, data.protocol);
  const director = new ScriptDirector(data);
  const decisions = new DecisionCounter();
  const absences = new AbsenceCounter(data.absences);
  const restored = new RestoredCounter();
  const incidents = new IncidentCounter();
  const marked = new MarkCounter(data.protocol);
  const occasions = new OccasionCounter(data);
  const { upTo } = options;
  const { schedule, until } = data;
  const off = new Map<string, string>();
  if (exhibit === 'no-wal') for (const name of offWithoutLog) off.set(name, 'without a log it says nothing');
  if (schedule !== undefined) off.set('termination', 'a chosen order of messages makes time meaningless');
  const properties = propertiesOf(data).filter(({ name }) => !off.has(name));
  const world = buildWorld(data, {
    seed,
    keeps: options.record === true ? 'events' : 'hash',
    properties,
    listeners: [
      (event) => decisions.count(event),
      (event) => absences.count(event),
      (event) => restored.count(event),
      (event) => incidents.count(event),
      (event) => marked.count(event),
      (event) => occasions.count(event),
      ...(options.listener === undefined ? [] : [options.listener]),
    ],
    director,
    wrap: options.wrap,
    ...(alteration === undefined ? {} : { alteration }),
  });
  options.onWorld?.(world);
  const { delayMs } = slowestOf(data);
  const allowedMs = data.decides.map(({ withinMs }) => withinMs);
  const usualLimitMs = Math.max(defaultLimitMs, limitDelays * delayMs, lastAbsenceMs(data.absences), ...allowedMs);
  const limit = (until !== undefined && 'timeMs' in until ? until.timeMs : usualLimitMs) * 1000;
  const isOver = endOf(data, decisions);
  const standstills = new StandstillCounter(data, decisions, delayMs);
  const deadlines = new Deadlines(data);
  const isEnd = (now: World): boolean => {
    standstills.look(now);
    deadlines.look(now);
    return upTo === undefined ? isOver(now) : now.eventCount > upTo;
  };
  const steps = options.maxSteps === undefined ? {} : { steps: options.maxSteps };
  const end =
    schedule === undefined ? world.run({ until: isEnd, time: limit, ...steps }) : followSchedule(world, schedule, isEnd);
  standstills.look(world);
  const verdicts = world.verdicts();
  const judged = properties.map(({ name }, index): PropertyResult => {
    const { verdict, violations, reason } = verdicts[index] as Verdict;
    const [first] = violations;
    if (first !== undefined) return { name, verdict, message: first.message, event: first.event };
    return reason === undefined ? { name, verdict } : { name, verdict, message: reason };
  });
  const results = [...judged, ...[...off].map(([name, message]): PropertyResult => ({ name, verdict: 'off', message }))];
  const isViolated = judged.some(({ verdict }) => verdict === 'violated');
  const isCut = wasCut(data, end);
  const ended = endText(data, end, world);
  const marks = new Map([...world.marks, ...marked.marks]);
  const unexercised = notExercised(data, results);
  const isSurprise = judged.some(({ name, verdict }) => verdict === 'violated' && variant?.expect?.fail.includes(name) !== true);
  const isUndecided = isViolated ? unexercised.length > 0 && !isSurprise : isCut || unexercised.length > 0;
  const undecided = [...(isCut && !isViolated ? [ended] : []), ...unexercised];
  const undone = [
    ...undecided,
    ...notCarriedOut({ data, variant, results, marks, world, director, decisions, deadlines, absences, occasions }),
  ];
  const complaints = [...violationsIn({ variant, results }), ...undone];
  const run: Run = {
    scenario: data.name,
    data: script,
    exhibit,
    variant: variant?.name ?? null,
    seed,
    verdict: isUndecided ? 'undecided' : isViolated ? 'violated' : 'held',
    asExpected: complaints.length === 0,
    complaints,
    notCarriedOut: undone,
    // If a limit ended it, what would have come is not known.
    open: wasGivenUp(end) && !isViolated ? undone : undecided,
    idleFaults: director.idleFaults(world),
    hash: world.hash,
    heights: decisions.lowest(world.nodes.filter((name) => world.isUp(name))),
    deaths: restored.deaths,
    restored: restored.totals,
    returns: restored.returns,
    standstills: standstills.all,
    incidents: [...incidents.incidents, ...leftBehind(data, world, decisions, incidents.incidents, restored.returns)],
    properties: results,
    marks: Object.fromEntries([...marks].sort(([a], [b]) => (a < b ? -1 : 1))),
    end,
    ended,
    world,
    again: () => runScenario(script, options),
    at: (event) => runScenario(script, { ...options, upTo: event }).world,
    node: (name) => {
      if (world.nodes.includes(name)) return { run, name };
      throw new ScenarioError(`no node is called '${name}'; the cast is ${world.nodes.join(', ')}`);
    },
  };
  return run;
}
