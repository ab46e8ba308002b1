/** Raft through the same doors as Tendermint: run, killed everywhere, fuzzed; its four bugs are red, and it is green. */
import { expect } from 'chai';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { crashpointsPlan } from '../../../campaigns/crash-points/from-scenario.ts';
import { drawnCase, enumerateCrashpoints, fuzzCase } from '../../../campaigns/index.ts';
import { event, type Run, runScenario, type ScenarioData, scenario } from '../../../scenarios/index.ts';

const three = scenario('three', { A: 1, B: 1, C: 1 }).protocol('raft');
const five = scenario('five', { A: 1, B: 1, C: 1, D: 1, E: 1 }).protocol('raft');

const red = ({ properties }: Run): readonly string[] =>
  properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);

describe('raft', () => {
  it('elects, replicates and commits; each property of the paper has something to judge', () => {
    const run = three
      .fault(event('committed', { index: 3 }), { type: 'crash', nodes: ['A'], restartMs: 500 })
      .until({ time: '2s' })
      .run();
    expect(red(run)).to.deep.equal([]);
    expect(run.heights).to.be.greaterThan(10);
    const held = run.properties.filter(({ verdict }) => verdict === 'held').map(({ name }) => name);
    expect(held).to.include.members([
      'one-vote',
      'election-safety',
      'log-matching',
      'leader-completeness',
      'state-machine-safety',
      'crash-is-pause',
    ]);
  });

  it('runs to the same hash again, and needs a majority to go on', () => {
    const alone = three.partition([['A'], ['B'], ['C']]).until({ time: '1s' });
    expect(alone.run().heights).to.equal(0);
    expect(alone.run().hash).to.equal(alone.run().hash);
  });

  it('comes back from every death of every node, and a node that replies before its flush does not', function () {
    this.timeout(120_000);
    const plan = (exhibit?: string): ReturnType<typeof enumerateCrashpoints> =>
      enumerateCrashpoints(
        crashpointsPlan(three.data, {
          heights: '1-2',
          pending: 2,
          merge: true,
          restartMs: 200,
          ...(exhibit === undefined ? {} : { exhibit, nodes: ['B'] }),
        }),
      );
    const honest = plan();
    expect(honest.cells.length).to.be.greaterThan(200);
    expect(honest.cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
    const broken = plan('raft-replies-before-flush');
    const properties = new Set(broken.cells.flatMap(({ failures }) => failures.map(({ property }) => property)));
    expect([...properties]).to.include('crash-is-pause');
  });

  it('holds under drawn fault plans, which never contain what Raft does not claim to survive', () => {
    for (const { data } of [three, five])
      for (let seed = 1; seed <= 60; seed += 1) {
        const drawn = fuzzCase(data, seed);
        expect(drawn.byzantine).to.deep.equal({});
        const run = runScenario(drawn);
        expect(run.verdict, `${data.name}, seed ${seed}: ${run.complaints.join('; ')}`).to.equal('held');
      }
  });

  it('goes on when refusals come late and twice (found by fuzz: a leader stood still behind one of them)', () => {
    const data: ScenarioData = fuzzCase(three.data, 142);
    for (const seed of [142, 252]) expect(runScenario({ ...fuzzCase(three.data, seed) }).verdict).to.equal('held');
    const weather = data.faults.filter(({ fault }) => fault.type === 'weather');
    const slow = { type: 'weather', link: { delay: [9, 53], duplicate: 0.3, reorder: 0.3 }, forMs: 900 } as const;
    const run = runScenario({ ...three.data, faults: [...weather, { trigger: { timeMs: 220 }, fault: slow }], safetyMs: 1200 });
    expect(run.verdict).to.equal('held');
  });

  it('commits no entry of an old term, wherever its leader dies and whatever happens besides: figure 8 of the paper', async () => {
    const { data } = await loadScenario('scenarios/library/26-raft-counts-only-its-own-term.ts');
    const options = { nodes: ['A'], heights: '3', death: 'kill', sites: ['wal.flush'], pending: 1, merge: true } as const;
    const points = (exhibit?: string): ReturnType<typeof enumerateCrashpoints> =>
      enumerateCrashpoints(crashpointsPlan(data, { ...options, ...(exhibit === undefined ? {} : { exhibit }) }));
    const honest = points();
    expect(honest.cells.length).to.be.at.least(10);
    expect(honest.cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
    const properties = points('raft-commits-old-term').cells.flatMap(({ failures }) => failures.map(({ property }) => property));
    expect([...new Set(properties)]).to.include.members(['leader-completeness', 'state-machine-safety']);
    const around = (exhibit?: string): ReadonlySet<string> =>
      new Set(
        Array.from({ length: 5 }, (_, index) =>
          red(runScenario(drawnCase.around(data, index + 1), exhibit === undefined ? {} : { exhibit })),
        ).flat(),
      );
    expect([...around()]).to.deep.equal([]);
    expect([...around('raft-commits-old-term')]).to.include.members(['leader-completeness', 'state-machine-safety']);
  });

  it('is found broken by drawn fault plans too', () => {
    const caught = (exhibit: string, data: ScenarioData, seeds: number): ReadonlySet<string> => {
      const found = new Set<string>();
      for (let seed = 1; seed <= seeds; seed += 1)
        for (const name of red(runScenario(fuzzCase(data, seed), { exhibit }))) found.add(name);
      return found;
    };
    expect(caught('raft-vote-not-persisted', five.data, 20)).to.include('one-vote');
    expect(caught('raft-stale-append-truncates', three.data, 80)).to.include('state-machine-safety');
    expect(caught('raft-replies-before-flush', three.data, 20)).to.include('crash-is-pause');
  });
});
