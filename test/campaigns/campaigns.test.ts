/** The campaigns as functions: each example of their docstrings, and what the command prints of the same campaign. */
import { expect } from 'chai';
import { crashpointCases, crashpoints, explore, fuzz, fuzzCase, isBroken, minimize, replay } from '../../campaigns/index.ts';
import { runScenario, ScenarioError, scenario } from '../../scenarios/index.ts';

const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 });

describe('campaigns as functions', () => {
  it('crashpoints: a broken node is red, and the token and the failure repeat the plainest death', () => {
    const { violated, failures, victims } = crashpoints(four, {
      nodes: ['B'],
      heights: '1',
      exhibit: 'no-fsync',
      sites: ['publish'],
    });
    expect(violated).to.be.greaterThan(0);
    expect(victims).to.deep.equal(['B']);
    const [failure] = failures;
    if (failure === undefined) throw new Error('no failure');
    const run = replay({ scenario: four, token: failure.token });
    expect(run.verdict).to.equal('violated');
    expect(replay(failure.failure).hash).to.equal(run.hash);
  });

  it('crashpoints: the honest node holds, and plain data will do as well as the builder', () => {
    const { held, violated, undecided, cells } = crashpoints(four.data, { nodes: ['B'], heights: '1', sites: ['publish'] });
    expect({ violated, undecided }).to.deep.equal({ violated: 0, undecided: 0 });
    expect(held).to.equal(cells.length).and.to.be.greaterThan(0);
  });

  it('crashpoints: ends where the caller says so', () => {
    let seen = 0;
    crashpoints(four, { nodes: ['B'], heights: '1' }, () => {
      seen += 1;
      return 'stop';
    });
    expect(seen).to.equal(1);
  });

  it('explore: exhausts a small space, and finds the node without a log', () => {
    const three = scenario('three', { A: 1, B: 1, C: 1 });
    const { isExhausted, victims } = explore(three, { nodes: ['B'], deviations: 0 });
    expect(isExhausted).to.equal(true);
    expect(victims.flatMap(({ result }) => result.violations)).to.deep.equal([]);
    const [broken] = explore(three, { nodes: ['B'], deviations: 0, exhibit: 'no-wal' }).victims;
    const [failure] = broken?.failures ?? [];
    if (failure === undefined) throw new Error('no failure');
    expect(replay(failure).verdict).to.equal('violated');
  });

  it('says that a broken node changed nothing, and does not call that held', () => {
    // Without a disk that is emptied nobody has to abstain.
    const exhibit = 'abstains-too-short';
    const report = crashpoints(four, { nodes: ['B'], heights: '1', sites: ['publish'], exhibit });
    expect(report.violated).to.equal(0);
    expect(report.idleExhibit).to.equal(exhibit);
    const three = scenario('three', { A: 1, B: 1, C: 1 });
    expect(explore(three, { nodes: ['B'], deviations: 0, exhibit }).idleExhibit).to.equal(exhibit);
    expect(crashpoints(four, { nodes: ['B'], heights: '1', sites: ['publish'] })).to.not.have.property('idleExhibit');
  });

  it('says nothing of a broken node after a walk that was stopped: a later point may show it', () => {
    const options = { nodes: ['B'], heights: '1', sites: ['publish'], exhibit: 'abstains-too-short' };
    const stopped = crashpoints(four, options, () => 'stop');
    expect([stopped.cells.length, stopped.violated]).to.deep.equal([1, 0]);
    expect(stopped).to.not.have.property('idleExhibit');
    expect(crashpoints(four, options, () => undefined).idleExhibit).to.equal(options.exhibit);
  });

  it('explore: refuses what its nodes cannot do', () => {
    const raft = scenario('raft', { A: 1, B: 1, C: 1 }).protocol('raft').wal({ onCorrupt: 'abstain' });
    expect(() => explore(raft, { nodes: ['B'], deviations: 0 })).to.throw(
      /'abstain' is not possible here: Raft has no stored heights/,
    );
  });

  it('fuzz: the first failure of a property is shrunk to one that needs its faults', () => {
    const { findings, runs } = fuzz(four, { runs: 8, seed: 1, exhibit: 'no-wal' });
    expect(runs).to.equal(8);
    const [finding] = findings;
    if (finding?.shrunk === undefined) throw new Error('nothing was found');
    const run = replay(finding.shrunk.failure);
    expect(run.properties.find(({ name }) => name === finding.property)?.verdict).to.equal('violated');
    expect(finding.shrunk.faults).to.be.at.most(2);
  });

  it('minimize: what is smaller still fails, and the honest node does not', () => {
    const seed = fuzz(four, { runs: 8, seed: 1, exhibit: 'no-wal', shrink: false }).failures[0]?.seed ?? 0;
    const failing = fuzzCase(four.data, seed);
    const { data } = minimize(failing, { exhibit: 'no-wal' }, 'no-equivocation');
    expect(data.faults.length).to.be.lessThan(failing.faults.length);
    expect(isBroken(runScenario(data, { exhibit: 'no-wal' }), 'no-equivocation')).to.equal(true);
    expect(runScenario(data).verdict).to.equal('held');
  });

  it('replay: says what is no token', () => {
    expect(() => replay({ scenario: four, token: 'x' })).to.throw(ScenarioError, "'x' is no token");
  });

  it('crashpointCases: all images are more than a few, and hold the torn ones', () => {
    const choice = { node: 'B', heights: [1, 1], sites: ['wal.append', 'publish'] } as const;
    const few = crashpointCases(four.data, choice);
    const all = crashpointCases(four.data, { ...choice, images: 'all' });
    expect(all.length).to.be.greaterThan(few.length);
    const points = all.map(({ point }) => point);
    expect(few.every(({ point }) => points.includes(point))).to.equal(true);
    expect(points.some((point) => point.includes('torn/cut='))).to.equal(true);
    expect(points.some((point) => point.includes('torn/heard='))).to.equal(true);
  });
});
