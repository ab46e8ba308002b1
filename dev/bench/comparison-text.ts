/** A comparison as text: one line for each row. */
import type { ComparedRow, Comparison } from './compare.ts';

export interface Names {
  readonly here: string;
  readonly there: string;
}

export function comparisonText({ rows, onlyHere, onlyThere }: Comparison, { here, there }: Names): string {
  const heads = ['row', 'unit', there, here, 'ratios', 'median', 'worse'];
  const cells = [heads, ...rows.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const missing = [...onlyHere.map((row) => `only in ${here}: ${row}`), ...onlyThere.map((row) => `only in ${there}: ${row}`)];
  return `${[...lines, ...missing].join('\n')}\n`;
}

function cellsOf({ name, unit, here, there, ratios, median, worse, failed }: ComparedRow): readonly string[] {
  const times = ratios.map((ratio) => ratio.toFixed(3)).join(' ');
  return [
    name,
    unit,
    String(there),
    String(here),
    times,
    median.toFixed(3),
    `${worse} of ${ratios.length}${failed ? ', past the limit' : ''}`,
  ];
}

/** The verdict in one sentence. */
export function verdictText({ rows }: Comparison, limit: number): string {
  const failed = rows.filter((row) => row.failed);
  const of = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  if (failed.length === 0) return `none of ${of} is worse by more than ${limit}\n`;
  const names = failed.map(({ name, unit, median }) => `${name} (${unit}) by ${median.toFixed(3)}`);
  return `${failed.length} of ${of} failed, limit ${limit}: ${names.join('; ')}\n`;
}
