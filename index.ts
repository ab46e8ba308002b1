/**
 * Lazurite: simulated consensus nodes which write ahead, are killed at every point that matters, restart from their logs alone, and are
 * judged.
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
