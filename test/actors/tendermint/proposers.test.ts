/** The proposer: by power as CometBFT does it, with one number for each validator, and in turn if powers are equal. */
import { expect } from 'chai';
import { proposerOf, totalPowerMax, type ValidatorPower, validatorSet } from '../../../actors/tendermint/index.ts';
import { ScenarioError, scenario } from '../../../scenarios/index.ts';
import { refuseMistakes } from '../../../scenarios/validate.ts';

const weighted = { rule: 'weighted', table: {} } as const;

function inTurn(powers: Readonly<Record<string, number>>, heights: number): string {
  const validators = Object.entries(powers);
  return Array.from({ length: heights }, (_, index) => proposerOf(weighted, { validators }, index + 1, 0)).join('');
}

/** The rule of CometBFT with exact numbers of any size: all grow by their power, the highest pays the sum. */
function reference(validators: readonly ValidatorPower[], turns: number): readonly string[] {
  const priorities = validators.map(() => 0n);
  const total = validators.reduce((sum, [, power]) => sum + BigInt(power), 0n);
  return Array.from({ length: turns }, () => {
    let best = 0;
    for (const [index, [, power]] of validators.entries()) {
      priorities[index] = (priorities[index] as bigint) + BigInt(power);
      if ((priorities[index] as bigint) > (priorities[best] as bigint)) best = index;
    }
    priorities[best] = (priorities[best] as bigint) - total;
    return validators[best]?.[0] ?? '';
  });
}

describe('the proposer of a height and round', () => {
  it('comes as often as its power says, spread evenly', () => {
    expect(inTurn({ A: 10, B: 10, C: 40 }, 12)).to.equal('CACBCCCACBCC');
    expect(inTurn({ A: 1, B: 2 }, 6)).to.equal('BABBAB');
  });

  it('is the next one in turn where powers are equal, however large they are', () => {
    for (const power of [1, 7, 100_000_000, 750_599_937_895_082])
      expect(inTurn({ A: power, B: power, C: power, D: power }, 9)).to.equal('ABCDABCDA');
  });

  it('is the same as with exact numbers of any size, for powers of real chains', () => {
    const powers: readonly (readonly [string, number])[] = [
      ['A', 23_456_789_012_345],
      ['B', 98_765_432_109_871],
      ['C', 1],
      ['D', totalPowerMax - 23_456_789_012_345 - 98_765_432_109_871 - 1],
    ];
    const expected = reference(powers, 3000);
    for (const [turn, name] of expected.entries())
      expect(proposerOf(weighted, { validators: powers }, turn + 1, 0)).to.equal(name);
    for (const turn of [2999, 17, 0, 2500])
      expect(proposerOf(weighted, { validators: powers }, 1, turn)).to.equal(expected[turn]);
  });

  it('is counted from the last change of the set', () => {
    const rule = { ...weighted, changes: [1, 5] };
    const validators = [
      ['A', 1],
      ['B', 2],
    ] as const;
    expect([5, 6, 7].map((height) => proposerOf(rule, { validators }, height, 0)).join('')).to.equal('BAB');
    expect(proposerOf(rule, { validators }, 6, 1)).to.equal('B');
  });

  it('of a round that no honest node comes to is known at once', () => {
    const validators = [
      ['A', 1_000_003],
      ['B', 999_983_000_017],
    ] as const;
    const start = performance.now();
    for (let round = 2 ** 31; round < 2 ** 31 + 1000; round += 1) proposerOf(weighted, { validators }, 1, round);
    for (let time = 0; time < 1000; time += 1) proposerOf(weighted, { validators }, 1, time % 2 === 0 ? 4096 : 0);
    expect(performance.now() - start).to.be.lessThan(2000);
  });
});

describe('voting powers', () => {
  it('are refused where their sums would not be exact, in a scenario and in a set', () => {
    const { data } = scenario('x', { A: totalPowerMax, B: 1 });
    expect(() => refuseMistakes(data)).to.throw(
      ScenarioError,
      /validators: the voting powers add up to 3002399751580331; at most 3002399751580330/,
    );
    expect(() =>
      validatorSet([
        ['A', totalPowerMax],
        ['B', 1],
      ]),
    ).to.throw(RangeError, /give at most 3002399751580330 together/);
    expect(() => refuseMistakes(scenario('x', { A: totalPowerMax - 1, B: 1 }).data)).to.not.throw();
  });

  it('of a real chain run in the time of small ones', () => {
    const run = scenario('x', { A: 100_000_000, B: 250_000_001, C: 99_999_999, D: 100_000_000 }).run();
    expect(run.verdict).to.equal('held');
  }).timeout(30_000);
});
