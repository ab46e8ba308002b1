/** Shrinking, with sets of numbers for cases: a smaller case lacks one number, or a half of them. */
import { expect } from 'chai';
import fc from 'fast-check';
import { shrink } from '../../../campaigns/index.ts';

type Numbers = readonly number[];

/** Halves first, then all but one. */
function* smaller(from: Numbers): Generator<Numbers> {
  const half = from.length >> 1;
  if (half > 0) yield* [from.slice(0, half), from.slice(half)];
  for (let index = 0; index < from.length; index += 1) yield from.filter((_, other) => other !== index);
}

const holds =
  (needed: Numbers) =>
  (candidate: Numbers): boolean =>
    needed.every((one) => candidate.includes(one));

const patient = 10_000;
const options = { seed: 7, numRuns: 200 };
const numbers = fc.uniqueArray(fc.nat({ max: 30 }), { minLength: 1, maxLength: 12 });

describe('shrinking', () => {
  it('finds exactly what the failure needs', () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 12 }), (all, count) => {
        const needed = all.slice(0, count);
        const { smallest, isMinimal } = shrink(all, smaller, holds(needed), patient);
        expect([...smallest]).to.have.members(needed);
        expect(isMinimal).to.equal(true);
      }),
      options,
    );
  });

  it('ends at a case of which no smaller one fails, whatever fails', () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 6 }), fc.nat({ max: 40 }), (all, size, sum) => {
        // Not monotone: a case may fail where a larger one does not.
        const fails = (one: Numbers): boolean => one.length >= size && one.reduce((a, b) => a + b, 0) % 7 <= sum % 7;
        const { smallest, isMinimal } = shrink(all, smaller, fails, patient);
        expect(isMinimal).to.equal(true);
        expect([...smaller(smallest)].filter(fails)).to.deep.equal([]);
        expect(smallest === all || fails(smallest)).to.equal(true);
      }),
      options,
    );
  });

  it('runs candidates in their turn, takes the first that fails, and begins again from it', () => {
    const tried: string[] = [];
    const fails = (one: Numbers): boolean => {
      tried.push(one.join(''));
      return one.includes(3) && one.length >= 2;
    };
    const { smallest, tries, isMinimal } = shrink([1, 2, 3, 4], smaller, fails, patient);
    expect(tried).to.deep.equal(['12', '34', '3', '4', '4', '3']);
    expect(smallest).to.deep.equal([3, 4]);
    expect(tries).to.equal(tried.length);
    expect(isMinimal).to.equal(true);
  });

  it('runs no more cases than it may, and then does not call the smallest minimal', () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 30 }), (all, maxTries) => {
        let runs = 0;
        const fails = (one: Numbers): boolean => {
          runs += 1;
          return holds(all.slice(0, 1))(one);
        };
        const limited = shrink(all, smaller, fails, maxTries);
        expect(limited.tries).to.equal(runs);
        expect(runs).to.be.at.most(maxTries);
        const whole = shrink(all, smaller, holds(all.slice(0, 1)), patient);
        expect(limited.isMinimal).to.equal(whole.tries <= maxTries);
        if (limited.isMinimal) expect(limited.smallest).to.deep.equal(whole.smallest);
        // What it gives up with fails all the same.
        expect(limited.smallest).to.include(all[0]);
      }),
      options,
    );
  });

  it('takes the last try that it has', () => {
    const fails = (one: Numbers): boolean => one.length === 1;
    expect(shrink([1, 2], smaller, fails, 1)).to.deep.equal({ smallest: [1], tries: 1, isMinimal: false });
    expect(shrink([1, 2], smaller, fails, 0)).to.deep.equal({ smallest: [1, 2], tries: 0, isMinimal: false });
    expect(shrink([1, 2], smaller, () => false, 4)).to.deep.equal({ smallest: [1, 2], tries: 4, isMinimal: true });
  });

  it('returns the case itself when there is no smaller one, without running it', () => {
    const given: Numbers = [];
    const { smallest, tries, isMinimal } = shrink(
      given,
      smaller,
      () => {
        throw new Error('it is known to fail');
      },
      patient,
    );
    expect(smallest).to.equal(given);
    expect({ tries, isMinimal }).to.deep.equal({ tries: 0, isMinimal: true });
  });

  it('asks for smaller cases only as far as it needs them', () => {
    let made = 0;
    function* counted(from: Numbers): Generator<Numbers> {
      for (const candidate of smaller(from)) {
        made += 1;
        yield candidate;
      }
    }
    shrink([1, 2, 3, 4], counted, ({ length }) => length === 2, patient);
    // The first half fails; each of its four smaller ones does not.
    expect(made).to.equal(5);
  });
});
