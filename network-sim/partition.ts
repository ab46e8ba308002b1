/**
 * Partitions: which nodes cannot reach each other, and for how long. Groups are sets; nodes in no group hear everybody. One-way: only the
 * first group's messages to the others are cut.
 */

export interface Partition {
  readonly id: string;
  readonly groups: readonly (readonly string[])[];
  readonly oneWay: boolean;
}

/** Whether a partition keeps messages of `from` away from `to`. */
export function isCut(partition: Partition, from: string, to: string): boolean {
  const sender = partition.groups.findIndex((group) => group.includes(from));
  const receiver = partition.groups.findIndex((group) => group.includes(to));
  if (sender === -1 || receiver === -1 || sender === receiver) return false;
  return !partition.oneWay || sender === 0;
}
