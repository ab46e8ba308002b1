/** A lesson made ready: its variants run, and each stop found in its run. Runs in Node and in the page's worker. */
import { matches } from '../../scenarios/index.ts';
import { type Lesson, type LessonStop, variantOf } from './lesson.ts';
import type { PageRecord } from './record/page-record.ts';
import { recorded } from './record/record-run.ts';
import type { Recorded } from './record/recorder.ts';
import { type Claim, isCalled, type Sentence } from './story/claim.ts';

export interface ReadyLesson {
  /** Its stops have rows; -1: never reached. */
  readonly lesson: Lesson;
  readonly records: readonly PageRecord[];
}

/** Runs every variant of the lesson's scenario. `watch` sees each run, by the name of its variant. */
export function prepared(
  lesson: Lesson,
  run: (variant: string | null) => Recorded = (variant) => plainRun(lesson, variant),
): ReadyLesson {
  const { data } = lesson;
  const named = data.variants.map(({ name }) => name);
  const made = (named.length === 0 ? [null] : named).map((variant) => run(variant));
  const reached = new Map<Recorded, number>();
  const stops = lesson.stops.map((stop) => {
    const recordedRun = made.find(({ record }) => record.variant === variantOf(lesson, stop)) ?? made[0];
    if (recordedRun === undefined) return stop;
    const row = rowOf(recordedRun, stop, reached.get(recordedRun) ?? 0);
    if (row !== -1) reached.set(recordedRun, row);
    return { ...stop, row, head: placed(stop.head, row), say: stop.say.map((one) => placed(one, row)) };
  });
  const { question } = lesson;
  const asked = stops[question.after]?.row ?? -1;
  const last = stops.at(-1)?.row ?? -1;
  return {
    lesson: {
      ...lesson,
      stops,
      question: { ...question, answers: question.answers.map((answer) => ({ ...answer, why: placed(answer.why, asked) })) },
      rule: lesson.rule.map((one) => placed(one, last)),
    },
    records: made.map(({ record }) => ({ ...record, data })),
  };
}

function plainRun({ data }: Lesson, variant: string | null): Recorded {
  return recorded(data, variant === null ? {} : { variant });
}

/** A sentence whose claims are about a row. */
function placed(sentence: Sentence, row: number): Sentence {
  return { ...sentence, claims: sentence.claims.map((claim): Claim => ({ ...claim, position: row })) };
}

/** The row of the first moment from a row on that the stop names: stops follow one another. */
function rowOf({ record, moments }: Recorded, { at }: LessonStop, from: number): number {
  if ('heard' in at) {
    const [speaker, listener] = [record.nodes.indexOf(at.from), record.nodes.indexOf(at.by)];
    const rows = record.messages
      .filter((one) => one.from === speaker && one.to === listener && one.heard >= from && isCalled(one.label, at.heard))
      .map(({ heard }) => heard);
    return rows.length === 0 ? -1 : Math.min(...rows);
  }
  const found = moments.find(
    ({ moment, row }) => row >= from && (at.node === undefined || moment.node === at.node) && matches(at, moment),
  );
  return found?.row ?? -1;
}
