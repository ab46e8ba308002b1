/**
 * What is committed: `leader-completeness`, `state-machine-safety` (figure 3 of the paper) and `snapshot-is-applied`. The checker keeps each committed entry
 * from the first state that shows it, and applies it itself. So it can judge logs whose first entries are in a snapshot, and the snapshots too.
 */
import type { Entry, Machine, RaftState } from '../../actors/raft/types.ts';
import { folded, ofText } from '../digest.ts';
import { entryOf, isSame, type Rule } from './state-rules.ts';

/** Committed entries in the order of their index, with the node and the term by which they were first seen committed. */
type Committed = readonly {
  readonly entry: Entry;
  readonly term: number;
  readonly by: string;
  /** The digest of a state machine that has applied the entries up to this one. */
  readonly digest: number;
}[];

function noted(notes: Committed, node: string, state: RaftState): Committed {
  if (state.commit <= notes.length) return notes;
  const next = [...notes];
  while (next.length < state.commit) {
    const entry = entryOf(state, next.length + 1);
    // Nobody has shown this entry: only nodes that the checker does not judge have committed it.
    if (entry === undefined) return next;
    const before = next.at(-1)?.digest ?? 0;
    const digest = entry.command === undefined ? before : folded(before, ofText(entry.command));
    next.push({ entry, term: state.term, by: node, digest });
  }
  return next;
}

/** The first committed entry, up to `last`, that a log with these entries after its snapshot lacks or contradicts; -1 if there is none. */
function firstWrong(notes: Committed, state: RaftState, isOwed: (place: number) => boolean): number {
  const { lastIndex, lastTerm } = state.snapshot;
  return notes.findIndex(({ entry }, place) => {
    if (!isOwed(place) || place + 1 < lastIndex) return false;
    return place + 1 === lastIndex ? entry.term !== lastTerm : !isSame(entry, entryOf(state, place + 1));
  });
}

export const complete: Rule<Committed> = {
  start: [],
  unexercised: 'nobody led after an entry was committed',
  look: (notes, node, state) => {
    const next = noted(notes, node, state);
    if (state.role !== 'leader') return { notes: next, isExercised: false };
    const missing = firstWrong(notes, state, (place) => (notes[place]?.term ?? state.term) < state.term);
    if (missing === -1) return { notes: next, isExercised: notes.length > 0 };
    const { by, term } = notes[missing] as Committed[number];
    const message = `${node} leads term ${state.term} without entry ${missing + 1}, which ${by} had committed in term ${term}`;
    return { notes: next, isExercised: true, wrong: { message, nodes: [node, by] } };
  },
};

export const machines: Rule<Committed> = {
  start: [],
  unexercised: 'nothing was committed',
  look: (notes, node, state) => {
    const next = noted(notes, node, state);
    const differs = firstWrong(notes, state, (place) => place < state.commit);
    if (differs !== -1) {
      const { by } = notes[differs] as Committed[number];
      const message = `${node} applies another command as entry ${differs + 1} than ${by} did`;
      return { notes: next, isExercised: true, wrong: { message, nodes: [node, by] } };
    }
    const wrong = wrongMachine(next, state.machine, state.commit);
    if (wrong !== undefined) return { notes: next, isExercised: true, wrong: { message: `${node} ${wrong}`, nodes: [node] } };
    return { notes: next, isExercised: state.commit > 0 };
  },
};

export const snapshots: Rule<Committed> = {
  start: [],
  unexercised: 'no node took or installed a snapshot',
  look: (notes, node, state) => {
    const next = noted(notes, node, state);
    const { lastIndex, lastTerm, machine } = state.snapshot;
    if (lastIndex === 0) return { notes: next, isExercised: false };
    const wrongly = (what: string) => ({
      notes: next,
      isExercised: true,
      wrong: { message: `${node} has a snapshot up to entry ${lastIndex} ${what}`, nodes: [node] },
    });
    if (lastIndex > state.commit) return wrongly(`and has committed entries up to ${state.commit} only`);
    const last = next[lastIndex - 1];
    if (last !== undefined && last.entry.term !== lastTerm)
      return wrongly(`that says term ${lastTerm}; the entry has term ${last.entry.term}`);
    if (machine.applied !== lastIndex) return wrongly(`whose state machine has applied ${machine.applied} entries`);
    const members = membersUpTo(next, lastIndex);
    const kept = state.snapshot.membership?.members ?? state.config.members;
    if (members !== undefined && members.join() !== kept.join())
      return wrongly(`with the members ${kept.join(', ')}; the entries give ${members.join(', ')}`);
    const wrong = wrongMachine(next, machine, state.commit);
    return wrong === undefined ? { notes: next, isExercised: true } : wrongly(`whose state machine ${wrong}`);
  },
};

/** The members that committed entries up to this one give; undefined if none of these changes them. */
function membersUpTo(notes: Committed, index: number): readonly string[] | undefined {
  return notes.slice(0, index).findLast(({ entry }) => entry.membership !== undefined)?.entry.membership?.members;
}

/** What is wrong with a state machine, in words; undefined if it is as the committed entries make it. */
function wrongMachine(notes: Committed, { applied, digest }: Machine, commit: number): string | undefined {
  if (applied > commit) return `has applied ${applied} entries of ${commit} committed ones`;
  const expected = applied === 0 ? 0 : notes[applied - 1]?.digest;
  if (expected === undefined || expected === digest) return undefined;
  return `has another state than the committed entries up to ${applied} give`;
}
