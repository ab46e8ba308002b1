/**
 * The roles of a Byzantine node, as data. A role replaces one outgoing message of the network actor by others. Only `amnesia` is not about
 * messages: it clears the lock in the state of the consensus actor (liar.ts).
 */
import { digestOf } from '../../core/digest.ts';
import type { Effect } from '../../core/effects.ts';
import type { Proposal, Vote } from '../tendermint/types.ts';
import { falseExtension } from './extension-lies.ts';
import { falseBytes } from './false-bytes.ts';
import { belowQuorum, foreign, forged, otherHeight, repeated } from './false-certificates.ts';
import type { Heard } from './heard.ts';
import { falseHeights } from './height-lies.ts';
import {
  andAlso,
  type LiarSetup,
  otherProposal,
  otherValue,
  otherVote,
  signed,
  type Transmit,
  toHalves,
  told,
} from './lie-parts.ts';
import { olderPolka, onePeerLocked } from './lock-lies.ts';
import { outOfTurn } from './turn-lies.ts';

/** What a node signs. */
export type SignedKind = 'proposal' | 'prevote' | 'precommit';

interface Role {
  readonly says: string;
  /** The kinds of its own messages that it replaces; default: everything that it publishes. */
  readonly kinds?: readonly SignedKind[];
  /** The second half of its peers receives the lie, and the first half the truth, unless the lie's `to` names the peers. */
  readonly isTwoSided?: true;
  /** The role needs the votes and proposals that its node has received (`heard`). */
  readonly listens?: true;
  /** Returns what is sent in place of such a message; default: the message itself. `before`: the values that this node proposed itself. */
  readonly tell?: (
    effect: Transmit,
    own: Vote | Proposal,
    liar: LiarSetup,
    before: ReadonlySet<string>,
    heard: Heard,
  ) => readonly Effect[];
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
  | 'two-faced'
  | 'two-stories'
  | 'one-peer-late'
  | 'forged-certificates'
  | 'small-certificates'
  | 'repeated-signers'
  | 'foreign-signers'
  | 'certificates-of-elsewhere'
  | 'invalid-values'
  | 'false-polka-round'
  | 'older-polka'
  | 'one-peer-locked'
  | 'votes-ahead'
  | 'values-like-frames'
  | 'out-of-turn'
  | 'false-heights'
  | 'false-bytes'
  | 'false-extensions';

/** How many rounds ahead the votes are: the next two, the last that is counted at once, the first that must wait, and one far ahead. */
const ahead = [1, 2, 8, 9, 100] as const;

const allVotes: readonly SignedKind[] = ['prevote', 'precommit'];
const allKinds: readonly SignedKind[] = ['proposal', ...allVotes];

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
  silent: { says: 'receives everything, and neither proposes nor votes', tell: () => [] },
  'prevote-nil': {
    says: 'prevotes nil for every proposal',
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
    says: 'precommits nil after any votes',
    kinds: ['precommit'],
    tell: (effect, own, liar) => [told(effect, signed(own, { value: null }, liar))],
  },
  'random-votes': {
    says: 'votes nil in about half of its votes, drawn for each height and round',
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
  'two-stories': {
    says: 'tells each half of its peers a proposal of its own, prevotes for each, and then precommits nil',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, { proposals }) => {
      if (own.type === 'proposal') return toHalves(effect, otherProposal(own, liar), liar);
      if (own.voteType === 'precommit') return [{ ...effect, data: signed(own, { value: null }, liar) }];
      const told = proposals.findLast(({ height, round }) => height === own.height && round === own.round);
      if (told?.proposer !== liar.name) return [effect];
      const first = signed(own, { value: told.value }, liar);
      return toHalves({ ...effect, data: first }, signed(own, { value: otherValue(told.value) }, liar), liar);
    },
  },
  'one-peer-late': {
    says: 'contradicts its prevote, its proposal and its precommit before one peer alone, when it has precommitted',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, { votes, proposals }) => {
      if (own.type !== 'vote' || own.voteType !== 'precommit') return [effect];
      const peer = liar.peers[(own.height + own.round) % Math.max(1, liar.peers.length)];
      const isHere = (one: Vote | Proposal): boolean => one.height === own.height && one.round === own.round;
      const prevote = votes.findLast((one) => one.validator === liar.name && one.voteType === 'prevote' && isHere(one));
      const proposal = proposals.findLast((one) => one.proposer === liar.name && isHere(one));
      const contrary = (vote: Vote): Vote =>
        signed(vote, { value: vote.value === null ? otherValue(`${own.height}.${own.round}`) : null }, liar);
      const more = [
        ...(prevote === undefined ? [] : [contrary(prevote)]),
        ...(proposal === undefined ? [] : [otherProposal(proposal, liar)]),
        contrary(own),
      ];
      return [effect, ...more.map((data) => ({ ...effect, to: effect.to.filter((name) => name === peer), data }))];
    },
  },
  'forged-certificates': {
    says: 'sends certificates in which it has signed for everybody',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, heard) => forged(effect, own, liar, heard),
  },
  'small-certificates': {
    says: 'sends certificates of real votes that are no quorum yet',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, heard) => belowQuorum(effect, own, liar, heard),
  },
  'repeated-signers': {
    says: 'sends certificates that contain its own signature several times',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, heard) => repeated(effect, own, liar, heard),
  },
  'foreign-signers': {
    says: 'sends certificates signed by names that are in no validator set',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, heard) => foreign(effect, own, liar, heard),
  },
  'certificates-of-elsewhere': {
    says: 'sends the quorums of other heights and rounds as certificates of this one',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, heard) => otherHeight(effect, own, liar, heard),
  },
  'invalid-values': {
    says: 'proposes values that the application calls invalid, and votes for them',
    kinds: allKinds,
    tell: (effect, own, liar) => {
      const value = `invalid-${own.height}.${own.round}`;
      return [{ ...effect, data: own.type === 'proposal' ? otherProposal(own, liar, value) : signed(own, { value }, liar) }];
    },
  },
  'false-polka-round': {
    says: 'proposes other values and names a round for their polka that had none',
    kinds: allKinds,
    tell: (effect, own, liar) => {
      if (own.type !== 'proposal') return [effect];
      const polRound = [own.round - 1, own.round, own.round + 3, -2, 0][(own.height + own.round) % 5] ?? 0;
      return [{ ...effect, data: signed(otherProposal(own, liar), { polRound }, liar) }];
    },
  },
  'older-polka': {
    says: 'proposes the value of the oldest polka again, though there was a newer one',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, heard) => olderPolka(effect, own, liar, heard),
  },
  'one-peer-locked': {
    says: 'lets one peer alone see a polka, for one value after another, and proposes the first again',
    kinds: allKinds,
    listens: true,
    tell: (effect, own, liar, _before, heard) => onePeerLocked(effect, own, liar, heard),
  },
  'votes-ahead': {
    says: 'votes for later rounds before any node has reached them',
    kinds: allKinds,
    tell: (effect, own, liar) => {
      if (own.type !== 'vote') return [effect];
      const value = own.value === null ? otherValue(`${own.height}`) : null;
      return andAlso(effect, ...ahead.map((more) => signed(own, { round: own.round + more, value }, liar)));
    },
  },
  'values-like-frames': {
    says: 'proposes values whose bytes look like frames of a log',
    kinds: allKinds,
    tell: (effect, own, liar) => {
      const value = `${String.fromCharCode(...liar.frames)}${own.height}.${own.round}`;
      return own.type === 'proposal' ? [{ ...effect, data: otherProposal(own, liar, value) }] : [effect];
    },
  },
  'out-of-turn': {
    says: 'proposes for the next round and the next height, whoever has the turn there',
    kinds: allKinds,
    tell: (effect, own, liar) => outOfTurn(effect, own, liar),
  },
  'false-heights': {
    says: 'sends false answers about its height, asked or not: without proof, too low, in the name of the asking node, or malformed',
    kinds: allVotes,
    tell: (effect, own, liar) => falseHeights(effect, own, liar),
  },
  'false-bytes': {
    says: 'sends real certificates with other bytes than those of the value',
    kinds: allVotes,
    listens: true,
    tell: (effect, own, liar, _before, heard) => falseBytes(effect, own, liar, heard),
  },
  'false-extensions': {
    says: 'precommits with an extension that the application refuses, with a wrong signature of it, or without one',
    kinds: ['precommit'],
    tell: (effect, own, liar) => [own.type === 'vote' ? falseExtension(effect, own, liar) : effect],
  },
};

/** The roles that change a message only where votes are extended. */
export const rolesOfExtensions: readonly RoleName[] = ['false-extensions'];

/** All of them. */
export const allRoleNames: readonly RoleName[] = Object.keys(roles) as RoleName[];
