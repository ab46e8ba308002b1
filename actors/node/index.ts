/**
 * A node of any protocol. Five actors, each in a file of its own, make it: supervisor, log (wal), consensus with write-ahead rules, host and network.
 *
 * A node is built from a protocol (`NodeDefinition`), an application, a signer and the names of its peers. No file here knows a protocol.
 *
 * @example
 * import { closedGate, flushed, hold } from './index.ts';
 *
 * // The gate holds a vote until its frame, number 5 of life 1, is durable.
 * const { gate } = hold(closedGate<string>(1, 4), 'prevote', 5);
 * console.log(flushed(gate, 1, 4).released, flushed(gate, 1, 5).released);
 * // prints [] [ 'prevote' ]
 */
export { type Block, decodeBlock, encodeBlock } from './block.ts';
export {
  type Admission,
  type Application,
  type NodeDefinition,
  type Output,
  PayloadError,
  type Peers,
  type Transition,
  type Verify,
} from './definition.ts';
export { closedGate, flushed, type Gate, hold } from './gate.ts';
export { type RefusalCode, type SigningGuard, signsForwards } from './guard.ts';
export { type Handshake, honestHandshake } from './handshake-rules.ts';
export type { HostState, OwnStoreSetup } from './host-state.ts';
export type { Ledger } from './ledger.ts';
export type { FlushedMessage, InputMessage, RecoveredMessage, ReplayFrameMessage, RestartHeightMessage } from './messages.ts';
export { networkActor } from './network.ts';
export { createNode, type NodeParts } from './node.ts';
export { type PlannerParts, plannerOf } from './planner.ts';
export { keyedHashSigner, type Signer } from './signing.ts';
export { type Lifecycle, type LifecycleEvent, lifecycle, type SupervisorState, supervisorActor } from './supervisor.ts';
export type { Planner, WalSetup, WalState } from './wal-state.ts';
export { type Held, leave, type WriteAheadState } from './write-ahead.ts';
