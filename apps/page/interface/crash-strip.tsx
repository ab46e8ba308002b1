/** The crash strip: every point at which the node can die at this height, grouped by step, and what each death adds. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { propertyWords } from '../story/goal.ts';
import { runPoint, runStrip } from './runs.ts';
import { nodeName, type StripCell, strip } from './state.ts';

/** The cell that is pointed at. */
const looked = signal<StripCell | undefined>(undefined);

/** Cells of one round and step together, in the order in which the run reaches them. */
export function groupsOf(
  cells: readonly StripCell[],
): readonly { readonly title: string; readonly cells: readonly StripCell[] }[] {
  const groups = new Map<string, StripCell[]>();
  for (const cell of cells) {
    const title = `round ${cell.round}, ${cell.site}`;
    const known = groups.get(title);
    if (known === undefined) groups.set(title, [cell]);
    else known.push(cell);
  }
  return [...groups].map(([title, members]) => ({ title, cells: members }));
}

/** `B@3.0/wal.flush~2:torn` is `2 torn` within its group. */
export function shortName({ name }: StripCell): string {
  const [, nth = '', phase = ''] = /~(\d+)(?::(\w+))?/.exec(name) ?? [];
  return `${nth} ${phase}`.trim();
}

export function Strip(): VNode {
  const { cells, state, note: about } = strip.value;
  const count = (verdict: string): number => cells.filter((cell) => cell.verdict === verdict).length;
  const added = new Map<string, number>();
  for (const { verdict, property } of cells) if (verdict === 'violated') added.set(property, (added.get(property) ?? 0) + 1);
  const cell = looked.value;
  return (
    <section class="panel" aria-label="crash strip">
      <h2>If {nodeName()} had died elsewhere</h2>
      {state === 'no' ? (
        <button type="button" onClick={() => void runStrip()}>
          try every crash point of this height
        </button>
      ) : (
        <>
          <p role="status">
            {about}: {cells.length} points, {count('held')} hold, {count('violated')} break something
            {state === 'running' ? ', still trying' : ''}.
          </p>
          <ul data-quoted>
            {[...added].map(([property, times]) => (
              <li key={property} class="bad">
                {times === 1 ? 'one death adds' : `${times} deaths add`}: {propertyWords(property)} is broken
              </li>
            ))}
          </ul>
        </>
      )}
      {groupsOf(cells.slice(-400)).map((group) => (
        <div key={group.title} class="strip">
          <h3 data-quoted>{group.title}</h3>
          <div class="group">
            {group.cells.map((one) => (
              <button
                key={one.name}
                type="button"
                class={one.verdict}
                title={`${one.name}: ${one.message === '' ? one.verdict : one.message}`}
                aria-label={`${one.name} ${one.verdict}`}
                data-quoted
                onFocus={() => (looked.value = one)}
                onMouseEnter={() => (looked.value = one)}
                onClick={() => void runPoint(one)}
              >
                {one.verdict === 'violated' ? '✕' : one.verdict === 'held' ? '·' : '?'} {shortName(one)}
              </button>
            ))}
          </div>
        </div>
      ))}
      {cells.length === 0 ? null : (
        <p class="small looked" data-quoted>
          {cell === undefined
            ? 'Point at a cell to read its name, choose it to see its run.'
            : `${cell.name}: ${cell.message === '' ? cell.verdict : cell.message}`}
        </p>
      )}
    </section>
  );
}
