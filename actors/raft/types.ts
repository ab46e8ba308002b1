/** The types of Raft: entries, votes, messages and state (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014). */

export interface Entry {
  readonly term: number;
  /** Undefined in the empty entry that a new leader appends first. */
  readonly command: string | undefined;
}

/** A vote, which is both RequestVote and its reply. A candidate's vote for itself asks the others for theirs. */
export interface Vote {
  readonly type: 'vote';
  readonly term: number;
  readonly voter: string;
  readonly candidate: string;
  /** The 1-based index of the candidate's last entry; 0 if its log is empty. */
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly signature: string;
}

/** The follower's log agrees with the leader's up to `match`, durably (a successful reply to AppendEntries). */
export interface Ack {
  readonly type: 'ack';
  readonly term: number;
  readonly follower: string;
  readonly match: number;
  readonly signature: string;
}

/** AppendEntries, with at most one entry. Without an entry it is a heartbeat. */
export interface Append {
  readonly type: 'append';
  readonly term: number;
  readonly leader: string;
  readonly to: string;
  readonly previousIndex: number;
  readonly previousTerm: number;
  readonly entry: Entry | undefined;
  /** The leader's commit index. */
  readonly commit: number;
}

/**
 * The refusal of an AppendEntries: its term is old, or the follower's log does not match at `previousIndex`. The logs may agree at the index `hint`.
 */
export interface Refusal {
  readonly type: 'refusal';
  readonly term: number;
  readonly follower: string;
  readonly to: string;
  readonly hint: number;
}

export type RaftInput =
  | Vote
  | Ack
  | Append
  | Refusal
  | { readonly type: 'start' }
  | { readonly type: 'election' }
  | { readonly type: 'heartbeat' }
  /** The host's answer: the command that the leader appends. */
  | { readonly type: 'command'; readonly key: string; readonly command: string };

/** The messages that are signed. */
export type RaftMessage = Omit<Vote, 'signature'> | Omit<Ack, 'signature'>;

export interface RaftConfig {
  readonly self: string;
  /** All members. They never change. */
  readonly members: readonly string[];
}

export interface RaftState {
  readonly config: RaftConfig;
  readonly term: number;
  readonly role: 'follower' | 'candidate' | 'leader';
  /** The candidate that it has voted for in this term. */
  readonly votedFor: string | undefined;
  readonly leader: string | undefined;
  readonly log: readonly Entry[];
  /** The 1-based index of the highest entry that the node knows to be committed. */
  readonly commit: number;
  /** For a candidate: the nodes that voted for it. */
  readonly votes: readonly string[];
  /** For a leader: the index up to which each member's log agrees, and the index of the entry that the member gets next. */
  readonly match: Readonly<Record<string, number>>;
  readonly next: Readonly<Record<string, number>>;
  /** The node's own newest ack. It sends this again. */
  readonly acked: Ack | undefined;
}
