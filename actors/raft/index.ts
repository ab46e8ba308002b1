/**
 * Raft, as a second protocol of size: the proof that `NodeDefinition` carries more than Tendermint, through no door that Tendermint does
 * not use.
 *
 * In: its rules, as pure functions. Stays out: logs, disks, networks, timers.
 */
export { isOwnMessage, raft } from './definition.ts';
export { commandSource } from './host.ts';
export { committedFrom, majorityIndex } from './step.ts';
export type { Append, RaftConfig, RaftInput, RaftMessage, RaftState } from './types.ts';
