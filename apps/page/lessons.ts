/** The lessons that ship, made ready: run, and each stop found in its run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { matches, momentOf, type NamedMoment, runScenario } from '../../scenarios/index.ts';
import { type Lesson, parseLesson } from './lesson.ts';
import type { PageRecord } from './record/page-record.ts';
import { recordOf } from './record/record-run.ts';

/** Beside this file in the sources, two above in `dist`. */
function folder(): string {
  const found = ['./lessons', '../../../apps/page/lessons'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return found.find(existsSync) ?? './lessons';
}

export function lessonsThatShip(): readonly Lesson[] {
  const names = readdirSync(folder()).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => parseLesson(readFileSync(join(folder(), name), 'utf8'), `apps/page/lessons/${name}`));
}

export interface ReadyLesson {
  /** Its stops have rows; -1: never reached. */
  readonly lesson: Lesson;
  readonly records: readonly PageRecord[];
}

/** Runs every variant that the lesson speaks of. */
export function ready(lesson: Lesson): ReadyLesson {
  const { data } = lesson;
  const named = data.variants.map(({ name }) => name);
  const records = (named.length === 0 ? [null] : named).map((variant) => {
    const made = recordOf(data, variant === null ? {} : { variant });
    return { ...made, data };
  });
  const reached = new Map<PageRecord, number>();
  const moments = new Map<PageRecord, readonly Placed[]>();
  const stops = lesson.stops.map((stop) => {
    const record =
      records.find(({ variant }) => variant === (stop.at.variant ?? lesson.switch.variants[0] ?? null)) ?? records[0];
    if (record === undefined) return stop;
    const named = moments.get(record) ?? momentsOf(record);
    moments.set(record, named);
    const row = rowOf(named, stop.at, reached.get(record) ?? 0);
    reached.set(record, row);
    return { ...stop, row };
  });
  return { lesson: { ...lesson, stops }, records };
}

interface Placed {
  readonly moment: NamedMoment;
  readonly row: number;
}

/** All moments of a record's run, each with its row. */
function momentsOf({ data, variant, rows }: PageRecord): readonly Placed[] {
  const { world } = runScenario(data, { record: true, ...(variant === null ? {} : { variant }) });
  let row = 0;
  const placed: Placed[] = [];
  for (const event of world.trace.events()) {
    while (row < rows.length - 1 && (rows[row]?.event ?? 0) < event.index) row += 1;
    const moment = momentOf(event);
    if (moment !== undefined) placed.push({ moment, row });
  }
  return placed;
}

/** The row of the first moment from a row on that the stop names: stops follow one another. */
function rowOf(placed: readonly Placed[], { event, where, node }: Lesson['stops'][number]['at'], from: number): number {
  const found = placed.find(
    ({ moment, row }) => row >= from && (node === undefined || moment.node === node) && matches({ event, where }, moment),
  );
  return found?.row ?? -1;
}
