/** Pairs that no run of an honest node can come to, each kind with its reason. A pair that is listed here counts neither as met nor as missing. */

interface Impossible {
  /** Matches the whole pair. */
  readonly pairs: RegExp;
  /** Only of this protocol (default: of all). */
  readonly protocol?: string;
  readonly reason: string;
}

const impossible: readonly Impossible[] = [
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

/** Why no run comes to the pair; undefined: one can. */
export function whyImpossible(pair: string, protocol: string): string | undefined {
  return impossible.find((one) => one.pairs.test(pair) && (one.protocol ?? protocol) === protocol)?.reason;
}
