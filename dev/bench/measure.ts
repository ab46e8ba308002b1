/** Measures the wanted rows of the table and takes medians. */
import { median } from './median.ts';
import type { Figure, Group } from './rows.ts';

export interface MeasuredRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  /** Value over floor. */
  readonly ratio?: number;
  readonly runs: number;
}

export interface Reader {
  /** Is called before the rows of a group are measured. */
  readonly starts: (names: readonly string[], runs: number) => void;
  readonly measured: (row: MeasuredRow) => void;
}

export async function measureRows(groups: readonly Group[], wanted: readonly string[], reader: Reader): Promise<void> {
  for (const { rows, runs } of groups) {
    const chosen = rows
      .filter(({ name }) => wanted.includes(name))
      .map((row) => ({ row, measured: [] as (readonly Figure[])[] }));
    if (chosen.length === 0) continue;
    const names = chosen.map(({ row }) => row.name);
    reader.starts(names, runs);
    for (let run = 0; run < runs; run += 1) for (const { row, measured } of chosen) measured.push(await row.measure());
    for (const { row, measured } of chosen)
      row.units.forEach((unit, index) => {
        const figures = measured.map((figuresOfRun) => figuresOfRun[index]);
        const value = medianOf(figures.map((figure) => figure?.value));
        if (value === undefined) return;
        const floor = medianOf(figures.map((figure) => figure?.floor));
        const beside = floor === undefined ? {} : { floor: rounded(floor), ratio: rounded(value / floor) };
        reader.measured({ name: row.name, value: rounded(value), unit, ...beside, runs });
      });
  }
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : median(known);
}

const rounded = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000);
