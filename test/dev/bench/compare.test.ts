/** Comparing the benches of two versions: directions of units, the rule by which a row fails, and rows that one version lacks. */
import { expect } from 'chai';
import { type ComparedRow, compare, type Measurement, type Pair } from '../../../dev/bench/compare.ts';
import { comparisonText, verdictText } from '../../../dev/bench/comparison-text.ts';
import { groups } from '../../../dev/bench/rows.ts';

const row = (value: number, unit = 'ms', name = 'fuzz'): Measurement => ({ name, unit, value });

/** Pairs of one row: this version's values beside the other's. */
const pairsOf = (here: readonly number[], there: readonly number[], unit = 'ms'): readonly Pair[] =>
  here.map((value, index) => ({ here: [row(value, unit)], there: [row(there[index] ?? Number.NaN, unit)] }));

const same = [100, 100, 100, 100, 100];

function only(pairs: readonly Pair[], limit = 1.1): ComparedRow {
  const { rows } = compare(pairs, limit);
  expect(rows).to.have.length(1);
  return rows[0] as ComparedRow;
}

describe('a ratio of two versions', () => {
  for (const unit of ['us', 'ms', 'ms to the smallest', 'MB after 10000 heights', 'KB of engine, compressed'])
    it(`is above 1 when this version has more ${unit}`, () => {
      const { ratios, median, worse, failed } = only(pairsOf([150, 150, 150, 150, 150], same, unit));
      expect({ ratios, median, worse, failed }).to.deep.equal({
        ratios: Array(5).fill(1.5),
        median: 1.5,
        worse: 5,
        failed: true,
      });
    });

  for (const unit of ['heights/s', 'inputs/s', 'MB/s', 'runs/s on one core'])
    it(`is above 1 when this version has fewer ${unit}`, () => {
      const { ratios, worse, failed } = only(pairsOf([50, 50, 50, 50, 50], same, unit));
      expect({ ratios, worse, failed }).to.deep.equal({ ratios: Array(5).fill(2), worse: 5, failed: true });
      expect(only(pairsOf([150, 150, 150, 150, 150], same, unit))).to.include({ worse: 0, failed: false });
    });

  it('is refused in a unit without a direction', () => {
    expect(() => compare(pairsOf(same, same, 'furlongs'), 1.1)).to.throw("unit 'furlongs': expected something per second");
  });

  it('is refused of values that are not above 0', () => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      for (const unit of ['ms', 'runs/s']) {
        expect(() => compare(pairsOf([value, 1, 1, 1, 1], same, unit), 1.1)).to.throw('expected values above 0');
        expect(() => compare(pairsOf(same, [value, 1, 1, 1, 1], unit), 1.1)).to.throw('expected values above 0');
      }
  });

  it('has a direction in every unit of the table', () => {
    const units = groups.flatMap(({ rows }) => rows.flatMap((of) => of.units));
    expect(units).to.include.members(['heights/s', 'us', 'KB of engine, compressed']);
    const measured = [...new Set(units)].map((unit) => row(1, unit));
    expect(compare([{ here: measured, there: measured }], 1.1).rows).to.have.length(measured.length);
  });
});

describe('a row', () => {
  const failed = (here: readonly number[], limit = 1.1): boolean => only(pairsOf(here, same), limit).failed;

  it('fails when the median is past the limit and four of five pairs are worse', () => {
    expect(failed([120, 120, 120, 101, 80])).to.equal(true);
    expect(failed([120, 120, 120, 120, 80])).to.equal(true);
  });

  it('holds when three of five pairs are worse, however much', () => {
    expect(failed([900, 900, 900, 100, 99])).to.equal(false);
  });

  it('holds when all pairs are worse and the median is within the limit', () => {
    expect(failed([101, 105, 110, 300, 300])).to.equal(false);
    expect(failed([101, 105, 110, 300, 300], 1.05)).to.equal(true);
  });

  it('does not count a pair of equal values as worse', () => {
    expect(only(pairsOf([100, 100, 120, 120, 120], same))).to.include({ worse: 3, failed: false });
  });

  it('is compared pair by pair: a slow minute that falls on both versions is no difference', () => {
    expect(only(pairsOf([100, 200, 400, 200, 100], [100, 200, 400, 200, 100]))).to.include({ median: 1, worse: 0 });
  });
});

describe('rows that one version lacks', () => {
  const here = [row(1), row(2, 'runs/s'), row(3, 'us', 'append')];
  const there = [row(1), row(2, 'runs per second'), row(4, 'ms', 'append')];

  it('are named with their units and do not fail', () => {
    const { rows, onlyHere, onlyThere } = compare(
      same.map(() => ({ here, there })),
      1.1,
    );
    expect(rows.map(({ name, unit }) => [name, unit])).to.deep.equal([['fuzz', 'ms']]);
    expect(onlyHere).to.deep.equal(['fuzz (runs/s)', 'append (us)']);
    expect(onlyThere).to.deep.equal(['fuzz (runs per second)', 'append (ms)']);
  });

  it('are an error when only some passes of a version have them', () => {
    const first = { here, there: here };
    const lacking = { here: [row(1)], there: here };
    const twice = { here: [...here, row(1)], there: here };
    for (const pairs of [[first, lacking], [lacking, first], [twice]])
      expect(() => compare(pairs, 1.1)).to.throw('expected it once in each pass of a version');
  });
});

describe('a comparison as text', () => {
  const comparison = compare(
    same.map(() => ({ here: [row(12), row(5, 'us', 'append'), row(1, 'ms', 'new')], there: [row(10), row(5, 'us', 'append')] })),
    1.1,
  );

  it('has a line for each row with its ratios, and names the missing ones', () => {
    expect(comparisonText(comparison, { here: 'this version', there: '193e71f' }).split('\n')).to.deep.equal([
      'row     unit  193e71f  this version  ratios                         median  worse',
      'fuzz    ms    10       12            1.200 1.200 1.200 1.200 1.200  1.200   5 of 5, past the limit',
      'append  us    5        5             1.000 1.000 1.000 1.000 1.000  1.000   0 of 5',
      'only in this version: new (ms)',
      '',
    ]);
  });

  it('ends with the verdict', () => {
    expect(verdictText(comparison, 1.1)).to.equal('1 of 2 rows failed, limit 1.1: fuzz (ms) by 1.200\n');
    expect(verdictText(compare(pairsOf(same, same), 1.1), 1.1)).to.equal('none of 1 row is worse by more than 1.1\n');
  });
});
