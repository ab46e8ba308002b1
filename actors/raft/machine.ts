/** The replicated state machine. The index that it has applied is a part of its state, so that no entry is applied twice or skipped (as etcd's consistent index). */
import { mix, textDigest } from '../../core/digest.ts';
import type { Entry, Machine } from './types.ts';

export const newMachine: Machine = { applied: 0, digest: 0 };

/** The machine after these entries, in order. The empty entry of a new leader changes only the applied index. */
export function applied(machine: Machine, entries: readonly Entry[]): Machine {
  return entries.reduce(
    ({ applied: index, digest }, { command }) => ({
      applied: index + 1,
      digest: command === undefined ? digest : mix(digest, textDigest(command)),
    }),
    machine,
  );
}
