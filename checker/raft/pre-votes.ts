/**
 * `pre-vote-first`: with pre-votes, a node raises its term only to a term that it has received, or after a majority has granted it a pre-vote for the next one.
 * `pre-vote-lease`: a member grants no pre-vote within the shortest election timeout after it heard its leader, and a leader grants none.
 *
 * Both are judged from delivered and sent messages and from the term of each state (section 9.6 of Ongaro's thesis). They are undecided without pre-votes.
 */
import type { Append, PreVoteAnswer, RaftConfig, RaftState } from '../../actors/raft/types.ts';
import type { Monitor, Property, RunEvent, Setting } from '../../core/events.ts';
import { own } from '../../core/own.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { isMajorityOf, membersIn } from './membership.ts';
import { stateOf } from './state-rules.ts';

interface Told {
  /** The highest term in a message that may raise the term of its receiver. */
  readonly term: number;
  /** The pre-votes that were granted to the node, in the newest term for which there are some. */
  readonly granted: { readonly term: number; readonly voters: readonly string[] };
}

type FirstMemory = Judged & { readonly told: Readonly<Record<string, Told>> };

const nothingTold: Told = { term: 0, granted: { term: 0, voters: [] } };

export function usesPreVotes({ configurations }: Setting): boolean {
  return [...configurations.values()].some((config) => (config as RaftConfig).preVote === true);
}

/** The message of a peer that this event delivers to the consensus of a node. */
function inputIn(event: RunEvent): Readonly<Record<string, unknown>> | undefined {
  if (event.type !== 'deliver' || event.message.type !== 'input') return undefined;
  return (event.message as unknown as { readonly input: Readonly<Record<string, unknown>> }).input;
}

function firstMonitor(setting: Setting): Monitor<FirstMemory> {
  const isOn = usesPreVotes(setting);
  return {
    watches: isOn ? ['deliver consensus'] : [],
    start: { ...unjudged, told: {} },
    look: (memory, event, observer) => {
      const { node, index } = event;
      const before = own(memory.told, node) ?? nothingTold;
      const state = stateOf(observer, node);
      const judged =
        state === undefined || observer.isFaulty(node) || isAllowed(state, node, before)
          ? memory
          : withViolation(memory, {
              message: `${node} raised its term to ${state.term}, which nobody had told it, without the pre-votes of a majority`,
              event: index,
              nodes: [node],
              height: 1,
            });
      // The state before this step is accepted now, so that one raised term is one violation.
      const known = Math.max(before.term, state?.term ?? 0);
      const told = withMessage({ ...before, term: known }, node, inputIn(event));
      const isExercised = judged.isExercised || told.granted.voters.length > 0;
      return { ...judged, isExercised, told: { ...memory.told, [node]: told } };
    },
    finish: (memory) => verdictOf(memory, isOn ? 'no pre-vote was granted' : 'the nodes ask for no pre-votes'),
    relevant: relevantOf,
  };
}

function isAllowed(state: RaftState, node: string, { term: told, granted }: Told): boolean {
  const { term } = state;
  return term <= told || (term === granted.term && isMajorityOf(membersIn(state), [node, ...granted.voters]));
}

function withMessage(told: Told, node: string, input: Readonly<Record<string, unknown>> | undefined): Told {
  const { type, term, candidate, voter, isGranted } = input ?? {};
  if (typeof term !== 'number' || type === 'preVote') return told;
  if (type !== 'preVoteAnswer' || isGranted !== true) return term > told.term ? { ...told, term } : told;
  if (candidate !== node || term < told.granted.term) return told;
  const voters = term === told.granted.term ? told.granted.voters : [];
  return { ...told, granted: { term, voters: [...new Set([...voters, String(voter)])].sort() } };
}

interface LeaseMemory extends Judged {
  /** When each node heard a leader last (microseconds), and the term of this leader. */
  readonly heard: Readonly<Record<string, { readonly time: number; readonly term: number }>>;
  /** By voter and pre-candidate: why the voter should have refused the last question, in words; undefined if it may have granted it. */
  readonly reasons: Readonly<Record<string, string | undefined>>;
  /** The nodes whose timers may elapse early. */
  readonly hurried: readonly string[];
}

const shortestElectionMs = 100;

function leaseMonitor(setting: Setting): Monitor<LeaseMemory> {
  const isOn = usesPreVotes(setting);
  return {
    watches: isOn ? ['deliver consensus', 'effect transmit', 'fault'] : [],
    start: { ...unjudged, heard: {}, reasons: {}, hurried: [] },
    look: (memory, event, observer) => {
      const { node, time, index } = event;
      if (event.type === 'fault')
        return ['drift', 'timer'].includes(event.kind) ? { ...memory, hurried: [...new Set([...memory.hurried, node])] } : memory;
      const state = stateOf(observer, node);
      if (event.type === 'deliver') {
        const { type, term = 0, candidate, to } = (inputIn(event) ?? {}) as Partial<Append & PreVoteAnswer>;
        if (String(type) === 'preVote') {
          const reason = reasonToRefuse(memory, node, time, state);
          return { ...memory, reasons: { ...memory.reasons, [`${node} ${candidate}`]: reason } };
        }
        // Each append goes to all peers, and is for one of them.
        const isLeaders = ['append', 'snapshot'].includes(String(type)) && to === node && term >= (state?.term ?? 0);
        return isLeaders ? { ...memory, heard: { ...memory.heard, [node]: { time, term } } } : memory;
      }
      if (event.type !== 'effect' || event.effect.type !== 'transmit') return memory;
      const { type, isGranted, voter, candidate, term } = event.effect.data as PreVoteAnswer;
      if (type !== 'preVoteAnswer' || voter !== node || observer.isFaulty(node)) return memory;
      if (!isGranted) return { ...memory, isExercised: true };
      const reason = own(memory.reasons, `${node} ${candidate}`);
      if (reason === undefined) return memory;
      const message = `${node} granted ${candidate} a pre-vote for term ${term}, ${reason}`;
      return withViolation(memory, { message, event: index, nodes: [node], height: 1 });
    },
    finish: (memory) => verdictOf(memory, isOn ? 'no pre-vote was refused' : 'the nodes ask for no pre-votes'),
    relevant: ({ heard, ...memory }, now) => ({
      ...relevantOf(memory),
      heard: Object.entries(heard).map(([node, { time, term }]) => [node, term, Math.min(now - time, shortestElectionMs * 1000)]),
    }),
  };
}

function reasonToRefuse(memory: LeaseMemory, node: string, time: number, state: RaftState | undefined): string | undefined {
  if (state?.role === 'leader') return 'and leads itself';
  const heard = own(memory.heard, node);
  // In a later term it knows no leader yet.
  if (heard === undefined || heard.term !== state?.term || memory.hurried.includes(node)) return undefined;
  const heardMs = (time - heard.time) / 1000;
  if (heardMs >= shortestElectionMs) return undefined;
  return `${Math.round(heardMs)} ms after it heard its leader`;
}

export const preVoteFirst: Property = {
  name: 'pre-vote-first',
  says: 'with pre-votes a node raises its term by itself only after a majority has granted it a pre-vote',
  hint: 'a pre-candidate asks for the term after its own, and keeps its own until a majority has answered',
  monitor: firstMonitor,
};

export const preVoteLease: Property = {
  name: 'pre-vote-lease',
  says: 'a member that has just heard the leader of its term grants no pre-vote, and a leader grants none',
  hint: 'the log alone does not decide a pre-vote: a member with a leader refuses, and so does the leader',
  monitor: leaseMonitor,
};
