/** `lazurite/fast-check`: honest nodes hold under every drawn plan; a counterexample is shrunk and prints as a scenario that fails. */
import { expect } from 'chai';
import fc from 'fast-check';
import { runScenario, type Scenario, scenario } from '../../scenarios/index.ts';
import { scenarios } from '../../testing/fast-check.ts';

const four = scenario('four validators', { A: 1, B: 1, C: 1, D: 1 });
const broken = (made: Scenario, exhibit?: string): readonly string[] =>
  runScenario(made.data, exhibit === undefined ? {} : { exhibit })
    .properties.filter(({ verdict }) => verdict === 'violated')
    .map(({ name }) => name);

describe('arbitraries for fast-check', function () {
  this.timeout(120_000);

  it('draw plans that honest nodes survive', () => {
    fc.assert(
      fc.property(scenarios(four), (made) => {
        const run = runScenario(made.data);
        expect(run.verdict, run.complaints.join('; ')).to.equal('held');
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('shrink a counterexample to few faults, and print it as a scenario file', () => {
    const { failed, counterexample } = fc.check(
      fc.property(scenarios(four), (made) => !broken(made, 'no-fsync').includes('write-ahead')),
      { numRuns: 100, seed: 7 },
    );
    expect(failed).to.equal(true);
    const [made] = counterexample ?? [];
    expect(made?.data.faults.length).to.be.at.most(2);
    const text = fc.stringify(made);
    expect(text).to.match(/^\nimport \{ scenario \} from 'lazurite';/);
    expect(text).to.contain(`.seed(${made?.data.seed})`);
    expect(broken(made as Scenario, 'no-fsync')).to.include('write-ahead');
  });
});
