/** What a lesson is, read and in part prepared. The page knows no more of it; parse-lesson.ts reads the text. */
import type { Moment, ScenarioData } from '../../scenarios/index.ts';
import type { Sentence } from './story/claim.ts';
import type { Condition } from './story/goal.ts';

/** A named moment of the run, or the moment at which a message is heard. */
export type StopPlace =
  | (Moment & { readonly node?: string; readonly variant?: string })
  | { readonly heard: string; readonly from: string; readonly by: string; readonly variant?: string };

export interface LessonStop {
  readonly at: StopPlace;
  /** The node of which the stop speaks. */
  readonly node: string;
  readonly head: Sentence;
  readonly say: readonly Sentence[];
  /** The label of the button that leads on; without it the head of the next stop is not shown. */
  readonly next?: string;
  /** The row of the variant's run at which it is reached; -1: it never is. Found when the lesson is prepared. */
  readonly row: number;
}

export interface LessonAnswer {
  readonly text: string;
  readonly right: boolean;
  readonly why: Sentence;
}

export interface Lesson {
  readonly name: string;
  readonly title: string;
  /** What it is about, in one sentence. */
  readonly about: Sentence;
  readonly data: ScenarioData;
  readonly stops: readonly LessonStop[];
  /** `after`: index of the stop at which it is asked. */
  readonly question: { readonly after: number; readonly ask: string; readonly answers: readonly LessonAnswer[] };
  readonly rule: readonly Sentence[];
  /** What to do by hand, in which variant, and when it is done. */
  readonly now: {
    readonly text: string;
    readonly variant: string | null;
    readonly goal: readonly Condition[];
    /** Faults that reach the goal, for the test that it can be reached. */
    readonly solution: ScenarioData['faults'];
  };
}

/** The variant that a stop is in; null: the scenario has none. */
export function variantOf({ data, stops }: Lesson, stop: LessonStop | undefined): string | null {
  return stop?.at.variant ?? stops[0]?.at.variant ?? data.variants[0]?.name ?? null;
}
