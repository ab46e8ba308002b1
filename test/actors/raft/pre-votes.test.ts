/** Pre-votes of Raft: which nodes ask and refuse. A member that was cut off deposes nobody. */
import { expect } from 'chai';
import { type RaftConfig, type RaftInput, type RaftState, raft } from '../../../actors/raft/index.ts';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { drawnCase } from '../../../campaigns/index.ts';
import { runScenario, scenario } from '../../../scenarios/index.ts';

const config: RaftConfig = { self: 'A', members: ['A', 'B', 'C'], preVote: true };
const follower = raft.start(config);
const library = 'scenarios/library/53-raft-asks-before-an-election.ts';

const question = (term: number, candidate = 'B'): RaftInput => ({ type: 'preVote', term, candidate, lastIndex: 0, lastTerm: 0 });
const answer = (term: number, voter: string, isGranted = true): RaftInput => ({
  type: 'preVoteAnswer',
  term,
  voter,
  candidate: 'A',
  isGranted,
});
const isGrantedBy = (state: RaftState, input: RaftInput): unknown => {
  const { state: next, outputs } = raft.step(state, input);
  expect(next).to.equal(state);
  const sent = outputs.find(({ type }) => type === 'send') as { readonly data: { readonly isGranted?: boolean } } | undefined;
  return sent?.data.isGranted;
};

describe('pre-votes of raft', function () {
  this.timeout(120_000);
  const { state: asking, outputs } = raft.step(follower, { type: 'election' });

  it('are asked for in the next term, and the pre-candidate keeps its own term and its vote', () => {
    expect(asking).to.deep.include({ role: 'preCandidate', term: 0, votedFor: undefined, votes: ['A'] });
    expect(outputs.map(({ type }) => type)).to.deep.equal(['report', 'send', 'setTimer']);
  });

  it('of a majority make a candidate, of an older question they do not', () => {
    expect(raft.admit(asking, answer(2, 'B'))).to.equal('drop');
    const { state } = raft.step(asking, answer(1, 'B'));
    expect(state).to.deep.include({ role: 'candidate', term: 1 });
  });

  it('are refused by a member with a leader, by the leader, and by one with a newer log or another vote', () => {
    expect(isGrantedBy(follower, question(1))).to.equal(true);
    expect(isGrantedBy(asking, question(1))).to.equal(true);
    expect(isGrantedBy({ ...follower, term: 1, leader: 'C' }, question(2))).to.equal(false);
    expect(isGrantedBy({ ...follower, term: 1, leader: 'A', role: 'leader' }, question(2))).to.equal(false);
    expect(isGrantedBy({ ...follower, log: [{ term: 1, command: 'x' }] }, question(1))).to.equal(false);
    expect(isGrantedBy({ ...follower, term: 1, votedFor: 'C' }, question(1))).to.equal(false);
    expect(isGrantedBy({ ...follower, term: 1, votedFor: 'B' }, question(1))).to.equal(true);
  });

  it('that are refused in a later term contain this term', () => {
    expect(raft.admit(asking, answer(0, 'B', false))).to.equal('drop');
    expect(raft.step(asking, answer(5, 'B', false)).state).to.deep.include({ role: 'follower', term: 5 });
  });

  it('leave the terms low where a member hears nobody, and without them they rise', () => {
    const highest = (options: { readonly preVote?: boolean }): number => {
      const { world } = scenario('deaf', { A: 1, B: 1, C: 1 })
        .raft(options)
        .partition([['A', 'B'], ['C']], { at: { time: '300ms' }, for: '2s', oneWay: true })
        .until({ time: '2s' })
        .run();
      return Math.max(...world.nodes.map((name) => world.position(name).round));
    };
    expect(highest({ preVote: true })).to.equal(1);
    expect(highest({})).to.be.greaterThan(8);
  });

  it('hold under drawn fault plans, and are asked for and refused there', async () => {
    const { data } = await loadScenario(library);
    const seen = { asked: 0, refused: 0 };
    for (let seed = 1; seed <= 60; seed += 1) {
      const { verdict, complaints, marks } = runScenario(drawnCase.fuzz(data, seed));
      expect(verdict, `seed ${seed}: ${complaints.join('; ')}`).to.equal('held');
      seen.asked += marks['raft.pre-vote-asked'] ?? 0;
      seen.refused += marks['raft.pre-vote-refused'] ?? 0;
    }
    expect(seen.asked).to.be.greaterThan(100);
    expect(seen.refused).to.be.greaterThan(40);
  });
});
