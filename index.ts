/**
 * Lazurite simulates consensus nodes with write-ahead logs. It kills them at every point, restarts them from their logs alone, and judges whether replay
 * restored every vote.
 *
 * This is the main entry point: scenarios and their runs, the properties, and the protocols. Campaigns are in `lazurite/campaigns`, tools for tests in
 * `lazurite/testing`, and the log in `lazurite/wal`.
 *
 * @example
 * import { event, runScenario, scenario } from 'lazurite';
 *
 * const story = scenario('a voter loses power', { A: 1, B: 1, C: 1, D: 1 })
 *   .node('B', (b) => b.waitUntil(event('vote.cast', { type: 'prevote' })).crash({ after: 'publish' }).restart({ after: '20ms' }))
 *   .until({ height: 3 });
 * const { verdict, deaths, restored } = runScenario(story.data);
 * console.log(verdict, deaths.length, restored.votes);
 * // prints held 1 1
 */

export {
  type Admission,
  type Application,
  type NodeDefinition,
  type Output,
  PayloadError,
  type Transition,
  type Verify,
} from './actors/node/index.ts';
export { commandSource, type RaftConfig, type RaftInput, type RaftMessage, type RaftState, raft } from './actors/raft/index.ts';
export {
  type Chain,
  chainApplication,
  type Decision,
  type ProposerRule,
  type TendermintConfig,
  type TendermintInput,
  type TendermintMessage,
  type TendermintState,
  type Timeouts,
  tendermint,
} from './actors/tendermint/index.ts';
export { digestOfAll } from './core/digest.ts';
export type {
  CrashImage,
  DeathKind,
  Monitor,
  Observer,
  Observer as Witness,
  Phase,
  Property,
  RunEvent,
  Setting,
  Verdict,
  VerdictName,
  Watched,
} from './core/events.ts';
export * from './testing/former-scenarios.ts';
