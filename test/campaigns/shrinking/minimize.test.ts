/** Smaller scenarios: legal ones only, ever smaller, and within the bound that safety is owed in. */
import { expect } from 'chai';
import { fuzzCase, minimize, shrink } from '../../../campaigns/index.ts';
import { isWithinBound } from '../../../campaigns/shrinking/minimize.ts';
import { reductions } from '../../../campaigns/shrinking/reductions.ts';
import { event, type ScenarioData, scenario } from '../../../scenarios/index.ts';
import { runScenario } from '../../../scenarios/runner.ts';
import { refuseMistakes } from '../../../scenarios/yaml.ts';

const four = { A: 1, B: 1, C: 1, D: 1 } as const;

const told = scenario('told at length', { A: 10, B: 10, C: 40, D: 5, E: 1 })
  .fullNodes('F')
  .proposer(3, 0, 'C')
  .network({ delay: '3ms', links: { 'A->B': { loss: 0.1 } } })
  .fault({ ...event('height.start', { height: 2 }), node: 'D', nth: 2 }, { type: 'crash', nodes: ['B', 'D'], restartMs: 400 })
  .fault({ point: 'A@2.0/wal.flush~2:torn/sectors=0110,names=01' }, { type: 'crash', nodes: ['A'], restartMs: 300 })
  .partition([['A', 'B'], ['C'], ['D', 'E']], { for: '300ms', flap: '50ms', oneWay: true })
  .node('C', (c) =>
    c
      .waitUntil(event('proposal.local', { height: 3 }), { as: 'first' })
      .crash({ after: 'wal.flush', nth: 3, image: { cut: 40 } })
      .restart({ after: '1s' })
      .expect(event('publish', { type: 'proposal', height: 3 }), { sameAs: 'first', within: '1s' }),
  )
  .variants({ name: 'without a log', wal: 'none' }, { name: 'as it is' }).data;

/** Every candidate of every kind of step. */
const all = (data: ScenarioData): readonly ScenarioData[] => reductions.flatMap((smaller) => [...smaller(data)]);

describe('smaller scenarios', () => {
  const many = [told, ...Array.from({ length: 40 }, (_, seed) => fuzzCase(scenario('drawn', four).data, seed))];

  it('are legal, each of them', () => {
    for (const data of many) for (const candidate of all(data)) refuseMistakes(candidate);
  });

  it('come to an end, one node and nothing else, where everything fails', () => {
    for (const data of many) {
      const { smallest, isMinimal } = shrink(data, all, () => true, 1000);
      expect(isMinimal).to.equal(true);
      expect(smallest.faults).to.deep.equal([]);
      expect(Object.keys(smallest.validators)).to.have.length(1);
    }
  });

  it('come to an end, each step by itself the last that is tried', () => {
    const backwards = (data: ScenarioData): readonly ScenarioData[] => all(data).toReversed();
    for (const data of many.slice(0, 12)) expect(shrink(data, backwards, () => true, 50_000).isMinimal).to.equal(true);
  });

  it('leave out the steps of a script that a failure does not need', () => {
    const { data, isMinimal } = minimize(told, { variant: 'without a log' }, 'no-equivocation');
    expect(isMinimal).to.equal(true);
    expect(data.faults.length + Object.values(data.scripts).flat().length).to.be.at.most(3);
    expect(data.variants.map(({ name }) => name)).to.deep.equal(['without a log']);
    expect(data.network).to.deep.equal({});
    refuseMistakes(data);
  });

  it('stay within the bound: a third of the power that lies breaks what nobody promised', () => {
    const lying = scenario('one of four lies', four).byzantine('A', 'two-proposals').until({ time: '300ms' }).data;
    const three = scenario('one of three lies', { A: 1, B: 1, C: 1 })
      .byzantine('A', 'two-proposals')
      .until({ time: '300ms' }).data;
    expect(isWithinBound(runScenario(lying))).to.equal(true);
    expect(isWithinBound(runScenario(three))).to.equal(false);
  });
});
