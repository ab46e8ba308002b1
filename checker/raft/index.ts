/**
 * The properties of Raft (figure 3 of the paper): election safety, log matching, leader completeness, state machine safety. Also here: `one-vote`, `caught-up`,
 * `snapshot-is-applied`, two properties of pre-votes, and two of changes of members.
 *
 * The first four and the last are judged from the states of the nodes after each step. `one-vote` is judged from the votes that leave a node, over all its lives.
 *
 * @example
 * import { runScenario, scenario } from 'lazurite';
 * import { raftProperties } from './index.ts';
 *
 * const { properties } = runScenario(scenario('three', { A: 1, B: 1, C: 1 }).protocol('raft').until({ time: '1s' }).data);
 * for (const { name } of raftProperties) console.log(name, properties.find((one) => one.name === name)?.verdict);
 * // prints caught-up held
 * // prints pre-vote-first undecided
 * // prints pre-vote-lease undecided
 * // prints one-vote held
 * // prints election-safety held
 * // prints log-matching held
 * // prints leader-completeness held
 * // prints state-machine-safety held
 * // prints snapshot-is-applied undecided
 */

import type { Vote } from '../../actors/raft/types.ts';
import type { Monitor, Property } from '../../core/events.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { caughtUp } from './caught-up.ts';
import { complete, machines, snapshots } from './committed.ts';
import { leaders, matching } from './logs.ts';
import { byMajorityProperty, oneChangeProperty } from './members.ts';
import { preVoteFirst, preVoteLease } from './pre-votes.ts';
import { stateMonitor } from './state-rules.ts';

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

/** Judged where members change. */
export const raftMemberProperties: readonly Property[] = [byMajorityProperty, oneChangeProperty];

export const raftProperties: readonly Property[] = [
  caughtUp,
  preVoteFirst,
  preVoteLease,
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
  {
    name: 'snapshot-is-applied',
    says: 'a snapshot has the term of its last entry, and the state and the members that the committed entries up to it give',
    hint: 'index, term, state and members of a snapshot belong to one instant: take all together, and install all together',
    monitor: () => stateMonitor(snapshots),
  },
];
