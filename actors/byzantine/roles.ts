/**
 * The roles, as data: each says of one outgoing message of the network actor what really goes out. Amnesia, which lies about what a node remembers,
 * clears the lock in the consensus actor's state (liar.ts).
 */
import { digestOf } from '../../core/digest.ts';
import type { Effect } from '../../core/effects.ts';
import { signedBytes } from '../tendermint/codec.ts';
import type { Proposal, TendermintMessage, Vote } from '../tendermint/types.ts';

/** Signs as the liar itself; nobody else's key is at hand. */
export interface LiarSetup {
  readonly name: string;
  readonly peers: readonly string[];
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

export type Transmit = Effect & { readonly type: 'transmit' };

/** What a node signs. */
export type SignedKind = 'proposal' | 'prevote' | 'precommit';

interface Role {
  readonly says: string;
  /** The messages of its own that it lies about; left out: whatever it publishes. */
  readonly kinds?: readonly SignedKind[];
  /** The second half of its peers hears the lie and the first half the truth, unless it is said who hears it. */
  readonly isTwoSided?: true;
  /** What goes out in place of such a message (default: the message itself). `before`: values that it has proposed itself. */
  readonly tell?: (effect: Transmit, own: Vote | Proposal, liar: LiarSetup, before: ReadonlySet<string>) => readonly Effect[];
}

export type RoleName =
  | 'two-proposals'
  | 'two-votes'
  | 'silent'
  | 'prevote-nil'
  | 'votes-without-proposal'
  | 'late'
  | 'old-messages'
  | 'amnesia'
  | 'both-proposals'
  | 'both-votes'
  | 'precommit-nil'
  | 'random-votes'
  | 'two-faced';

const allVotes: readonly SignedKind[] = ['prevote', 'precommit'];

export const roles: Readonly<Record<RoleName, Role>> = {
  'two-proposals': {
    says: 'tells one half of its peers one proposal and the other half another',
    kinds: ['proposal'],
    isTwoSided: true,
    tell: (effect, own, liar) => [told(effect, otherProposal(own, liar))],
  },
  'two-votes': {
    says: 'votes for a value before one half of its peers and nil before the other half',
    kinds: allVotes,
    isTwoSided: true,
    tell: (effect, own, liar) => [told(effect, otherVote(own, liar))],
  },
  silent: { says: 'hears everything, and neither proposes nor votes', tell: () => [] },
  'prevote-nil': {
    says: 'prevotes nil, whatever is proposed',
    kinds: ['prevote'],
    tell: (effect, own, liar) => [told(effect, signed(own, { value: null }, liar))],
  },
  'votes-without-proposal': {
    says: 'prevotes and precommits a value that nobody proposed',
    kinds: allVotes,
    tell: (effect, own, liar) => [told(effect, signed(own, { value: otherValue(`${own.height}`) }, liar))],
  },
  late: { says: 'says everything half a second late' },
  'old-messages': {
    says: 'sends, with all that it says, something that it said before, of earlier heights too',
  },
  amnesia: { says: 'forgets its lock after each step' },
  'both-proposals': {
    says: 'tells every peer two proposals, one after the other',
    kinds: ['proposal'],
    tell: (effect, own, liar) => [effect, told(effect, otherProposal(own, liar))],
  },
  'both-votes': {
    says: 'votes for a value and for nil before every peer',
    kinds: allVotes,
    tell: (effect, own, liar) => [effect, told(effect, otherVote(own, liar))],
  },
  'precommit-nil': {
    says: 'precommits nil, whatever it has seen',
    kinds: ['precommit'],
    tell: (effect, own, liar) => [told(effect, signed(own, { value: null }, liar))],
  },
  'random-votes': {
    says: 'votes nil at every second place, as chance has it, whatever is proposed',
    kinds: allVotes,
    tell: (effect, own, liar) => {
      const kind = own.type === 'vote' ? own.voteType : own.type;
      const isNil = digestOf([liar.name, kind, own.height, own.round]) % 2 === 0;
      return [isNil ? told(effect, signed(own, { value: null }, liar)) : effect];
    },
  },
  'two-faced': {
    says: 'tells one half of its peers one proposal and the other half another, and votes before each half for what that half was told',
    kinds: ['proposal', 'prevote', 'precommit'],
    isTwoSided: true,
    tell: (effect, own, liar, before) => {
      if (own.type === 'proposal') return [told(effect, otherProposal(own, liar))];
      const isOwn = own.value !== null && before.has(own.value);
      return [isOwn ? told(effect, signed(own, { value: otherValue(own.value) }, liar)) : effect];
    },
  },
};

/** Those that a campaign draws from. */
export const roleNames: readonly RoleName[] = [
  'two-proposals',
  'two-votes',
  'silent',
  'prevote-nil',
  'votes-without-proposal',
  'late',
  'old-messages',
  'amnesia',
];

/** All of them. */
export const allRoleNames: readonly RoleName[] = Object.keys(roles) as RoleName[];

function told(effect: Transmit, lie: Vote | Proposal): Transmit {
  return { ...effect, data: lie };
}

function signed<Said extends Vote | Proposal>(message: Said, change: Partial<Said>, { sign }: LiarSetup): Said {
  const lie = { ...message, ...change };
  return { ...lie, signature: sign(signedBytes(lie as TendermintMessage)) };
}

/** Another value than the one it was asked for; never one that the application calls invalid. */
function otherValue(value: string | null): string {
  return `lie-${digestOf(value).toString(16)}`;
}

function otherProposal(own: Vote | Proposal, liar: LiarSetup): Vote | Proposal {
  if (own.type !== 'proposal') return own;
  const value = otherValue(own.value);
  return signed(own, { value, data: Uint8Array.from(value, (c) => c.charCodeAt(0)) }, liar);
}

function otherVote(own: Vote | Proposal, liar: LiarSetup): Vote | Proposal {
  return signed(own, { value: own.value === null ? otherValue(`${own.height}.${own.round}`) : null }, liar);
}
