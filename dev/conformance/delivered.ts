/** What a trace has delivered to a node at its present height, and what the rules of the paper make due by it. */
import type { ValidatorPower } from '../../actors/tendermint/index.ts';
import type { RecordedVote } from './keeper-cases.ts';
import type { RecordedProposal } from './nodes-inputs.ts';
import type { RecordedState, Row } from './verdict.ts';

export class Delivered {
  readonly #powers: ReadonlyMap<string, number>;
  readonly #total: number;
  readonly proposerOf: (round: number) => string;
  #votes: RecordedVote[] = [];
  #proposals: RecordedProposal[] = [];
  #certificates: RecordedVote[] = [];

  constructor(validators: readonly ValidatorPower[], proposerOf: (round: number) => string) {
    this.#powers = new Map(validators);
    this.#total = validators.reduce((sum, [, power]) => sum + power, 0);
    this.proposerOf = proposerOf;
  }

  clear(): void {
    this.#votes = [];
    this.#proposals = [];
    this.#certificates = [];
  }

  vote(vote: RecordedVote): void {
    const isCounted = this.#votes.some(({ t, src, r }) => t === vote.t && src === vote.src && r === vote.r);
    if (!isCounted) this.#votes.push(vote);
  }

  certificate(votes: readonly RecordedVote[]): void {
    const [first] = votes;
    if (first !== undefined && first.v !== null) this.#certificates.push(first);
  }

  proposal(proposal: RecordedProposal): void {
    if (proposal.src === this.proposerOf(proposal.r)) this.#proposals.push(proposal);
  }

  /** Another vote of this validator, type and round has counted before. */
  contradicts(vote: RecordedVote): boolean {
    return this.#votes.some(({ t, src, r, v }) => t === vote.t && src === vote.src && r === vote.r && v !== vote.v);
  }

  hasPolka(round: number, value: string | null): boolean {
    return this.#isQuorum('Prevote', round, value) || this.#isCertified('Prevote', round, value);
  }

  /** Whether an own vote of the present round, in this state, follows from what is here. */
  isVoteDue([tag, round, value]: Row, { r, lr, lv }: RecordedState): boolean {
    if (round !== r) return false;
    if (tag === 'Precommit')
      return this.hasPolka(r, value as string | null) && (value === null || this.isProposed(r, String(value)));
    return this.#proposals.some(({ r: at, v, vr }) => {
      if (at !== r || (vr !== -1 && (vr >= r || !this.hasPolka(vr, v)))) return false;
      const isFree = lr === -1 || lv === v || (vr !== -1 && lr <= vr);
      return value === (v !== 'invalid' && isFree ? v : null);
    });
  }

  /** Whether a timer of the present round is due. */
  isTimerDue([kind, round]: Row): boolean {
    if (kind === 'Propose') return false;
    const type = kind === 'Prevote' ? 'Prevote' : 'Precommit';
    return this.#isQuorum(type, Number(round)) || this.#certificates.some(({ t, r }) => t === type && r === round);
  }

  /** A polka of this round that makes its proposal the valid value. */
  isValidDue(round: number, value: string): boolean {
    return value !== 'invalid' && this.isProposed(round, value) && this.hasPolka(round, value);
  }

  /** More than a third has voted in this round, or a certificate is of it. */
  isSkipDue(round: number): boolean {
    const voters = new Set(this.#votes.filter(({ r }) => r === round).map(({ src }) => src));
    return 3 * this.#powerOf(voters) > this.#total || this.#certificates.some(({ r }) => r === round);
  }

  /** A proposal of the round's proposer: for this value, or for any valid one. */
  isProposed(round: number, value?: string): boolean {
    return this.#proposals.some(({ r, v }) => r === round && (value === undefined ? v !== 'invalid' : v === value));
  }

  #isCertified(type: string, round: number, value: string | null): boolean {
    return this.#certificates.some(({ t, r, v }) => t === type && r === round && v === value);
  }

  #isQuorum(type: string, round: number, value?: string | null): boolean {
    const votes = this.#votes.filter(({ t, r, v }) => t === type && r === round && (value === undefined || v === value));
    return 3 * this.#powerOf(new Set(votes.map(({ src }) => src))) > 2 * this.#total;
  }

  #powerOf(names: ReadonlySet<string>): number {
    return [...names].reduce((sum, name) => sum + (this.#powers.get(name) ?? 0), 0);
  }
}
