/**
 * Compares two versions row by row. Pairs of passes go in; ratios, medians and verdicts come out. A ratio is a factor of cost in every unit: above 1, this version is worse.
 */
import { NoVerdictError } from './errors.ts';
import { median } from './median.ts';

export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** One pass of each version, measured one after the other. */
export interface Pair {
  readonly here: readonly Measurement[];
  readonly there: readonly Measurement[];
}

export interface ComparedRow {
  readonly name: string;
  readonly unit: string;
  /** Median of each version. */
  readonly here: number;
  readonly there: number;
  /** One for each pair. */
  readonly ratios: readonly number[];
  readonly median: number;
  /** Number of pairs with a ratio above 1. */
  readonly worse: number;
  readonly failed: boolean;
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  /** Rows that one version lacks, as `name (unit)`. They never fail. */
  readonly onlyHere: readonly string[];
  readonly onlyThere: readonly string[];
}

/** A row fails when the median of its ratios is above the limit and at least four fifths of its pairs are worse. */
export function compare(pairs: readonly Pair[], limit: number): Comparison {
  const here = columns(pairs.map((pair) => pair.here));
  const there = columns(pairs.map((pair) => pair.there));
  const rows = [...here].flatMap(([key, column]) => {
    const other = there.get(key);
    return other === undefined ? [] : [comparedRow(column, other, limit)];
  });
  return { rows, onlyHere: missing(here, there), onlyThere: missing(there, here) };
}

/** True for units in which more is better: counts per second, and counts per recovery. */
export function moreIsBetter(unit: string): boolean {
  const [word = ''] = unit.split(' ');
  if (word.endsWith('/s') || word.endsWith('/recovery')) return true;
  if (['us', 'ms', 'MB', 'KB'].includes(word)) return false;
  throw new NoVerdictError(
    `unit '${unit}': expected something per second ('/s') or per recovery ('/recovery'), us, ms, MB or KB; add the unit to compare.ts`,
  );
}

interface Column {
  readonly name: string;
  readonly unit: string;
  /** One value for each pass. */
  readonly values: number[];
}

function columns(passes: readonly (readonly Measurement[])[]): ReadonlyMap<string, Column> {
  const found = new Map<string, Column>();
  passes.forEach((pass, index) => {
    for (const { name, unit, value } of pass) {
      const key = JSON.stringify([name, unit]);
      const column = found.get(key) ?? { name, unit, values: [] };
      found.set(key, column);
      if (column.values.length !== index) throw unequalPasses(column);
      column.values.push(value);
    }
  });
  for (const column of found.values()) if (column.values.length !== passes.length) throw unequalPasses(column);
  return found;
}

const unequalPasses = ({ name, unit }: Column): NoVerdictError =>
  new NoVerdictError(`row ${name} (${unit}): expected it once in each pass of a version; some passes lack it or have it twice`);

function comparedRow({ name, unit, values }: Column, other: Column, limit: number): ComparedRow {
  const ratios = values.map((value, index) => {
    const before = other.values[index] ?? Number.NaN;
    const ratio = moreIsBetter(unit) ? before / value : value / before;
    if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY))
      throw new NoVerdictError(`row ${name} (${unit}): expected values above 0, found ${value} and ${before}`);
    return ratio;
  });
  const worse = ratios.filter((ratio) => ratio > 1).length;
  const middle = median(ratios);
  const failed = middle > limit && worse * 5 >= ratios.length * 4;
  return { name, unit, here: median(values), there: median(other.values), ratios, median: middle, worse, failed };
}

function missing(of: ReadonlyMap<string, Column>, from: ReadonlyMap<string, Column>): readonly string[] {
  return [...of].flatMap(([key, { name, unit }]) => (from.has(key) ? [] : [`${name} (${unit})`]));
}
