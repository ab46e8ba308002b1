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
    const chosen = rows.filter(({ name }) => wanted.includes(name));
    if (chosen.length === 0) continue;
    const names = chosen.map(({ name }) => name);
    reader.starts(names, runs);
    const figures = new Map<string, Figure[]>(names.map((name) => [name, []]));
    for (let run = 0; run < runs; run += 1) for (const { name, measure } of chosen) figures.get(name)?.push(...(await measure()));
    for (const [name, all] of figures) for (const row of summed(name, all)) reader.measured({ ...row, runs });
  }
}

/** One row for each unit, in the order in which the units were first measured. */
function summed(name: string, figures: readonly Figure[]): readonly Omit<MeasuredRow, 'runs'>[] {
  return [...new Set(figures.map(({ unit }) => unit))].map((unit) => {
    const same = figures.filter((figure) => figure.unit === unit);
    const value = median(same.map((figure) => figure.value));
    const floors = same.flatMap(({ floor }) => (floor === undefined ? [] : [floor]));
    if (floors.length === 0) return { name, value: rounded(value), unit };
    const floor = median(floors);
    return { name, value: rounded(value), unit, floor: rounded(floor), ratio: rounded(value / floor) };
  });
}

const rounded = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000);
