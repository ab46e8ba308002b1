/**
 * Scenarios: the language, the runner, and the step-by-step cluster.
 *
 * In: stories about nodes that die. Stays out: files and the command line.
 */
export {
  agreement,
  decides,
  lockDiscipline,
  noEquivocation,
  replayEquivalence,
  Scenario,
  scenario,
  validity,
  writeAhead,
} from './builder.ts';
export { type Cluster, cluster } from './cluster.ts';
export type { DeathReport, Restored } from './counters.ts';
export { type CrashpointCase, type CrashpointChoice, crashpointCases } from './crashpoint-cases.ts';
export { pointCase } from './crashpoints.ts';
export { ScriptDirector } from './director.ts';
export { type Fault, type FaultClass, type FaultKind, faultKinds, type PlannedFault, type Trigger } from './faults.ts';
export { drawnCase, type FuzzMode, fuzzCase } from './fuzz.ts';
export { isBroken, minimize } from './minimize.ts';
export { type Duration, type Moment, milliseconds, type ScenarioData, ScenarioError, type Variant, type When } from './model.ts';
export { matches, momentOf, type NamedMoment } from './moments.ts';
export { type Failure, failedCase, failureOf, namedCase, nameOf, runFailure } from './named-run.ts';
export { mochaSource, scenarioSource } from './print.ts';
export { isKnownProtocol } from './protocols.ts';
export { randomKills } from './random-kills.ts';
export { sizeOf } from './reductions.ts';
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
export { type Done, type Down, event, height, round, type Up } from './script.ts';
export { stage } from './stage.ts';
export { formatToken, parseToken, type RunName, scenarioHash } from './token.ts';
export type { EventName, SiteName } from './vocabulary.ts';
