/** The pairs that no run of an honest node can come to, each kind with its reason. They count neither as met nor as missing. */

interface Impossible {
  /** Matches the whole pair. */
  readonly pairs: RegExp;
  /** The protocol for which this holds (default: all). */
  readonly protocol?: string;
  readonly reason: string;
}

const impossible: readonly Impossible[] = [
  {
    pairs: /\+app\.(behind|anew)$/,
    protocol: 'raft',
    reason: 'nodes of Raft store snapshots and no blocks, so no application of theirs has a store of its own',
  },
  {
    pairs: /\+wal\.(abstains|votes-again)$/,
    protocol: 'raft',
    reason: 'a member that abstains could ask nobody for the heights that it lacks, so the policy is refused',
  },
  {
    pairs: /^(lost-tail|missing|lost-write|misdirected|fsync-lies|unsafe-overwrite|old-snapshot)\+/,
    protocol: 'raft',
    reason: 'Raft promises nothing to a member whose disk forgets in silence, so such faults are not drawn',
  },
];

/** Why no run can come to the pair; undefined if a run can. */
export function whyImpossible(pair: string, protocol: string): string | undefined {
  return impossible.find((one) => one.pairs.test(pair) && (one.protocol ?? protocol) === protocol)?.reason;
}
