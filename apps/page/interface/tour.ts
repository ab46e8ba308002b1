/** The stops of a story: those of the lesson, or the beats of a run's own story. */
import { computed } from '@preact/signals';
import { type Lesson, variantOf } from '../lesson.ts';
import type { PageRecord } from '../record/page-record.ts';
import { beatsOf } from '../story/beats.ts';
import type { Sentence } from '../story/claim.ts';
import { narrate } from '../story/narrate.ts';
import { readyLesson, runVariant } from './runs.ts';
import { answered, isPlaying, lesson, node, ownRun, record, stop } from './state.ts';
import { open, show } from './travel.ts';

export interface TourStop {
  readonly row: number;
  readonly node: number;
  readonly variant: string | null;
  readonly head: Sentence;
  readonly more: readonly Sentence[];
  readonly next?: string;
}

export const tour = computed((): readonly TourStop[] => tourOf(lesson.value, record.value));

function tourOf(of: Lesson | undefined, shown: PageRecord): readonly TourStop[] {
  if (of === undefined)
    return beatsOf(shown).map(({ row, node: speaker }) => ({
      row,
      node: speaker,
      variant: shown.variant,
      ...narrate(shown, row),
    }));
  const names = [...Object.keys(of.data.validators), ...of.data.fullNodes];
  return of.stops.map((one) => ({
    row: one.row,
    node: names.indexOf(one.node),
    variant: variantOf(of, one),
    head: one.head,
    more: one.say,
    ...(one.next === undefined ? {} : { next: one.next }),
  }));
}

/** Whether a lesson has more after its last stop: the rule, and what to do by hand. */
export const hasEnd = computed(() => lesson.value !== undefined);

/** To a stop: its variant, its moment, its node. One past the last is the rule. */
export async function toStop(wanted: number): Promise<void> {
  isPlaying.value = false;
  const stops = tour.value;
  const last = hasEnd.value ? stops.length : stops.length - 1;
  const to = Math.max(0, Math.min(last, wanted));
  // The rule is read beside the picture of the last stop.
  const target = stops[Math.min(to, stops.length - 1)];
  stop.value = to;
  if (target !== undefined) {
    const of = lesson.value;
    show(of === undefined ? record.value : await runVariant(of.data, target.variant, null), target.row);
    node.value = target.node;
  }
}

/** Opens a lesson at a stop; without one its first. Undefined: the page's own run. */
export async function openLesson(wanted: Lesson | undefined, at = 0): Promise<void> {
  answered.value = undefined;
  if (wanted === undefined) {
    lesson.value = undefined;
    if (ownRun.value !== undefined) open(ownRun.value);
    return;
  }
  const ready = await readyLesson(wanted);
  lesson.value = ready;
  await toStop(at);
}
