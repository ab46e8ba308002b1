/** The pages that the command writes: one run with its variants, one lesson, the whole course. All of them hold the lessons. */
import type { RunOptions, ScenarioData } from '../../scenarios/index.ts';
import type { Lesson } from './lesson.ts';
import { lessonsThatShip } from './lessons.ts';
import { prepared } from './prepare-lesson.ts';
import type { PageRecord } from './record/page-record.ts';
import { recordOf } from './record/record-run.ts';
import { html, type Parts } from './template.ts';

export interface RunPage {
  readonly page: string;
  /** The run that it opens with. */
  readonly first: PageRecord;
}

/** The page on one run, with the other variants of its scenario. */
export function runPage(parts: Parts, data: ScenarioData, options: RunOptions = {}, id?: string): RunPage {
  const made = recordOf(data, options);
  const first: PageRecord = id === undefined ? made : { ...made, id };
  const others = data.variants
    .filter(({ name }) => name !== first.variant)
    .map(({ name }) => recordOf(data, { ...options, variant: name }));
  return { page: html(parts, data.name, { records: [first, ...others], lessons: lessonsThatShip(), lesson: -1 }), first };
}

/** The page on one record that cannot be made again, such as that of real nodes. */
export function recordPage(parts: Parts, record: PageRecord): string {
  return html(parts, record.data.name, { records: [record], lessons: lessonsThatShip(), lesson: -1 });
}

/** The course, opened at a lesson. That one is prepared; the engine in the page prepares the others when they are chosen. */
export function lessonPage(parts: Parts, at: number, lessons: readonly Lesson[] = lessonsThatShip()): string {
  const opened = lessons[at];
  if (opened === undefined) throw new RangeError(`there is no lesson ${at + 1}; there are ${lessons.length}`);
  const { lesson, records } = prepared(opened);
  return html(parts, lesson.title, { records, lessons: lessons.map((one, index) => (index === at ? lesson : one)), lesson: at });
}
