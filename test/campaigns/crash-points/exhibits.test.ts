import { join } from 'node:path';
import { expect } from 'chai';
import { pointText } from '../../../actors/scheduler/index.ts';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { type CrashpointsOptions, crashpointsPlan } from '../../../campaigns/crash-points/from-scenario.ts';
import { type CrashpointsResult, crashpoints, enumerateCrashpoints } from '../../../campaigns/index.ts';
import { type ExhibitName, exhibits } from '../../../museum/index.ts';
import { event, type ScenarioData, scenario } from '../../../scenarios/index.ts';

const { data } = scenario('crash anywhere', { A: 1, B: 1, C: 1, D: 1 });
const violated = (exhibit: string | undefined, heights: string, sites?: readonly string[]): ReadonlySet<string> => {
  const only = sites === undefined ? {} : { sites };
  const plan = crashpointsPlan(data, {
    ...only,
    nodes: ['B'],
    heights,
    pending: 2,
    merge: true,
    ...(exhibit === undefined ? {} : { exhibit }),
  });
  const { cells } = enumerateCrashpoints(plan);
  expect(cells.length).to.be.greaterThan(10);
  return new Set(cells.flatMap(({ failures }) => failures.map(({ property }) => property)));
};

describe('crash points of one height', () => {
  it('are all green for the honest node', () => {
    expect([...violated(undefined, '2')]).to.deep.equal([]);
  });

  it('are all green with strict attestation, the slots among them', () => {
    const strict = scenario('strict', { A: 1, B: 1, C: 1, D: 1 }).wal({ attest: 'strict' });
    const sites = ['wal.attest', 'wal.flush', 'publish'];
    const { cells } = enumerateCrashpoints(
      crashpointsPlan(strict.data, { nodes: ['B'], heights: '2', sites, pending: 2, merge: true }),
    );
    expect(cells.filter(({ point }) => point.site === 'wal.attest')).to.have.length.greaterThan(3);
    expect(cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
  });

  it('leave out the deaths that the scenario itself has in store for the victim, in scripts and in fault plans', async () => {
    const rolling = await loadScenario('scenarios/library/17-a-rolling-restart.ts');
    const plan = crashpointsPlan(rolling.data, { nodes: ['B'], heights: '1', sites: ['publish'], pending: 1, merge: true });
    const { cells } = enumerateCrashpoints(plan);
    expect(cells.length).to.be.greaterThan(3);
    expect(cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
  });

  /** With and without merging: verdicts and failures of each point, and how many images there were. */
  const bothWays = (of: ScenarioData, options: Partial<CrashpointsOptions>): readonly CrashpointsResult[] => {
    const results = [true, false].map((merge) =>
      enumerateCrashpoints(crashpointsPlan(of, { nodes: ['B'], heights: '2', pending: 1, merge, ...options })),
    );
    const [merged, single] = results.map(({ cells, images }) => ({
      images,
      verdicts: cells.map(({ point, phase, verdict, failures }) => [
        pointText(point, phase),
        verdict,
        failures.map(({ property, death }) => `${property} ${death.image}`),
      ]),
    }));
    expect(merged).to.deep.equal(single);
    return results;
  };

  // These two read, or go on in, what a merged boot must not look at; the next ones differ in what monitors remember.
  const apart = ['life-reused', 'crc-unchecked', 'timeouts-unlogged', 'duplicates-logged'];
  for (const exhibit of [undefined, 'no-fsync', ...apart])
    it(`give the same verdict with and without merging (${exhibit ?? 'the honest node'})`, () => {
      const [merged, single] = bothWays(data, {
        death: 'power',
        sites: ['wal.flush', 'publish'],
        ...(exhibit === undefined ? {} : { exhibit }),
      });
      expect(single?.states.length).to.equal(single?.images);
      expect(merged?.states.length).to.be.lessThan(single?.states.length ?? 0);
    });

  // At once after some of the deaths, while all that died wait together, and when some have come back.
  for (const time of ['78ms', '200ms', '400ms'] as const)
    it(`share no time down in which a disk was hurt (${time})`, () => {
      const fault = { type: 'bit-flip', node: 'B', frame: 'last', keepCorrect: true } as const;
      const hurt = scenario('hurt while down', { A: 1, B: 1, C: 1, D: 1 }).fault({ time }, fault);
      const [merged] = bothWays(hurt.data, { sites: ['publish', 'wal.flush'], death: 'kill', restartMs: 350 });
      const verdicts = new Set(merged?.cells.map(({ verdict }) => verdict));
      // The flip alone takes B down too, and then breaks the same property without any further death.
      if (merged?.withoutDeath.length !== 0) verdicts.add('violated');
      expect([...verdicts].sort()).to.deep.equal(['held', 'violated']);
    });

  // Each breaks write-ahead without any death; what the deaths add is counted by itself.
  for (const [name, added] of [
    ['no-fsync', 'replay-equivalence'],
    ['broadcast-before-flush', 'crash-is-pause'],
  ] as const) {
    it(`report what ${name} breaks without any death once, and count only what each death adds`, () => {
      const { withoutDeath, cells } = crashpoints(data, {
        nodes: ['B'],
        heights: '2',
        sites: ['publish', 'wal.flush'],
        exhibit: name,
      });
      expect(withoutDeath.map(({ property }) => property)).to.deep.equal(['write-ahead']);
      const found = new Set(cells.flatMap(({ failures }) => failures.map(({ property }) => property)));
      expect(found).to.include(added);
      expect(found).to.not.include('write-ahead');
    });
  }

  it('are not red for what another node breaks without them', () => {
    const { cells, withoutDeath } = crashpoints(data, { nodes: ['B'], heights: '1', exhibit: 'no-fsync', sites: ['wal.append'] });
    expect(withoutDeath).to.have.length(1);
    expect(cells.filter(({ verdict }) => verdict === 'held').length).to.be.greaterThan(0);
  });
});

describe('frame numbers that are used again after a torn tail', () => {
  it('are not taken for those of the life before', () => {
    const run = scenario('twice at height 3', { A: 1, B: 1, C: 1, D: 1 })
      .seed(424)
      .node('B', (b) =>
        b
          .waitUntil(event('height.start', { height: 3 }))
          .crash({ torn: 'wal.flush', image: 'none' })
          .restart({ after: '900ms' })
          .kill({ before: 'timer.set', nth: 2 })
          .restart({ after: '900ms' }),
      )
      .run();
    expect(run.deaths).to.have.length(2);
    expect(run.properties.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
  });
});

describe('a life that goes on in the old file, behind a torn tail', () => {
  const story = (exhibit?: ExhibitName) =>
    scenario('life reused', { A: 1, B: 1, C: 1, D: 1 })
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }))
          .crash({ torn: 'wal.flush', image: { cut: 300 } })
          .restart({ after: '300ms' })
          .waitUntil(event('publish', { type: 'prevote', height: 3 }))
          .crash()
          .restart({ after: '300ms' }),
      )
      .variants({ name: 'x', ...(exhibit === undefined ? {} : { break: exhibit }) })
      .run();
  const red = (run: ReturnType<typeof story>) =>
    run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);

  it('is red by what life-reused names, and green when each life has its own file', () => {
    expect(red(story())).to.deep.equal([]);
    expect(red(story('life-reused'))).to.deep.equal(exhibits.find(({ name }) => name === 'life-reused')?.expected);
  });
});

describe('a life that goes on in the old file, behind a kill', () => {
  it('may send nothing before the page cache that it found is durable', () => {
    const options = { nodes: ['B'], heights: '1', sites: ['wal.flush'], death: 'kill', pending: 1, merge: true } as const;
    const [cell] = enumerateCrashpoints(crashpointsPlan(data, { ...options, exhibit: 'life-reused' })).cells;
    expect(cell?.failures.map(({ property }) => property)).to.include('write-ahead');
  });
});

describe('the museum', () => {
  const cases: readonly (readonly [exhibit: ExhibitName, file: string])[] = [
    ['no-wal', '01-the-lesson-of-the-log.ts'],
    ['no-fsync', '01-the-lesson-of-the-log.ts'],
    ['broadcast-before-flush', '01-the-lesson-of-the-log.ts'],
    ['timeouts-unlogged', '01-the-lesson-of-the-log.ts'],
    ['certificates-unlogged', '16-a-prevote-forgotten-with-its-certificate.ts'],
    ['corruption-cut-as-torn', '08-damage-in-the-middle.ts'],
  ];
  for (const [name, file] of cases) {
    it(`shows ${name} red in ${file}`, async () => {
      const { runScenario } = await import('../../../scenarios/index.ts');
      const { data: story } = await loadScenario(join(import.meta.dirname, '../../../scenarios/library', file));
      const run = runScenario({ ...story, variants: [{ name, break: name }] });
      const red = run.properties.filter(({ verdict }) => verdict === 'violated').map((property) => property.name);
      expect(red).to.include.members([...(exhibits.find((exhibit) => exhibit.name === name)?.expected ?? ['?'])]);
    });
  }
});
