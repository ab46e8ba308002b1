/** Snapshots of Raft: what a node keeps, drops, installs and acknowledges, and what of it survives a loss of power. */
import { expect } from 'chai';
import { type RaftConfig, type RaftInput, type RaftState, raft } from '../../../actors/raft/index.ts';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { crashpointsPlan } from '../../../campaigns/crash-points/from-scenario.ts';
import { drawnCase, enumerateCrashpoints } from '../../../campaigns/index.ts';
import { runScenario } from '../../../scenarios/index.ts';
import { parseScenario } from '../../../scenarios/yaml.ts';

const config: RaftConfig = { self: 'A', members: ['A', 'B', 'C'], snapshotEvery: 3 };
const signature = '';
const library = 'scenarios/library/52-raft-sends-a-snapshot.ts';

/** Applies inputs, and the node's own messages after each. */
function after(state: RaftState, ...inputs: readonly RaftInput[]): RaftState {
  return inputs.reduce((before, input) => {
    const { state: next, outputs } = raft.step(before, input);
    const own = outputs.flatMap((output) => (output.type === 'say' ? [raft.asInput(output.message, new Uint8Array())] : []));
    return own.length === 0 ? next : after(next, ...own);
  }, state);
}

/** An append of the leader B in term 1: the entry of this index, and how much is committed. */
function append(index: number, commit: number): RaftInput {
  const entry = { term: 1, command: `command ${index}` };
  const previousTerm = index === 1 ? 0 : 1;
  return { type: 'append', term: 1, leader: 'B', to: 'A', previousIndex: index - 1, previousTerm, entry, commit };
}

const start: RaftInput = { type: 'start', snapshotEvery: 3 };
const five = after(raft.start(config), start, append(1, 0), append(2, 1), append(3, 2), append(4, 3), append(5, 4));
const taken = raft.step(five, { type: 'compact' });

describe('snapshots of raft', function () {
  this.timeout(240_000);

  it('take the place of the applied entries, and leave the others', () => {
    expect(five.machine.applied).to.equal(4);
    expect(raft.admit(five, { type: 'compact' })).to.equal('log');
    const { snapshot, log, isCompacting } = taken.state;
    expect(snapshot).to.deep.equal({ lastIndex: 4, lastTerm: 1, machine: five.machine });
    expect(log).to.deep.equal([{ term: 1, command: 'command 5' }]);
    expect(isCompacting).to.equal(true);
    expect(taken.outputs.map(({ type }) => type)).to.deep.equal(['report', 'finish']);
  });

  it('end the segment: until the next begins nothing is logged, and what is sent again is as before', () => {
    expect(raft.admit(taken.state, append(6, 5))).to.equal('drop');
    expect(raft.admit(taken.state, { type: 'election' })).to.equal('drop');
    expect(raft.admit(taken.state, append(5, 4))).to.equal('pass');
  });

  it('begin the next segment with all that still counts, also after its bytes were read again', () => {
    const decision = taken.outputs.find(({ type }) => type === 'finish') as { readonly decision: unknown };
    const begun = raft.resume?.(config, raft.decodeDecision(raft.encodeDecision(decision.decision))) as RaftInput;
    const resumed = after(raft.start(config), raft.decode(raft.encode(begun)));
    expect(resumed).to.deep.equal({ ...taken.state, acked: undefined, segment: 2, isCompacting: false });
    expect(raft.position(resumed)).to.deep.equal({ height: 2, round: 1 });
    expect(raft.admit(resumed, append(5, 4))).to.equal('log');
  });

  it('agree with every append that comes before them, and acknowledge their own index', () => {
    const resumed = { ...taken.state, isCompacting: false };
    const { state, outputs } = raft.step(resumed, { ...append(2, 1), term: 2 } as RaftInput);
    expect(state.log).to.deep.equal(resumed.log);
    expect(outputs).to.deep.include({ type: 'say', message: { type: 'ack', term: 2, follower: 'A', match: 4 } });
  });

  it('replace a log that lacks their last entry, and keep the entries after it where the log has it', () => {
    const snapshot = { lastIndex: 4, lastTerm: 1, machine: five.machine };
    const install: RaftInput = { type: 'snapshot', term: 1, leader: 'B', to: 'A', snapshot };
    const behind = after(raft.start(config), start, append(1, 0));
    expect(after(behind, install)).to.deep.include({ snapshot, log: [], commit: 4, machine: five.machine });
    const ahead = { ...five, commit: 2, machine: { ...five.machine, applied: 2 } };
    expect(after(ahead, install).log).to.deep.equal([{ term: 1, command: 'command 5' }]);
    const conflict = { ...five, commit: 2, log: five.log.map((entry) => ({ ...entry, term: 0 })) };
    expect(after(conflict, install).log).to.deep.equal([]);
  });

  it('that have nothing new change nothing, and are acknowledged with what is committed', () => {
    const snapshot = { lastIndex: 2, lastTerm: 1, machine: { applied: 2, digest: 7 } };
    const install: RaftInput = { type: 'snapshot', term: 1, leader: 'B', to: 'A', snapshot };
    expect(raft.admit(five, install)).to.equal('pass');
    expect(raft.step(five, install).state).to.deep.equal(five);
  });

  it('are logged where they commit entries that were acknowledged already (found by fuzz: the node changed and logged nothing)', () => {
    const acknowledged = { ...five, commit: 2, machine: { ...five.machine, applied: 2 } };
    const snapshot = { lastIndex: 4, lastTerm: 1, machine: five.machine };
    expect(acknowledged.acked).to.deep.include({ match: 5, signature });
    expect(raft.admit(acknowledged, { type: 'snapshot', term: 1, leader: 'B', to: 'A', snapshot })).to.equal('log');
  });

  it('are refused for nodes of Tendermint, also in a variant', () => {
    const head = 'scenario: x\nvalidators: { A: 1, B: 1 }\n';
    for (const part of ['raft: { snapshotEvery: 3 }\n', 'variants: [{ name: v, raft: { preVote: true } }]\n']) {
      expect(() => parseScenario(`${head}${part}`, 'x.yaml')).to.throw('nodes of tendermint have no options of Raft');
      expect(parseScenario(`${head}protocol: raft\n${part}`, 'x.yaml').protocol).to.equal('raft');
    }
  });

  it('keep the folder small: the log of a node that runs on holds one segment, and no long one', async () => {
    const { data } = await loadScenario(library);
    const { world } = runScenario({ ...data, scripts: {}, decides: [], mustReach: [], until: { timeMs: 4000 } });
    for (const name of world.nodes) {
      expect(world.disk(name).list('wal')).to.have.length(1);
      expect(world.position(name).height).to.be.greaterThan(10);
    }
  });

  it('are installed once and survive: C may die at every crash point of it, with every disk that is left', async () => {
    const { data } = await loadScenario(library);
    const options = { nodes: ['C'], heights: '21', pending: 1, merge: true } as const;
    const cells = (exhibit?: string) =>
      enumerateCrashpoints(crashpointsPlan(data, { ...options, ...(exhibit === undefined ? {} : { exhibit }) })).cells;
    const honest = cells();
    expect(honest.length).to.be.at.least(15);
    expect(honest.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
    const early = cells('raft-snapshot-acknowledged-early').flatMap(({ failures }) => failures.map(({ property }) => property));
    expect(early).to.include('crash-is-pause');
  });

  it('hold under drawn fault plans, which come to snapshots that are taken and installed', async () => {
    const { data } = await loadScenario(library);
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const run = runScenario(drawnCase.fuzz(data, seed));
      expect(run.verdict, `seed ${seed}: ${run.complaints.join('; ')}`).to.equal('held');
      for (const [mark, count] of Object.entries(run.marks)) seen.set(mark, (seen.get(mark) ?? 0) + count);
    }
    expect(seen.get('raft.snapshot-taken')).to.be.greaterThan(100);
    expect(seen.get('raft.snapshot-installed')).to.be.greaterThan(40);
  });
});
