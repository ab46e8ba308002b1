/** Drawn environments: every kind comes up, the bound holds in every set, and a token names one. */
import { expect } from 'chai';
import { environmentKinds } from '../../../campaigns/fuzzing/environment-kinds.ts';
import { drawnCase, fuzz, mergeFuzz, nothingRun, replay } from '../../../campaigns/index.ts';
import { runScenario, type ScenarioData, scenario, scenarioHash } from '../../../scenarios/index.ts';
import { setsOf } from '../../../scenarios/protocols.ts';
import { formatToken } from '../../../scenarios/token.ts';
import { formatScenario, parseScenario } from '../../../scenarios/yaml.ts';

const four = scenario('four validators', { A: 1, B: 1, C: 1, D: 1 });
const drawn = Array.from({ length: 400 }, (_, seed) => drawnCase.environments(four.data, seed));

/** The power of some nodes in each set, in thirds of all. */
function shares(data: ScenarioData, names: readonly string[]): readonly number[] {
  return setsOf(data).map(({ powers }) => {
    const sum = (nodes: Iterable<string>): number => [...nodes].reduce((total, name) => total + (powers.get(name) ?? 0), 0);
    return (3 * sum(names)) / sum(powers.keys());
  });
}

describe('drawn environments', () => {
  it('come in every kind, each in at least one run of a hundred', () => {
    const counts = new Map<string, number>();
    for (const data of drawn) for (const kind of environmentKinds(data)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect([...counts.keys()]).to.have.lengthOf(35);
    for (const [kind, count] of counts) expect(count, kind).to.be.at.least(4);
  });

  it('keep liars below a third in every set, and a quorum up in every set', () => {
    for (const data of drawn) {
      for (const share of shares(data, Object.keys(data.byzantine))) expect(share).to.be.below(1);
      const gone = data.faults.flatMap(({ fault }) =>
        fault.type === 'kill' && fault.restartMs === undefined ? fault.nodes : [],
      );
      for (const share of shares(data, gone)) expect(share).to.be.below(1);
    }
  });

  it('are scenarios that the language can write down and read again', () => {
    for (const data of drawn.slice(0, 60)) {
      const read = parseScenario(formatScenario(data), `seed ${data.seed}`);
      expect(scenarioHash(read), `seed ${data.seed}`).to.equal(scenarioHash(data));
    }
  });

  it('are named by a token that finds them again', () => {
    const seed = 7;
    const token = formatToken({
      scenario: scenarioHash(four.data),
      seed,
      variant: undefined,
      exhibit: undefined,
      what: 'environments',
    });
    expect(replay({ scenario: four, token }).hash).to.equal(runScenario(drawnCase.environments(four.data, seed)).hash);
  });

  it('are counted, with the runs that owed progress and what was undecided', () => {
    const report = fuzz(four, { runs: 12, seed: 1, mode: 'environments' });
    expect(report).to.deep.include({ failures: [], undecided: [], reasons: {} });
    expect(report.owing).to.be.at.least(6);
    expect(report.tenHeights).to.be.at.least(report.owing - 1);
    expect(Object.keys(report.environments)).to.have.lengthOf.at.least(5);
    const twice = mergeFuzz(report, { ...nothingRun, undecided: ['t1.3'], reasons: { 'given up at a standstill': 1 } });
    expect(twice.reasons).to.deep.equal({ 'given up at a standstill': 1 });
  });

  it('reach what locks need: a lock that moves, and a newer polka that a locked node votes for', () => {
    const { marks } = fuzz(four, { runs: 20, seed: 1, mode: 'environments' });
    expect(marks['tendermint.locked-again']).to.be.at.least(2);
    expect(marks['tendermint.unlocked']).to.be.at.least(2);
  });
});
