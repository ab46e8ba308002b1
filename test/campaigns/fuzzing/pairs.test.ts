/** Pairs of a fault and what a node came to: counted from events alone, for honest nodes, and all of them possible. */
import { expect } from 'chai';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { whyImpossible } from '../../../campaigns/fuzzing/impossible-pairs.ts';
import { PairCounter, pairsNamed, pairsOf } from '../../../campaigns/fuzzing/pairs.ts';
import { drawnCase } from '../../../campaigns/index.ts';
import { decides, event, runScenario, type ScenarioData, scenario } from '../../../index.ts';

const { data: raft } = await loadScenario('scenarios/library/25-raft-loses-power.ts');
const four = { A: 1, B: 1, C: 1, D: 1 };

function pairsIn(data: ScenarioData): readonly string[] {
  const counter = new PairCounter(data, new Set(pairsOf(data.protocol)));
  runScenario(data, { listener: (one) => counter.count(one) });
  return counter.pairs;
}

describe('pairs of a fault and what a node came to', () => {
  const story = scenario('a loss of power', four)
    .node('B', (b) =>
      b
        .waitUntil(event('publish', { type: 'prevote', height: 2 }))
        .crash()
        .restart({ after: '20ms' }),
    )
    .expect(decides(3));

  it('name the step that a death met, and the marks that the node came by later', () => {
    const pairs = pairsIn(story.data);
    expect(pairs)
      .to.include('crash+step.prevote')
      .and.include('crash+wal.height-replayed')
      .and.include('crash+tendermint.locked');
    expect(pairs.filter((pair) => pair.startsWith('kill+'))).to.deep.equal([]);
  });

  it('are none without a fault', () => {
    expect(pairsIn(scenario('nothing happens', four).expect(decides(3)).data)).to.deep.equal([]);
  });

  it('do not count what a plan meant to do and did not', () => {
    const late = scenario('too late', four)
      .fault({ timeMs: 50_000 }, { type: 'kill', nodes: ['B'], restartMs: 20 })
      .expect(decides(3));
    expect(pairsIn(late.data)).to.deep.equal([]);
  });

  it('leave out liars, and name their lies with the marks of honest nodes', () => {
    const { data } = scenario('a liar', four).byzantine('D', 'two-votes').expect(decides(3));
    const pairs = pairsIn({
      ...data,
      faults: [{ trigger: { timeMs: 20 }, fault: { type: 'kill', nodes: ['D'], restartMs: 20 } }],
    });
    expect(pairs).to.include('two-votes+tendermint.locked');
    expect(pairs.filter((pair) => pair.startsWith('kill+'))).to.deep.equal([]);
  });

  for (const [name, data, mode] of [
    ['Tendermint', scenario('four', four).data, 'environments'],
    ['Raft', raft, 'fuzz'],
  ] as const)
    it(`that drawn runs of ${name} come to are all listed, and none of them is called impossible`, () => {
      const possible = new Set(pairsOf(data.protocol));
      const met = new Set<string>();
      for (let seed = 1; seed <= 40; seed += 1) for (const pair of pairsIn(drawnCase[mode](data, seed))) met.add(pair);
      for (const pair of met) expect(possible.has(pair), pair).to.equal(true);
      expect(met.size).to.be.at.least(name === 'Raft' ? 60 : 250);
    });

  it('that are impossible have a reason, and are refused by it', () => {
    expect(whyImpossible('crash+wal.abstains', 'raft')).to.contain('abstains');
    expect(() => pairsNamed(['crash+wal.abstains'], 'raft')).to.throw('no run comes to');
    expect(() => pairsNamed(['crash+wal.torn-tail-cutt'], undefined)).to.throw("did you mean 'crash+wal.torn-tail-cut'");
    expect(pairsNamed(['pairs'], undefined)).to.deep.equal(pairsOf(undefined));
  });
});
