/** Changes of members in Raft: which nodes are counted, when a leader may change them, and which nodes may ask for votes. */
import { expect } from 'chai';
import { membersOf, type RaftConfig, type RaftInput, type RaftState, raft } from '../../../actors/raft/index.ts';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { crashpointsPlan } from '../../../campaigns/crash-points/from-scenario.ts';
import { drawnCase, enumerateCrashpoints } from '../../../campaigns/index.ts';
import { fewerNodes } from '../../../campaigns/shrinking/fewer-nodes.ts';
import { runScenario } from '../../../scenarios/index.ts';
import { parseScenario } from '../../../scenarios/yaml.ts';

const library = 'scenarios/library/56-raft-changes-its-members.ts';
const changes = [
  { after: 1, add: 'D' },
  { after: 2, remove: 'A' },
];
const config: RaftConfig = { self: 'A', members: ['A', 'B', 'C'], changes };
const command = (state: RaftState): RaftInput => ({
  type: 'command',
  key: `command/${state.term}/${state.snapshot.lastIndex + state.log.length + 1}`,
  command: 'x',
});

/** Applies inputs, and the node's own messages after each. */
function after(state: RaftState, ...inputs: readonly RaftInput[]): RaftState {
  return inputs.reduce((before, input) => {
    const { state: next, outputs } = raft.step(before, input);
    const own = outputs.flatMap((output) => (output.type === 'say' ? [raft.asInput(output.message, new Uint8Array())] : []));
    return own.length === 0 ? next : after(next, ...own);
  }, state);
}

const vote = (voter: string): RaftInput => ({
  type: 'vote',
  term: 1,
  voter,
  candidate: 'A',
  lastIndex: 0,
  lastTerm: 0,
  signature: '',
});
const ack = (follower: string, match: number): RaftInput => ({ type: 'ack', term: 1, follower, match, signature: '' });

/** A leads term 1 with its empty entry, which is not committed. */
const elected = after(raft.start(config), { type: 'start' }, { type: 'election' }, vote('B'));
/** The empty entry is committed, and the command after it has added D. */
const adding = after(elected, ack('B', 1), command(after(elected, ack('B', 1))));

describe('changes of members in raft', function () {
  this.timeout(240_000);

  it('wait until the leader has committed an entry of its own term', () => {
    const early = after(elected, command(elected));
    expect(early.log.at(-1)).to.deep.equal({ term: 1, command: 'x' });
    expect(adding.log.at(-1)).to.deep.include({ command: undefined, membership: { members: ['A', 'B', 'C', 'D'], changes: 1 } });
  });

  it('hold as soon as they are in the log: two of four commit nothing', () => {
    expect(membersOf(adding)).to.deep.equal(['A', 'B', 'C', 'D']);
    expect(after(adding, ack('B', 2)).commit).to.equal(1);
    expect(after(adding, ack('B', 2), ack('C', 2)).commit).to.equal(2);
  });

  it('come one at a time: the next waits until the one before is committed', () => {
    // A late answer of the application, while the change is open.
    expect(after(adding, command(adding)).log.at(-1)).to.deep.equal({ term: 1, command: 'x' });
    const added = after(adding, ack('B', 2), ack('D', 2));
    const removing = after(added, command(added));
    expect(removing.log.at(-1)?.membership).to.deep.equal({ members: ['B', 'C', 'D'], changes: 2 });
  });

  it('let a leader that is removed lead until its removal is committed, without its own copy', () => {
    const added = after(adding, ack('B', 2), ack('D', 2));
    const removing = after(added, command(added));
    const one = after(removing, ack('B', 3));
    expect([one.role, one.commit]).to.deep.equal(['leader', 2]);
    const two = after(one, ack('C', 3));
    expect([two.role, two.commit, two.leader]).to.deep.equal(['follower', 3, undefined]);
    expect(raft.admit(two, { type: 'election' })).to.equal('drop');
    // Its log alone may have the change, so it must be able to ask for votes as long as the change is open.
    expect(raft.admit({ ...removing, role: 'follower' }, { type: 'election' })).to.equal('log');
  });

  it('are in the snapshot that replaces their entries', () => {
    const added = after(adding, ack('B', 2), ack('D', 2));
    const { state } = raft.step({ ...added, config: { ...config, snapshotEvery: 1 } }, { type: 'compact' });
    expect(state.log).to.deep.equal([]);
    expect(state.snapshot.membership).to.deep.equal({ members: ['A', 'B', 'C', 'D'], changes: 1 });
    expect(membersOf(state)).to.deep.equal(['A', 'B', 'C', 'D']);
  });

  it('make a node forget its leader when the leader is silent, also a node that is no member yet (found by fuzz: it refused each pre-vote)', () => {
    const append: RaftInput = {
      type: 'append',
      term: 1,
      leader: 'A',
      to: 'D',
      previousIndex: 1,
      previousTerm: 1,
      entry: undefined,
      commit: 0,
    };
    const newcomer = after(raft.start({ ...config, self: 'D', preVote: true }), { type: 'start' }, append);
    const asks: RaftInput = { type: 'preVote', term: 2, candidate: 'B', lastIndex: 2, lastTerm: 1 };
    const granted = (state: RaftState): unknown =>
      raft.step(state, asks).outputs.flatMap((output) => (output.type === 'send' ? [output.data] : []))[0];
    expect(granted(newcomer)).to.deep.include({ isGranted: false });
    expect(raft.admit(newcomer, { type: 'election' })).to.equal('log');
    const alone = after(newcomer, { type: 'election' });
    expect([alone.role, alone.term]).to.deep.equal(['follower', 1]);
    expect(granted(alone)).to.deep.include({ isGranted: true });
    expect(raft.admit(alone, { type: 'election' })).to.equal('drop');
  });

  it('name each mistake of a scenario, and are the same in YAML', () => {
    const head = 'scenario: x\nprotocol: raft\nvalidators: { A: 1, B: 1, C: 1 }\n';
    const of = (options: string) => () => parseScenario(`${head}raft: ${options}\n`, 'x.yaml');
    expect(of('{ changes: [{ after: 3, remove: A }] }')).to.throw('write `preVote: true` too');
    expect(of('{ members: [A, B] }')).to.throw('the other nodes would never be members');
    expect(of('{ preVote: true, changes: [{ after: 3, add: A }] }')).to.throw('A is a member already');
    expect(of('{ preVote: true, changes: [{ after: 3, add: E }] }')).to.throw("'E' is no node of this scenario (nodes: A, B, C)");
    expect(of('{ preVote: true, changes: [{ after: 3 }] }')).to.throw('a change has `add` or `remove`');
    expect(of('{ preVote: true, members: [A, B], changes: [{ after: 3, remove: A }] }')).to.throw(
      'without A one member would be left',
    );
    const data = of('{ preVote: true, members: [A, B], changes: [{ after: 3, add: C }] }')();
    expect(data.raft).to.deep.equal({ preVote: true, members: ['A', 'B'], changes: [{ after: 3, add: 'C' }] });
    const fewer = [...fewerNodes(data)].map(({ validators, raft: options }) => [
      Object.keys(validators).join(''),
      options?.changes,
    ]);
    expect(fewer).to.deep.include(['AB', []]);
  });

  it('hold while each member may die at every crash point of a change', async () => {
    const { data } = await loadScenario(library);
    const options = { nodes: ['A'], heights: '1', merge: true } as const;
    const { cells } = enumerateCrashpoints(
      crashpointsPlan({ ...data, scripts: {}, decides: [], mustReach: [], faults: [] }, options),
    );
    expect(cells.length).to.be.at.least(10);
    expect(cells.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
  });

  it('hold under drawn fault plans, which come to members that are added and removed', async () => {
    const { data } = await loadScenario(library);
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const run = runScenario(drawnCase.fuzz(data, seed));
      expect(run.verdict, `seed ${seed}: ${run.complaints.join('; ')}`).to.equal('held');
      for (const [mark, count] of Object.entries(run.marks)) seen.set(mark, (seen.get(mark) ?? 0) + count);
    }
    expect(seen.get('raft.member-added')).to.be.greaterThan(40);
    expect(seen.get('raft.member-removed')).to.be.greaterThan(40);
  });
});
