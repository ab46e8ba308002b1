/** The page's state: which run, which moment, whose node, which face. Components read it; the functions in the files beside it change it. */
import { computed, signal } from '@preact/signals';
import type { ScenarioData } from '../../../scenarios/index.ts';
import type { Lesson } from '../lesson.ts';
import type { PageRecord, Row } from '../record/page-record.ts';
import { memoryAt } from '../story/facts.ts';
import { Engine } from './embedded.ts';

/** Story: the stage and what it means. Explore: everything that is known. Drive: act on it. */
export const faces = ['story', 'explore', 'drive'] as const;
export type Face = (typeof faces)[number];

export interface StripCell {
  readonly name: string;
  readonly height: number;
  readonly round: number;
  readonly site: string;
  readonly verdict: string;
  readonly image: string;
  readonly property: string;
  readonly message: string;
}

export const record = signal<PageRecord>(undefined as unknown as PageRecord);
export const records = signal<readonly PageRecord[]>([]);
/** The run that the page was made for, beside the lessons. */
export const ownRun = signal<PageRecord | undefined>(undefined);
export const lessons = signal<readonly Lesson[]>([]);
export const lesson = signal<Lesson | undefined>(undefined);
/** Index of the stop of the lesson or of the run's story; one past the last: the rule. */
export const stop = signal(0);
/** The answer that was chosen, by its place. */
export const answered = signal<number | undefined>(undefined);
export const compared = signal<PageRecord | undefined>(undefined);
export const position = signal(0);
export const node = signal(0);
export const face = signal<Face>('story');
export const isPresenting = signal(false);
export const isPlaying = signal(false);
export const isBusy = signal(false);
export const speed = signal(1);
export const filter = signal('');
export const isHelpOpen = signal(false);
export const reproduced = signal<'no' | 'running' | 'same' | 'different'>('no');
export const note = signal('');
export const why = signal(false);
/** What was done by hand, as the scenario that it has become. */
export const driven = signal<ScenarioData | undefined>(undefined);
export const printed = signal('');
export const strip = signal<{
  readonly cells: readonly StripCell[];
  readonly state: 'no' | 'running' | 'done';
  readonly note: string;
}>({ cells: [], state: 'no', note: '' });

export const engine = new Engine();

export const row = computed<Row | undefined>(() => record.value.rows[position.value]);

/** The faces that the run on screen has. A run of real nodes cannot be run again, and so it cannot be driven. */
export const facesHere = computed<readonly Face[]>(() =>
  record.value.isReal === true ? faces.filter((one) => one !== 'drive') : faces,
);

/** What the selected node has in memory now. */
export const memory = computed(() => memoryAt(record.value, node.value, position.value));

export const nodeName = (): string => record.value.nodes[node.value] ?? '';
