/**
 * A table from heights (0, 1, 2, ...) to values, as plain and immutable data. It consists of pages, and a change copies one page. Pages of low heights
 * can be dropped.
 */
export interface HeightTable<Value> {
  /** The number of the first page. */
  readonly first: number;
  readonly pages: readonly (readonly (Value | undefined)[])[];
}

const pageHeights = 16;
const noPage: readonly undefined[] = Array.from({ length: pageHeights }, () => undefined);

export const emptyTable: HeightTable<never> = { first: 0, pages: [] };

export function heightEntry<Value>({ first, pages }: HeightTable<Value>, height: number): Value | undefined {
  return pages[Math.floor(height / pageHeights) - first]?.[height % pageHeights];
}

/** The table with this entry; the same object if it has the entry already. */
export function withHeight<Value>(table: HeightTable<Value>, height: number, value: Value): HeightTable<Value> {
  const number = Math.floor(height / pageHeights);
  const first = table.pages.length === 0 ? number : Math.min(number, table.first);
  const pages: (readonly (Value | undefined)[])[] = [];
  for (let missing = first; missing < table.first && table.pages.length > 0; missing += 1) pages.push(noPage);
  for (const page of table.pages) pages.push(page);
  while (pages.length <= number - first) pages.push(noPage);
  const before = pages[number - first] as readonly (Value | undefined)[];
  if (before[height % pageHeights] === value) return table;
  const page = before.slice();
  page[height % pageHeights] = value;
  pages[number - first] = page;
  return { first, pages };
}

/** The table without the pages that contain only heights below `lowest`. */
export function fromHeight<Value>(table: HeightTable<Value>, lowest: number): HeightTable<Value> {
  const number = Math.floor(lowest / pageHeights);
  if (number <= table.first || table.pages.length === 0) return table;
  return { first: number, pages: table.pages.slice(number - table.first) };
}
