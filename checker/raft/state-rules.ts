/** Rules about the states of Raft nodes, and the checker's own reading of a log that begins after a snapshot. */
import type { Entry, RaftState } from '../../actors/raft/types.ts';
import type { Monitor, Observer } from '../../core/events.ts';
import { own } from '../../core/own.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';

/** A rule about the states of nodes. It keeps notes about the run, and judges each new state. */
export interface Rule<Notes> {
  readonly start: Notes;
  readonly unexercised: string;
  /**
   * Judges the new `state` of `node`. `states` has the last seen state of each node, the new one included. `before`: the state of the node before, also in its last
   * life.
   */
  look(notes: Notes, node: string, state: RaftState, states: States, before: RaftState | undefined): Looked<Notes>;
}

export type States = Readonly<Record<string, RaftState>>;

export interface Looked<Notes> {
  readonly notes: Notes;
  readonly isExercised: boolean;
  readonly wrong?: { readonly message: string; readonly nodes: readonly string[] };
}

interface StateMemory<Notes> extends Judged {
  readonly notes: Notes;
  readonly states: States;
}

/** Makes a monitor of a rule. An event is emitted before its step runs, so a new state is seen at the next event of its node. */
export const stateMonitor = <Notes>({ start, unexercised, look }: Rule<Notes>): Monitor<StateMemory<Notes>> => ({
  watches: ['deliver', 'effect', 'restart'],
  start: { ...unjudged, notes: start, states: {} },
  look: (memory, { index, node }, observer) => {
    const state = stateOf(observer, node);
    const before = own(memory.states, node);
    if (state === undefined || state === before || observer.isFaulty(node)) return memory;
    const states = { ...memory.states, [node]: state };
    const { notes, isExercised, wrong } = look(memory.notes, node, state, states, before);
    const next = { ...memory, notes, states, isExercised: memory.isExercised || isExercised };
    return wrong === undefined ? next : withViolation(next, { ...wrong, event: index, height: 1 });
  },
  finish: (memory) => verdictOf(memory, unexercised),
  relevant: relevantOf,
});

/** The state of a node's Raft; undefined while the node is down. */
export function stateOf(observer: Observer, node: string): RaftState | undefined {
  return (observer.actorState(node, 'consensus') as { readonly inner: RaftState } | undefined)?.inner;
}

/** The entry at an index, from 1. Undefined if the log does not reach it, or its snapshot has replaced it. */
export function entryOf({ log, snapshot }: RaftState, index: number): Entry | undefined {
  return log[index - 1 - snapshot.lastIndex];
}

export function lengthOf({ log, snapshot }: RaftState): number {
  return snapshot.lastIndex + log.length;
}

export function isSame(a: Entry, b: Entry | undefined): boolean {
  return b !== undefined && a.term === b.term && a.command === b.command && membersText(a) === membersText(b);
}

function membersText({ membership }: Entry): string | undefined {
  return membership === undefined ? undefined : JSON.stringify([membership.changes, ...membership.members]);
}
