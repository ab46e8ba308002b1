/** The words of Raft (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014): terms, votes, entries. */

export interface Entry {
  readonly term: number;
  /** Undefined: the entry by which a leader begins its term. */
  readonly command: string | undefined;
}

/** A vote; of a candidate for itself it is the request for the others' votes (RequestVote and its reply in one). */
export interface Vote {
  readonly type: 'vote';
  readonly term: number;
  readonly voter: string;
  readonly candidate: string;
  /** The candidate's last entry, counted from 1; 0: its log is empty. */
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

/** AppendEntries: at most one entry; without one it is a heartbeat. */
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

/** An AppendEntries that was refused: of an old term, or the follower has nothing at `previousIndex`; `hint` is where it may agree. */
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
  /** The host's answer: what the leader of that term is to append. */
  | { readonly type: 'command'; readonly key: string; readonly command: string };

/** What is signed. */
export type RaftMessage = Omit<Vote, 'signature'> | Omit<Ack, 'signature'>;

export interface RaftConfig {
  readonly self: string;
  /** All members, the same for good. */
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
  /** The highest entry that it knows to be committed. */
  readonly commit: number;
  /** As a candidate: the nodes that voted for it. */
  readonly votes: readonly string[];
  /** Leader: up to where each member's log agrees, and which entry it gets next. */
  readonly match: Readonly<Record<string, number>>;
  readonly next: Readonly<Record<string, number>>;
  /** The newest ack of its own, to be repeated. */
  readonly acked: Ack | undefined;
}
