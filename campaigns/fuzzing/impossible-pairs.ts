/** Pairs of a fault and a reaction to it that no run can produce, each kind with its reason. They count neither as met nor as missing. */

interface Impossible {
  /** Is tested against the text of the pair, `fault+reaction`. */
  readonly pairs: RegExp;
  /** The protocol for which this holds (default: all). */
  readonly protocol?: string;
  readonly reason: string;
}

const impossible: readonly Impossible[] = [
  {
    pairs: /\+app\.(behind|anew)$/,
    protocol: 'raft',
    reason: 'Raft nodes store snapshots and no blocks, so their application has no store that could be behind it or new',
  },
  {
    pairs: /\+wal\.(abstains|votes-again)$/,
    protocol: 'raft',
    reason: 'a Raft member that abstains has no peer to ask for the heights that it lacks, so `onCorrupt: abstain` is refused',
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
