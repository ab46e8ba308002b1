/** Lists the complaints about a run in words: violations, and steps, faults, marks and decisions that differ from the scenario. A run without a complaint is as expected. */
import type { World } from '../actors/scheduler/index.ts';
import type { VerdictName } from '../core/events.ts';
import type { AbsenceCounter } from './absences.ts';
import type { DecisionCounter } from './counters.ts';
import type { Deadlines } from './deadlines.ts';
import type { FailedStep, ScriptDirector } from './director.ts';
import type { ScenarioData, Variant } from './model.ts';
import type { OccasionCounter } from './occasions.ts';

export interface PropertyResult {
  readonly name: string;
  readonly verdict: VerdictName | 'off';
  readonly message?: string;
  readonly event?: number;
}

/** What a finished run is judged by. */
export interface Finished {
  readonly data: ScenarioData;
  readonly variant: Variant | undefined;
  readonly results: readonly PropertyResult[];
  readonly marks: ReadonlyMap<string, number>;
  readonly world: World;
  readonly director: ScriptDirector;
  readonly decisions: DecisionCounter;
  readonly deadlines: Deadlines;
  readonly absences: AbsenceCounter;
  readonly occasions: OccasionCounter;
}

/** The violated properties that the variant does not expect to fail. */
export function violationsIn({ variant, results }: Pick<Finished, 'variant' | 'results'>): readonly string[] {
  const expected = variant?.expect?.fail ?? [];
  return results.flatMap(({ name, verdict, message = '' }) =>
    verdict === 'violated' && !expected.includes(name) ? [`${name} was violated: ${message}`] : [],
  );
}

/** The parts of the scenario that the run did not show. A variant that is expected to fail must fail in everything that its `expect` names. */
export function notCarriedOut(finished: Finished): readonly string[] {
  const { data, variant, marks, world, director } = finished;
  const { fail = [], steps = [] } = variant?.expect ?? {};
  const violated = finished.results.filter(({ verdict }) => verdict === 'violated');
  const failed = [
    ...director.failures,
    ...director.waiting(world),
    ...undecidedHeights(finished),
    ...finished.absences.failures(world.now / 1000),
  ];
  return [
    ...missing(
      // `determinism` compares two runs, so it is judged elsewhere.
      fail.filter((name) => name !== 'determinism'),
      violated.map(({ name }) => name),
    ).map((name) => `${name} was expected to fail and did not`),
    ...missing([...data.mustReach, ...(variant?.mustReach ?? [])], [...marks.keys()]).map(
      (mark) => `the mark '${mark}' was never reached`,
    ),
    ...failed.flatMap(({ as, message }) => (as !== undefined && steps.includes(as) ? [] : [message])),
    ...missing(
      steps,
      failed.map(({ as }) => as),
    ).map((name) => `'${name}' was expected to fail and did not`),
    // A fault, step or lie that did nothing is a complaint, but not if faults are drawn, and not for a broken node, which may never come to it.
    ...(data.isDrawn !== true && fail.length === 0
      ? [...director.idleSteps(world), ...director.idleFaults(world), ...finished.occasions.idle(), ...notBack(world)]
      : []),
  ];
}

/** Nodes whose restart was still to come when the run ended: nothing is known of their return. */
function notBack(world: World): readonly string[] {
  const away = world.nodes.filter((node) => !world.isUp(node) && world.isComingBack(node));
  return away.map(
    (node) => `${node} was not back when the run ended after ${Math.round(world.now / 1000)} ms: its restart was still to come`,
  );
}

function missing(wanted: readonly string[], found: readonly (string | undefined)[]): readonly string[] {
  return wanted.filter((name) => !found.includes(name));
}

function undecidedHeights({ data, world, decisions, deadlines }: Finished): readonly FailedStep[] {
  return data.decides.flatMap(({ height, withinMs, nodes = world.nodes, as }) => {
    const what = `height ${height} within ${withinMs} ms`;
    const missing = deadlines.missing(withinMs);
    const why = missing === undefined ? '' : `; at ${withinMs} ms ${missing}`;
    const undone = nodes.filter((node) => !decisions.hasDecided(node, height, withinMs));
    // A node that is down at the end need not decide. If all nodes are down, each of them is reported.
    const owing = nodes.some((node) => world.isUp(node)) ? undone.filter((node) => world.isUp(node)) : undone;
    return owing.map((node) => {
      const isDown = world.isUp(node) ? '' : ', and is down';
      return { as, message: `${node} did not decide ${what}${isDown}: ${insteadOf(decisions, node, height)}${why}` };
    });
  });
}

/** What a node decided in place of a height in time. */
function insteadOf(decisions: DecisionCounter, node: string, height: number): string {
  const late = decisions.timeOf(node, height);
  if (late !== undefined) return `it decided it at ${Math.round(late)} ms`;
  const last = decisions.height(node);
  return last === 0 ? 'it decided nothing' : `its last decision was ${last}, at ${Math.round(decisions.lastOf(node))} ms`;
}

/**
 * Properties that the scenario names and that this run says nothing about, each with the reason: such a run has not shown what its scenario is
 * about. A second run judges `determinism`, so it is not asked for here.
 */
export function notExercised(data: ScenarioData, results: readonly PropertyResult[]): readonly string[] {
  return (data.about ?? []).flatMap((name): readonly string[] => {
    const found = results.find((result) => result.name === name);
    if (name === 'determinism' || found?.verdict === 'held' || found?.verdict === 'violated') return [];
    const state =
      found === undefined ? 'is not judged with this protocol' : found.verdict === 'off' ? 'is off' : 'was not exercised';
    return [`the scenario names ${name}, which ${state}${found?.message === undefined ? '' : `: ${found.message}`}`];
  });
}
