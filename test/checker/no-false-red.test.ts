/** Honest nodes that are slow, far away or far behind are not called broken. */
import { expect } from 'chai';
import { decides, event, runScenario, scenario } from '../../scenarios/index.ts';

const verdicts = (run: ReturnType<typeof runScenario>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    run.properties.map(({ name, verdict, message }) => [name, verdict === 'violated' ? (message ?? '') : verdict]),
  );

describe('no false red', () => {
  for (const delayMs of [300, 1000])
    it(`holds with a delay of ${delayMs} ms on every link and no fault`, () => {
      const { data } = scenario('far apart', { A: 1, B: 1, C: 1, D: 1 }).network({ delay: delayMs }).until({ time: 120_000 });
      const run = runScenario(data);
      expect(run.verdict).to.equal('held');
      expect(verdicts(run)['termination']).to.equal('held');
      expect(run.heights).to.be.greaterThan(0);
    });

  it('holds where clocks drift apart as far as they may', () => {
    const { data } = scenario('drift', { A: 1, B: 1, C: 1, D: 1 })
      .drift('A', 1)
      .drift('B', -0.5)
      .network({ delay: 200 })
      .until({ time: 60_000 });
    expect(runScenario(data).verdict).to.equal('held');
  });

  // Two validators decide as fast as four, and their run costs less.
  for (const [behind, powers] of [
    [300, { A: 1, B: 1, C: 1, D: 1 }],
    [5000, { A: 1, B: 1 }],
  ] as const)
    it(`judges a full node right that starts ${behind} heights late and catches up`, () => {
      const awayMs = behind * 39;
      const whole = awayMs * 1.2 + 5000;
      const late = behind + 100;
      const { data } = scenario('late', powers as Readonly<Record<string, number>>)
        .app({ keepBlocks: 6000 })
        .fullNodes('F')
        .node('F', (f) =>
          f
            .crash()
            .restart({ after: awayMs })
            .waitUntil(event('height.start', { height: late })),
        )
        .expect(decides(late, { within: whole }))
        .until({ time: whole });
      const run = runScenario(data);
      expect(verdicts(run)).to.include({ validity: 'held', certificate: 'held', termination: 'held', 'write-ahead': 'held' });
      expect(run.complaints).to.deep.equal([]);
      // It has caught up: it decides with the others.
      expect(run.world.position('A').height - run.world.position('F').height).to.be.at.most(1);
    }).timeout(120_000);

  it('judges a validator right that is away for a thousand heights', () => {
    const { data } = scenario('away', { A: 1, B: 1, C: 1, D: 1 })
      .node('D', (d) =>
        d
          .waitUntil(event('height.start', { height: 3 }))
          .kill()
          .restart({ after: '40s' })
          .waitUntil(event('height.start', { height: 10 })),
      )
      .expect(decides(10, { within: '60s' }));
    const run = runScenario(data);
    expect(verdicts(run)).to.include({ validity: 'held', certificate: 'held', termination: 'held', 'write-ahead': 'held' });
    expect(run.asExpected).to.equal(true);
  });
});
