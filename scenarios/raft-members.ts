/** The members of a Raft cluster in a scenario: mistakes in `raft.members` and `raft.changes`, and what is left of them without some nodes. */
import type { MemberChange, RaftOptions } from '../actors/raft/index.ts';
import type { Mistake } from './schema.ts';

/** Mistakes in the options of Raft at `path`. `nodes`: all nodes of the scenario. */
export function mistakesInMembers(
  { members, changes, preVote }: RaftOptions,
  nodes: readonly string[],
  path: Mistake['path'],
): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const wrong = (where: Mistake['path'], message: string): void => void mistakes.push({ path: [...path, ...where], message });
  const known = (name: string): string | undefined =>
    nodes.includes(name) ? undefined : `'${name}' is no node of this scenario (nodes: ${nodes.join(', ')})`;
  for (const [index, name] of (members ?? []).entries()) {
    const message = known(name) ?? (members?.indexOf(name) === index ? undefined : `${name} is named twice`);
    if (message !== undefined) wrong(['members', index], message);
  }
  if (members !== undefined && members.length < 2)
    wrong(['members'], 'one member alone replicates nothing; begin with at least two');
  if (changes === undefined) {
    if (members !== undefined)
      wrong(['members'], 'the other nodes would never be members; add `changes`, or leave `members` out');
    return mistakes;
  }
  if (preVote !== true)
    wrong(['changes'], 'a node that was removed and does not know it would depose each leader; write `preVote: true` too');
  let present = members ?? nodes;
  for (const [index, change] of changes.entries()) {
    const message = wrongChange(change, present) ?? known(change.add ?? change.remove ?? '');
    if (message !== undefined) wrong(['changes', index], message);
    else present = changed(present, change);
  }
  return mistakes;
}

function wrongChange({ add, remove }: MemberChange, members: readonly string[]): string | undefined {
  if ((add === undefined) === (remove === undefined)) return 'a change has `add` or `remove`: members change one at a time';
  if (add !== undefined) return members.includes(add) ? `${add} is a member already` : undefined;
  if (remove === undefined || !members.includes(remove))
    return `${remove} is no member at that time (members: ${members.join(', ')})`;
  return members.length === 2 ? `without ${remove} one member would be left, which replicates nothing` : undefined;
}

function changed(members: readonly string[], { add, remove }: MemberChange): readonly string[] {
  return add === undefined ? members.filter((name) => name !== remove) : [...members, add];
}

/** The members at the start and after each change; undefined if members do not change. */
export function memberSets(raft: RaftOptions | undefined, nodes: readonly string[]): readonly (readonly string[])[] | undefined {
  if (raft?.changes === undefined) return undefined;
  const sets = [raft.members ?? nodes];
  for (const change of raft.changes) sets.push(changed(sets.at(-1) ?? [], change));
  return sets;
}

/** The options with these nodes only; undefined if fewer than two members would be left at some time. */
export function membersAmong(raft: RaftOptions, nodes: readonly string[]): RaftOptions | undefined {
  const { members, changes, ...others } = raft;
  if (changes === undefined) return raft;
  const left = members?.filter((name) => nodes.includes(name));
  const kept = changes.filter(({ add = '', remove = '' }) => nodes.includes(add) || nodes.includes(remove));
  const fewer = { ...others, ...(left === undefined ? {} : { members: left }), changes: kept };
  if (memberSets(fewer, nodes)?.some((set) => set.length < 2) === true) return undefined;
  return kept.length === 0 && left === undefined ? others : fewer;
}
