/**
 * Partitions: which nodes cannot reach each other. Messages between two groups are lost, and nodes in no group reach all others. A one-way partition
 * cuts only messages from the first group to the other groups.
 */

export interface Partition {
  readonly id: string;
  readonly groups: readonly (readonly string[])[];
  readonly oneWay: boolean;
}

/** Whether the partition cuts messages from `from` to `to`. */
export function isCut(partition: Partition, from: string, to: string): boolean {
  const sender = partition.groups.findIndex((group) => group.includes(from));
  const receiver = partition.groups.findIndex((group) => group.includes(to));
  if (sender === -1 || receiver === -1 || sender === receiver) return false;
  return !partition.oneWay || sender === 0;
}
