/**
 * The properties of Raft (figure 3 of the paper): election safety, log matching, leader completeness, state machine safety.
 *
 * Judged on the nodes' states after each step, and on votes that leave: over all lives a node has one vote a term.
 */

import type { Entry, RaftState, Vote } from '../../actors/raft/types.ts';
import { digestOfAll } from '../../core/digest.ts';
import type { Monitor, Observer, Property, RunEvent, Verdict, Violation } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { wordsOf } from '../violation-words.ts';

interface Judgement {
  readonly violations: readonly Violation[];
  readonly exercised: number;
}

/** What a rule remembers of a run; plain data, replaced and never changed. */
interface Rule<Memory> {
  readonly start: Memory;
  readonly unexercised: string;
  /** What is new, and what is wrong. */
  look(memory: Memory, node: string, state: RaftState, others: ReadonlyMap<string, RaftState>): Looked<Memory>;
}

interface Looked<Memory> {
  readonly memory: Memory;
  readonly isExercised: boolean;
  readonly wrong?: { readonly message: string; readonly nodes: readonly string[] };
}

class StateJudge<Memory> implements Monitor {
  readonly watches = ['deliver', 'effect', 'restart'] as const;
  readonly #rule: Rule<Memory>;
  #memory: Memory;
  #seen = new ForkingMap<string, RaftState>();
  #judgement: Judgement = { violations: [], exercised: 0 };

  constructor(rule: Rule<Memory>) {
    this.#rule = rule;
    this.#memory = rule.start;
  }

  /** Each event finds the states as the steps before it left them. */
  observe({ index, node }: RunEvent, observer: Observer): void {
    const state = (observer.actorState(node, 'consensus') as { readonly inner: RaftState; readonly mode: string } | undefined)
      ?.inner;
    if (state === undefined || state === this.#seen.get(node) || observer.isFaulty(node)) return;
    this.#seen.set(node, state);
    const { memory, isExercised, wrong } = this.#rule.look(this.#memory, node, state, this.#seen.view);
    this.#memory = memory;
    const { violations, exercised } = this.#judgement;
    const found = wrong === undefined || violations.length >= 8 ? [] : [{ ...wrong, event: index, height: 1 }];
    this.#judgement = { violations: [...violations, ...found], exercised: exercised + (isExercised ? 1 : 0) };
  }
  finish(): Verdict {
    const { violations, exercised } = this.#judgement;
    if (violations.length > 0) return { verdict: 'violated', violations };
    return exercised > 0 ? { verdict: 'held', violations } : { verdict: 'undecided', violations, reason: this.#rule.unexercised };
  }
  fork(): Monitor {
    const copy = new StateJudge(this.#rule);
    copy.#memory = this.#memory;
    copy.#seen = this.#seen.fork();
    copy.#judgement = this.#judgement;
    return copy;
  }
  digest(): number {
    return digestOfAll(wordsOf(this.#judgement.violations), this.#memory, this.#seen);
  }
}

const leaders: Rule<Readonly<Record<number, string>>> = {
  start: {},
  unexercised: 'nobody was elected',
  look: (memory, node, { role, term }) => {
    if (role !== 'leader' || memory[term] === node) return { memory, isExercised: false };
    const first = memory[term];
    if (first === undefined) return { memory: { ...memory, [term]: node }, isExercised: true };
    return { memory, isExercised: true, wrong: { message: `${first} and ${node} both led term ${term}`, nodes: [first, node] } };
  },
};

/** Logs are compared with those of the others as they last were. */
const matching: Rule<null> = {
  start: null,
  unexercised: 'no two nodes had entries',
  look: (memory, node, { log }, others) => {
    for (const [other, { log: second }] of others) {
      if (other === node) continue;
      let last = Math.min(log.length, second.length);
      while (last > 0 && log[last - 1]?.term !== second[last - 1]?.term) last -= 1;
      const differs = log.slice(0, last).findIndex((entry, at) => !isSame(entry, second[at]));
      if (differs !== -1) {
        const message = `${node} and ${other} agree on the term of entry ${last} and not on entry ${differs + 1}`;
        return { memory, isExercised: true, wrong: { message, nodes: [node, other] } };
      }
    }
    return { memory, isExercised: log.length > 0 && others.size > 1 };
  },
};

/** Committed entries, by index, with the term in which they were first seen committed. */
type Committed = readonly { readonly entry: Entry; readonly term: number; readonly by: string }[];

const noted = (memory: Committed, node: string, { log, commit, term }: RaftState): Committed =>
  commit <= memory.length ? memory : [...memory, ...log.slice(memory.length, commit).map((entry) => ({ entry, term, by: node }))];

const complete: Rule<Committed> = {
  start: [],
  unexercised: 'nobody led after an entry was committed',
  look: (memory, node, state) => {
    const next = noted(memory, node, state);
    if (state.role !== 'leader') return { memory: next, isExercised: false };
    const missing = memory.findIndex(({ entry, term }, at) => term < state.term && !isSame(entry, state.log[at]));
    if (missing === -1) return { memory: next, isExercised: memory.length > 0 };
    const { by, term } = memory[missing] as Committed[number];
    const message = `${node} leads term ${state.term} without entry ${missing + 1}, which ${by} had committed in term ${term}`;
    return { memory: next, isExercised: true, wrong: { message, nodes: [node, by] } };
  },
};

const machines: Rule<Committed> = {
  start: [],
  unexercised: 'nothing was committed',
  look: (memory, node, state) => {
    const next = noted(memory, node, state);
    const differs = memory.findIndex(({ entry }, at) => at < state.commit && !isSame(entry, state.log[at]));
    if (differs === -1) return { memory: next, isExercised: state.commit > 0 };
    const { by } = memory[differs] as Committed[number];
    const message = `${node} applies another command as entry ${differs + 1} than ${by} did`;
    return { memory: next, isExercised: true, wrong: { message, nodes: [node, by] } };
  },
};

function isSame(a: Entry, b: Entry | undefined): boolean {
  return b !== undefined && a.term === b.term && a.command === b.command;
}

/** One vote a term, over all lives, among votes that left. */
class OneVote implements Monitor {
  readonly watches = ['effect transmit'] as const;
  #votes: Readonly<Record<string, string>> = {};
  #violations: readonly Violation[] = [];

  observe(event: RunEvent, observer: Observer): void {
    if (event.type !== 'effect' || event.effect.type !== 'transmit') return;
    const data = event.effect.data as Vote;
    const { node } = event;
    if (data.type !== 'vote' || data.voter !== node || observer.isFaulty(node)) return;
    const key = `${node} ${data.term}`;
    const first = this.#votes[key];
    if (first === undefined) this.#votes = { ...this.#votes, [key]: data.candidate };
    else if (first !== data.candidate && this.#violations.length < 8) {
      const message = `${node} voted for ${first} and for ${data.candidate} in term ${data.term}`;
      this.#violations = [...this.#violations, { message, event: event.index, nodes: [node], height: 1 }];
    }
  }
  finish(): Verdict {
    const violations = this.#violations;
    if (violations.length > 0) return { verdict: 'violated', violations };
    return Object.keys(this.#votes).length > 0
      ? { verdict: 'held', violations }
      : { verdict: 'undecided', violations, reason: 'nobody voted' };
  }
  fork(): Monitor {
    const copy = new OneVote();
    copy.#votes = this.#votes;
    copy.#violations = this.#violations;
    return copy;
  }
  digest(): number {
    return digestOfAll(wordsOf(this.#violations), this.#votes);
  }
}

export const raftProperties: readonly Property[] = [
  {
    name: 'one-vote',
    says: 'over all lives a node votes for at most one candidate a term',
    hint: 'term and vote must be durable before the vote leaves',
    monitor: () => new OneVote(),
  },
  {
    name: 'election-safety',
    says: 'at most one leader is elected in a term',
    hint: 'look for a vote that was forgotten',
    monitor: () => new StateJudge(leaders),
  },
  {
    name: 'log-matching',
    says: 'two logs that agree on the term of an entry agree on all entries up to it',
    hint: 'an entry is taken only where the one before it agrees',
    monitor: () => new StateJudge(matching),
  },
  {
    name: 'leader-completeness',
    says: 'a committed entry is in the log of every leader of a later term',
    hint: 'look for an entry acknowledged before it was durable, cut by a late append, or committed by counting an old term',
    monitor: () => new StateJudge(complete),
  },
  {
    name: 'state-machine-safety',
    says: 'no two nodes apply different commands at one index',
    hint: 'look at leader-completeness first',
    monitor: () => new StateJudge(machines),
  },
];
