/**
 * Raft as a `NodeDefinition`. It is the second protocol beside Tendermint, and it uses nothing of `actors/node` that Tendermint does not use.
 *
 * The rules are pure functions. Logs, disks, networks and timers are not here.
 *
 * @example
 * import { raft } from './index.ts';
 *
 * const config = { self: 'A', members: ['A', 'B', 'C'] };
 * const { state, outputs } = raft.step(raft.start(config), { type: 'election' });
 * console.log(state.role, state.term, outputs.some(({ type }) => type === 'say'));
 * // prints candidate 1 true
 */
export { isOwnMessage, raft } from './definition.ts';
export { commandSource } from './host.ts';
export { lastIndexOf, termAt } from './log.ts';
export { membershipAt, membersOf } from './members.ts';
export { committed, majorityIndex } from './replication.ts';
export type {
  Append,
  MemberChange,
  Membership,
  PreVote,
  RaftConfig,
  RaftInput,
  RaftMessage,
  RaftOptions,
  RaftState,
} from './types.ts';
