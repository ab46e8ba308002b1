/**
 * The properties of Raft (figure 3 of the paper): election safety, log matching, leader completeness, state machine safety. Also here: `one-vote` and `caught-up`.
 *
 * The first four are judged from the states of the nodes after each step. `one-vote` is judged from the votes that leave a node, over all its lives.
 *
 * @example
 * import { runScenario, scenario } from 'lazurite';
 * import { raftProperties } from './index.ts';
 *
 * const { properties } = runScenario(scenario('three', { A: 1, B: 1, C: 1 }).protocol('raft').until({ time: '1s' }).data);
 * for (const { name } of raftProperties) console.log(name, properties.find((one) => one.name === name)?.verdict);
 * // prints caught-up held
 * // prints one-vote held
 * // prints election-safety held
 * // prints log-matching held
 * // prints leader-completeness held
 * // prints state-machine-safety held
 */

import type { Entry, RaftState, Vote } from '../../actors/raft/types.ts';
import type { Monitor, Property } from '../../core/events.ts';
import { own } from '../../core/own.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { caughtUp } from './caught-up.ts';

/** A rule about the states of nodes. It keeps notes about the run, and judges each new state. */
interface Rule<Notes> {
  readonly start: Notes;
  readonly unexercised: string;
  /** Judges the new `state` of `node`. `states` has the last seen state of each node, the new one included. */
  look(notes: Notes, node: string, state: RaftState, states: States): Looked<Notes>;
}

type States = Readonly<Record<string, RaftState>>;

interface Looked<Notes> {
  readonly notes: Notes;
  readonly isExercised: boolean;
  readonly wrong?: { readonly message: string; readonly nodes: readonly string[] };
}

interface StateMemory<Notes> extends Judged {
  readonly notes: Notes;
  readonly states: States;
}

/** Makes a monitor of a rule. An event is emitted before its step runs, so a new state is seen at the next event of its node. */
const stateMonitor = <Notes>({ start, unexercised, look }: Rule<Notes>): Monitor<StateMemory<Notes>> => ({
  watches: ['deliver', 'effect', 'restart'],
  start: { ...unjudged, notes: start, states: {} },
  look: (memory, { index, node }, observer) => {
    const actor = observer.actorState(node, 'consensus') as { readonly inner: RaftState } | undefined;
    const state = actor?.inner;
    if (state === undefined || state === own(memory.states, node) || observer.isFaulty(node)) return memory;
    const states = { ...memory.states, [node]: state };
    const { notes, isExercised, wrong } = look(memory.notes, node, state, states);
    const next = { ...memory, notes, states, isExercised: memory.isExercised || isExercised };
    return wrong === undefined ? next : withViolation(next, { ...wrong, event: index, height: 1 });
  },
  finish: (memory) => verdictOf(memory, unexercised),
  relevant: relevantOf,
});

const leaders: Rule<Readonly<Record<number, string>>> = {
  start: {},
  unexercised: 'nobody was elected',
  look: (notes, node, { role, term }) => {
    if (role !== 'leader' || notes[term] === node) return { notes, isExercised: false };
    const first = notes[term];
    if (first === undefined) return { notes: { ...notes, [term]: node }, isExercised: true };
    return { notes, isExercised: true, wrong: { message: `${first} and ${node} both led term ${term}`, nodes: [first, node] } };
  },
};

/** Compares the log of a node with the last seen logs of all others. */
const matching: Rule<null> = {
  start: null,
  unexercised: 'no two nodes had entries',
  look: (notes, node, { log }, states) => {
    for (const [other, { log: second }] of Object.entries(states)) {
      if (other === node) continue;
      let last = Math.min(log.length, second.length);
      while (last > 0 && log[last - 1]?.term !== second[last - 1]?.term) last -= 1;
      const differs = log.slice(0, last).findIndex((entry, at) => !isSame(entry, second[at]));
      if (differs !== -1) {
        const message = `${node} and ${other} agree on the term of entry ${last} and not on entry ${differs + 1}`;
        return { notes, isExercised: true, wrong: { message, nodes: [node, other] } };
      }
    }
    return { notes, isExercised: log.length > 0 && Object.keys(states).length > 1 };
  },
};

/** Committed entries in the order of their index, with the node and the term by which they were first seen committed. */
type Committed = readonly { readonly entry: Entry; readonly term: number; readonly by: string }[];

const noted = (notes: Committed, node: string, { log, commit, term }: RaftState): Committed =>
  commit <= notes.length ? notes : [...notes, ...log.slice(notes.length, commit).map((entry) => ({ entry, term, by: node }))];

const complete: Rule<Committed> = {
  start: [],
  unexercised: 'nobody led after an entry was committed',
  look: (notes, node, state) => {
    const next = noted(notes, node, state);
    if (state.role !== 'leader') return { notes: next, isExercised: false };
    const missing = notes.findIndex(({ entry, term }, at) => term < state.term && !isSame(entry, state.log[at]));
    if (missing === -1) return { notes: next, isExercised: notes.length > 0 };
    const { by, term } = notes[missing] as Committed[number];
    const message = `${node} leads term ${state.term} without entry ${missing + 1}, which ${by} had committed in term ${term}`;
    return { notes: next, isExercised: true, wrong: { message, nodes: [node, by] } };
  },
};

const machines: Rule<Committed> = {
  start: [],
  unexercised: 'nothing was committed',
  look: (notes, node, state) => {
    const next = noted(notes, node, state);
    const differs = notes.findIndex(({ entry }, at) => at < state.commit && !isSame(entry, state.log[at]));
    if (differs === -1) return { notes: next, isExercised: state.commit > 0 };
    const { by } = notes[differs] as Committed[number];
    const message = `${node} applies another command as entry ${differs + 1} than ${by} did`;
    return { notes: next, isExercised: true, wrong: { message, nodes: [node, by] } };
  },
};

function isSame(a: Entry, b: Entry | undefined): boolean {
  return b !== undefined && a.term === b.term && a.command === b.command;
}

/** A node has one vote in a term, over all its lives. Only votes that left the node count. */
const oneVote: Monitor<Judged & { readonly votes: Readonly<Record<string, string>> }> = {
  watches: ['effect transmit'],
  start: { ...unjudged, votes: {} },
  look: (memory, event, observer) => {
    if (event.type !== 'effect' || event.effect.type !== 'transmit') return memory;
    const { type, voter, term, candidate } = event.effect.data as Vote;
    const { node, index } = event;
    if (type !== 'vote' || voter !== node || observer.isFaulty(node)) return memory;
    const key = `${node} ${term}`;
    const first = memory.votes[key];
    if (first === undefined) return { ...memory, isExercised: true, votes: { ...memory.votes, [key]: candidate } };
    if (first === candidate) return memory;
    const message = `${node} voted for ${first} and for ${candidate} in term ${term}`;
    return withViolation(memory, { message, event: index, nodes: [node], height: 1 });
  },
  finish: (memory) => verdictOf(memory, 'nobody voted'),
  relevant: relevantOf,
};

export const raftProperties: readonly Property[] = [
  caughtUp,
  {
    name: 'one-vote',
    says: 'over all lives a node votes for at most one candidate a term',
    hint: 'term and vote must be durable before the vote leaves',
    monitor: () => oneVote,
  },
  {
    name: 'election-safety',
    says: 'at most one leader is elected in a term',
    hint: 'look for a vote that was forgotten',
    monitor: () => stateMonitor(leaders),
  },
  {
    name: 'log-matching',
    says: 'two logs that agree on the term of an entry agree on all entries up to it',
    hint: 'an entry is taken only where the one before it agrees',
    monitor: () => stateMonitor(matching),
  },
  {
    name: 'leader-completeness',
    says: 'a committed entry is in the log of every leader of a later term',
    hint: 'look for an entry acknowledged before it was durable, cut by a late append, or committed by counting an old term',
    monitor: () => stateMonitor(complete),
  },
  {
    name: 'state-machine-safety',
    says: 'no two nodes apply different commands at one index',
    hint: 'look at leader-completeness first',
    monitor: () => stateMonitor(machines),
  },
];
