/** `election-safety` and `log-matching` (figure 3 of the paper), the latter also across snapshots. */
import type { RaftState } from '../../actors/raft/types.ts';
import { entryOf, isSame, lengthOf, type Rule } from './state-rules.ts';

export const leaders: Rule<Readonly<Record<number, string>>> = {
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
export const matching: Rule<null> = {
  start: null,
  unexercised: 'no two nodes had entries',
  look: (notes, node, state, states) => {
    for (const [other, second] of Object.entries(states)) {
      if (other === node) continue;
      const differs = firstDifference(state, second);
      if (differs === undefined) continue;
      const message = `${node} and ${other} agree on the term of entry ${differs.agreed} and not on entry ${differs.index}`;
      return { notes, isExercised: true, wrong: { message, nodes: [node, other] } };
    }
    return { notes, isExercised: lengthOf(state) > 0 && Object.keys(states).length > 1 };
  },
};

/** The last index at which both logs have an entry of one term, and the first entry up to there on which they differ; undefined if there is none. */
function firstDifference(one: RaftState, two: RaftState): { readonly agreed: number; readonly index: number } | undefined {
  const first = Math.max(one.snapshot.lastIndex, two.snapshot.lastIndex);
  let agreed = Math.min(lengthOf(one), lengthOf(two));
  while (agreed > first && entryOf(one, agreed)?.term !== entryOf(two, agreed)?.term) agreed -= 1;
  if (agreed <= first) return undefined;
  // A snapshot keeps the term of its last entry only.
  if (first > 0 && termOf(one, first) !== termOf(two, first)) return { agreed, index: first };
  for (let index = first + 1; index <= agreed; index += 1) {
    const entry = entryOf(one, index);
    if (entry !== undefined && !isSame(entry, entryOf(two, index))) return { agreed, index };
  }
  return undefined;
}

function termOf(state: RaftState, index: number): number | undefined {
  const { lastIndex, lastTerm } = state.snapshot;
  return index === lastIndex ? lastTerm : entryOf(state, index)?.term;
}
