/** Liars that attack: what arrives at A from each, read from the wire. That no honest node falls for it is judged by the run itself. */
import { expect } from 'chai';
import type { RoleName } from '../../actors/byzantine/index.ts';
import type { HeightAnswer } from '../../actors/node/abstention.ts';
import type { CommitCertificate, Proposal, TendermintInput, Vote } from '../../actors/tendermint/types.ts';
import type { Run } from '../../scenarios/index.ts';
import { seen } from './faults-seen.ts';

type Attack = Exclude<
  RoleName,
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
>;

const liar = 'D';

/** What a node got from the liar, oldest first. */
function from(run: Run, to: string): readonly TendermintInput[] {
  return seen(run, 'arrived', { node: to, actor: 'network', from: liar }).map(
    ({ detail }) => detail['message'] as TendermintInput,
  );
}

function commits(run: Run): readonly CommitCertificate[] {
  const all = from(run, 'A').filter((said) => said.type === 'commitCertificate');
  expect(all).to.have.lengthOf.at.least(10);
  return all;
}

function proposals(run: Run, to = 'A'): readonly Proposal[] {
  const all = from(run, to).filter((said): said is Proposal => said.type === 'proposal' && said.proposer === liar);
  expect(all).to.have.lengthOf.at.least(2);
  return all;
}

function votes(run: Run, to: string): readonly Vote[] {
  return from(run, to).filter((said) => said.type === 'vote');
}

/** By place, the values that a node heard there. */
function valuesAt(said: readonly (Vote | Proposal)[]): ReadonlyMap<string, ReadonlySet<string | null>> {
  const found = new Map<string, Set<string | null>>();
  for (const one of said) {
    const place = `${one.type === 'vote' ? one.voteType : one.type} ${one.height}.${one.round}`;
    found.set(place, (found.get(place) ?? new Set()).add(one.value));
  }
  return found;
}

export const attacks: Readonly<Record<Attack, (run: Run) => void>> = {
  'two-stories': (run) => {
    const [toA, toC] = [proposals(run), proposals(run, 'C')];
    const split = toA.filter((one) => toC.some((two) => two.height === one.height && two.value !== one.value));
    expect(split).to.have.lengthOf.at.least(2);
    const [{ height, value }] = split as [Proposal];
    expect(
      votes(run, 'A').some((vote) => vote.height === height && vote.voteType === 'prevote' && vote.value === value),
    ).to.equal(true);
    expect(votes(run, 'A').filter(({ voteType, value: said }) => voteType === 'precommit' && said !== null)).to.deep.equal([]);
  },
  'one-peer-late': (run) => {
    const double = [...valuesAt([...votes(run, 'A'), ...proposals(run)])].filter(([, values]) => values.size > 1);
    const single = [...valuesAt(votes(run, 'A'))].filter(([, values]) => values.size === 1);
    expect(double).to.have.lengthOf.at.least(2);
    expect(single).to.have.lengthOf.at.least(2);
  },
  'forged-certificates': (run) => {
    for (const { votes: signers } of commits(run)) expect(new Set(signers.map(([name]) => name)).size).to.equal(4);
  },
  'small-certificates': (run) => {
    const sizes = commits(run).map(({ votes: signers }) => new Set(signers.map(([name]) => name)).size);
    expect(Math.min(...sizes)).to.be.below(3);
  },
  'repeated-signers': (run) => {
    for (const { votes: signers } of commits(run)) expect(signers.map(([name]) => name)).to.deep.equal([liar, liar, liar, liar]);
  },
  'foreign-signers': (run) => {
    for (const { votes: signers } of commits(run))
      expect(signers.filter(([name]) => name.endsWith('of-another-set'))).to.have.lengthOf(3);
  },
  'certificates-of-elsewhere': (run) => {
    // The signers did sign: another height.
    const full = commits(run).filter(({ votes: signers }) => signers.length >= 3);
    expect(full).to.have.lengthOf.at.least(3);
  },
  'invalid-values': (run) => {
    for (const { value } of proposals(run)) expect(value).to.match(/^invalid/);
  },
  'false-polka-round': (run) => {
    expect(proposals(run).filter(({ polRound }) => polRound !== -1)).to.have.lengthOf.at.least(2);
  },
  'older-polka': (run) => {
    const again = from(run, 'A').filter((said): said is Proposal => said.type === 'proposal' && said.polRound >= 0);
    for (const { round, polRound } of again) expect(polRound).to.be.below(round);
  },
  'one-peer-locked': (run) => {
    // A receives the value and C receives nil, or the other way round, by height.
    const [toA, toC] = [valuesAt(votes(run, 'A')), valuesAt(votes(run, 'C'))];
    const differs = [...toA].filter(
      ([place, values]) => place.startsWith('prevote') && [...(toC.get(place) ?? values)].some((value) => !values.has(value)),
    );
    expect(differs).to.have.lengthOf.at.least(3);
  },
  'votes-ahead': (run) => {
    const rounds = votes(run, 'A').map(({ round }) => round);
    expect(rounds).to.include.members([1, 8, 9, 100]);
  },
  'out-of-turn': (run) => {
    const turns = ['A', 'B', 'C', liar];
    const wrong = proposals(run).filter(({ height, round }) => turns[(height - 1 + round) % turns.length] !== liar);
    expect(wrong.filter(({ round }) => round === 0)).to.have.lengthOf.at.least(6);
    expect(wrong.filter(({ round }) => round === 1)).to.have.lengthOf.at.least(6);
    for (const { height, value } of seen(run, 'decided', { node: 'A' }).map(({ detail }) => detail as unknown as Proposal))
      if (wrong.some((one) => one.height === height)) expect(wrong.map((one) => one.value)).to.not.include(value);
  },
  'false-heights': (run) => {
    const said = from(run, 'A').filter(({ type }) => (type as string) === 'height.answer') as unknown as readonly HeightAnswer[];
    expect(new Set(said.map(({ height }) => typeof height))).to.deep.equal(new Set(['undefined', 'number', 'string']));
    expect(said.map(({ answerer }) => answerer)).to.include.members([liar, 'A']);
    expect(said.map(({ inquiry }) => inquiry)).to.include.members([1, 2, 3]);
  },
  'false-bytes': (run) => {
    const full = commits(run).filter(({ votes: signers }) => signers.length >= 3);
    expect(full.length).to.be.at.least(3);
    for (const { data } of full) expect([...(data ?? [])]).to.deep.equal(Array.from({ length: 24 }, () => 7));
  },
  'false-extensions': (run) => {
    const own = votes(run, 'A').filter(
      ({ voteType, value, validator }) => validator === liar && voteType === 'precommit' && value !== null,
    );
    const isRefused = ({ extension }: Vote): boolean =>
      extension !== undefined && String.fromCharCode(...extension[0]) === 'refused';
    expect(own.filter(isRefused)).to.have.lengthOf.at.least(1);
    expect(own.filter(({ extension }) => extension?.[0].at(-1) === 33)).to.have.lengthOf.at.least(1);
    expect(own.filter(({ extension }) => extension === undefined)).to.have.lengthOf.at.least(1);
  },
  'values-like-frames': (run) => {
    for (const { data } of proposals(run)) expect(String.fromCharCode(...data)).to.contain('LZ');
  },
};
