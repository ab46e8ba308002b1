/**
 * Scenarios: the builder in TypeScript, the runner of one scenario, and a cluster that a test drives step by step.
 *
 * A scenario is plain data. A run of it is deterministic: the same data and seed give the same hash. Files are read, and flags parsed, in apps/cli.
 *
 * @example
 * import { cluster, event } from './index.ts';
 *
 * const four = cluster({ A: 1, B: 1, C: 1, D: 1 });
 * four.runUntil(event('decided', { height: 1 }));
 * four.node('B').crash();
 * four.run('1s');
 * four.node('B').restart();
 * four.run('5s');
 * console.log(four.node('B').isUp, four.judge().filter(({ verdict }) => verdict === 'violated'));
 * // prints true []
 */

export { type Alteration, type AnyParts, buildWorld } from './build-world.ts';
export { Scenario, scenario } from './builder.ts';
export { type Cluster, cluster } from './cluster.ts';
export type { DeathReport, Restored, ReturnReport } from './counters.ts';
export { ScriptDirector } from './director.ts';
export { type Duration, milliseconds } from './duration.ts';
export { ScenarioError } from './error.ts';
export {
  agreement,
  decides,
  decidesNothing,
  lockDiscipline,
  never,
  noEquivocation,
  replayEquivalence,
  validity,
  writeAhead,
} from './expectations.ts';
export { type Fault, type FaultClass, type FaultKind, faultKinds, type PlannedFault, type Trigger } from './faults.ts';
export type { Incident } from './incidents.ts';
export type { ScenarioData, Variant, When } from './model.ts';
export type { Moment } from './moments.ts';
export { exactly, from, matches, momentOf, type NamedMoment } from './moments.ts';
export { brokenNode } from './own-exhibit.ts';
export { mochaSource, scenarioSource } from './print.ts';
export { isKnownProtocol } from './protocols.ts';
export {
  allProperties,
  alterationOf,
  exhibitOf,
  type PropertyResult,
  propertiesOf,
  type Run,
  type RunOptions,
  runScenario,
  variantNamed,
} from './runner.ts';
export { type AtFirst, type Done, type Down, event, height, ownEvent, round, type Up } from './script.ts';
export { formatToken, parseToken, type RunName, scenarioHash } from './token.ts';
export type { EventName, SiteName, WhereOf } from './vocabulary.ts';
