/** Finds the rows of the recovery tables (wal/recovery-table.ts) that a run came to. It reads codes in events, and not the words of a reason. */
import type { RunEvent } from '../../core/events.ts';
import { runScenario, type ScenarioData } from '../../scenarios/index.ts';

/** The row that a stop with this code comes from. */
const rowOfCode: Readonly<Record<string, string>> = {
  GONE: 'gone',
  NOT_INITIALIZED: 'gone',
  FOREIGN: 'foreign',
  CORRUPT: 'corrupt',
};

/** The rows that the honest node comes to in this scenario. */
export function rowsIn(data: ScenarioData): readonly string[] {
  const { world, marks } = runScenario(data, { record: true });
  const found = [
    ...(marks['wal.torn-tail-cut'] === undefined ? [] : ['torn']),
    ...(marks['wal.unborn-removed'] === undefined ? [] : ['unborn']),
  ];
  return [...found, ...rowsOf(world.trace.events(), found.includes('torn'))];
}

/** The rows that these events show. A file that was not cut is `clean`. */
export function rowsOf(events: Iterable<RunEvent>, isTorn: boolean): readonly string[] {
  const rows: string[] = [];
  for (const event of events) {
    if (event.life > 0 && event.type === 'effect' && event.effect.type === 'observe' && event.effect.event === 'recovered')
      rows.push(String(event.effect.detail['row']), ...(isTorn ? [] : ['clean']));
    const row = event.type === 'stopped' ? rowOfCode[event.code ?? ''] : undefined;
    if (row !== undefined) rows.push(row);
  }
  return rows;
}
