/** The types of Raft: entries, votes, messages, snapshots and state (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014). */

export interface Entry {
  readonly term: number;
  /** Undefined in the empty entry that a new leader appends first, and in an entry that changes the members. */
  readonly command: string | undefined;
  /** The members from this entry on. A node uses them as soon as the entry is in its log. */
  readonly membership?: Membership;
}

export interface Membership {
  readonly members: readonly string[];
  /** The number of changes that have led to these members. */
  readonly changes: number;
}

/** A change of one member. */
export interface MemberChange {
  /** The leader makes it when its log has this index, or later. */
  readonly after: number;
  readonly add?: string;
  readonly remove?: string;
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

/** The replicated state machine. It counts the entries that it has applied, and keeps a digest of their commands in order. */
export interface Machine {
  /** The 1-based index of the last applied entry; 0 at the start. */
  readonly applied: number;
  readonly digest: number;
}

/** The state machine after the entries up to `lastIndex`, in their place (section 7). At the start it is the empty snapshot, with index and term 0. */
export interface Snapshot {
  readonly lastIndex: number;
  /** The term of the entry at `lastIndex`. The append of the next entry is compared with it. */
  readonly lastTerm: number;
  readonly machine: Machine;
  /** The members after the entry at `lastIndex`, if members change. */
  readonly membership?: Membership;
}

/** InstallSnapshot, with the whole snapshot in one message. A member gets it in place of an append if the leader's log begins after its next entry. */
export interface InstallSnapshot {
  readonly type: 'snapshot';
  readonly term: number;
  readonly leader: string;
  readonly to: string;
  readonly snapshot: Snapshot;
}

/** The question of a pre-candidate: whether it would get a vote in `term`, the one after its own (section 9.6 of Ongaro's thesis). */
export interface PreVote {
  readonly type: 'preVote';
  readonly term: number;
  readonly candidate: string;
  readonly lastIndex: number;
  readonly lastTerm: number;
}

/** The answer. It promises nothing, so it is not signed and need not be durable. */
export interface PreVoteAnswer {
  readonly type: 'preVoteAnswer';
  /** The term of the question if the pre-vote is granted, or else the term of the voter. */
  readonly term: number;
  readonly voter: string;
  readonly candidate: string;
  readonly isGranted: boolean;
}

export type RaftInput =
  | Vote
  | Ack
  | Append
  | Refusal
  | InstallSnapshot
  | PreVote
  | PreVoteAnswer
  /** Begins a segment of the write-ahead log. Segments after the first have the checkpoint that ended the segment before. */
  | ({ readonly type: 'start'; readonly checkpoint?: Checkpoint } & RaftOptions)
  | { readonly type: 'election' }
  | { readonly type: 'heartbeat' }
  /** The node takes a snapshot of what it has applied. */
  | { readonly type: 'compact' }
  /** The host's answer: the command that the leader appends. */
  | { readonly type: 'command'; readonly key: string; readonly command: string };

/** The messages that are signed. */
export type RaftMessage = Omit<Vote, 'signature'> | Omit<Ack, 'signature'>;

export interface RaftOptions {
  /** A node takes a snapshot after this many applied entries, and drops them from its log (default: it never does). */
  readonly snapshotEvery?: number;
  /** A node asks the others whether they would vote for it before it begins a term (default: it does not). */
  readonly preVote?: boolean;
  /** The members at the start (default: all nodes). */
  readonly members?: readonly string[];
  /** The changes of members, in this order (default: none). */
  readonly changes?: readonly MemberChange[];
}

export interface RaftConfig extends RaftOptions {
  readonly self: string;
  /** The members at the start. */
  readonly members: readonly string[];
}

export interface RaftState {
  readonly config: RaftConfig;
  readonly term: number;
  readonly role: 'follower' | 'preCandidate' | 'candidate' | 'leader';
  /** The candidate that it has voted for in this term. */
  readonly votedFor: string | undefined;
  readonly leader: string | undefined;
  /** The newest snapshot. */
  readonly snapshot: Snapshot;
  /** The entries after the snapshot. The first has the index `snapshot.lastIndex + 1`. */
  readonly log: readonly Entry[];
  /** The 1-based index of the highest entry that the node knows to be committed. */
  readonly commit: number;
  /** For a candidate: the nodes that voted for it. For a pre-candidate: those that would. */
  readonly votes: readonly string[];
  /** For a leader: the index up to which each member's log agrees, and the index of the entry that the member gets next. */
  readonly match: Readonly<Record<string, number>>;
  readonly next: Readonly<Record<string, number>>;
  /** The node's own newest ack. It sends this again. */
  readonly acked: Ack | undefined;
  /** The state machine. It has applied all entries up to `commit`. */
  readonly machine: Machine;
  /** The 1-based number of the present segment of the write-ahead log. Each snapshot that the node takes ends one. */
  readonly segment: number;
  /** Whether a snapshot has ended the segment, and the next has not begun. Until then the node logs nothing. */
  readonly isCompacting: boolean;
}

/** The state of a node when it took a snapshot: what the next segment begins with. It is the decision that ends a segment. */
export type Checkpoint = Omit<RaftState, 'config' | 'acked' | 'isCompacting'>;
