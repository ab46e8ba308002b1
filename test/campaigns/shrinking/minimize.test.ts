/** Smaller scenarios: legal ones only, ever smaller, and within the bound that safety is owed in. */
import { expect } from 'chai';
import { fuzzCase, minimize, shrink } from '../../../campaigns/index.ts';
import { fewerNodes } from '../../../campaigns/shrinking/fewer-nodes.ts';
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

  it('come to an end, each step by itself the last that is tried', function () {
    this.timeout(600_000);
    const backwards = (data: ScenarioData): readonly ScenarioData[] => all(data).toReversed();
    for (const data of many.slice(0, 5)) expect(shrink(data, backwards, () => true, 50_000).isMinimal).to.equal(true);
  });

  it('leave out the steps of a script that a failure does not need', () => {
    const { data, isMinimal } = minimize(told, { variant: 'without a log' }, 'no-equivocation');
    expect(isMinimal).to.equal(true);
    expect(data.faults.length + Object.values(data.scripts).flat().length).to.be.at.most(3);
    expect(data.variants.map(({ name }) => name)).to.deep.equal(['without a log']);
    expect(data.network).to.deep.equal({});
    refuseMistakes(data);
  });

  it('let those of a torn publish hear that are left', () => {
    const heardIn = (powers: Readonly<Record<string, number>>, heard: string): readonly string[] => {
      const [victim] = Object.keys(powers);
      const death = { point: `${victim}@1.0/publish~1:torn/heard=${heard}` };
      const { data } = scenario('torn', powers).fault(death, { type: 'kill', nodes: [victim as string], restartMs: 500 });
      const found: string[] = [];
      for (const candidate of fewerNodes(data)) {
        const [planned] = candidate.faults;
        if (planned === undefined || !('point' in planned.trigger)) continue;
        found.push(`${Object.keys(candidate.validators).join('-')} ${planned.trigger.point.split('=')[1]}`);
        runScenario({ ...candidate, until: { timeMs: 200 } });
      }
      return found;
    };
    expect(heardIn(four, 'BD')).to.have.members(['A-B B', 'A-C-D D', 'A-B-D BD', 'A-B-C B']);
    expect(heardIn(four, 'CD')).to.have.members(['A-B ', 'A-C-D CD', 'A-B-D D', 'A-B-C C']);
    expect(heardIn({ V1: 1, V10: 1, V: 1, W: 1 }, 'V10,W')).to.include.members(['V1-V10 V10', 'V1-V-W W', 'V1-V10-W V10,W']);
    // When all that are left have one letter, nothing is between their names.
    expect(heardIn({ A: 1, B: 1, C: 1, Long: 1 }, 'B,C,Long')).to.include.members(['A-B-C BC', 'A-B-Long B,Long']);
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
