/** Runs that the engine makes: other variants, lessons, the same run again, every crash point. */
import type { ScenarioData } from '../../../scenarios/index.ts';
import type { Lesson } from '../lesson.ts';
import type { PageRecord } from '../record/page-record.ts';
import { memoryAt } from '../story/facts.ts';
import { rowAt } from './rows.ts';
import {
  engine,
  isBusy,
  lessons,
  node,
  nodeName,
  note,
  position,
  record,
  records,
  reproduced,
  row,
  type StripCell,
  strip,
} from './state.ts';
import { show } from './travel.ts';

/** One run, as the engine is asked for it. Without a variant only the exhibit counts, and not the scenario's own broken nodes. */
export function runOf(data: ScenarioData, variant: string | null, exhibit: string | null): object {
  return variant === null
    ? { type: 'run', data: { ...data, variants: [] }, variant, exhibit }
    : { type: 'run', data, variant, exhibit: null };
}

export async function runVariant(data: ScenarioData, variant: string | null, exhibit: string | null): Promise<PageRecord> {
  const known = records.value.find(
    (one) => one.data.name === data.name && one.variant === variant && (exhibit === null || one.exhibit === exhibit),
  );
  if (known !== undefined) return known;
  isBusy.value = true;
  const answer = await engine.ask(runOf(data, variant, exhibit));
  isBusy.value = false;
  const made = { ...(answer['record'] as PageRecord), data };
  records.value = [...records.value, made];
  return made;
}

/** The same moment in another variant. */
export async function changeVariant(variant: string): Promise<void> {
  const time = row.value?.time ?? 0;
  const made = await runVariant(record.value.data, variant, null);
  show(made, rowAt(made, time));
}

/** A lesson with the rows of its stops; the engine finds them where nobody has yet. */
export async function readyLesson(wanted: Lesson): Promise<Lesson> {
  if (wanted.stops.every(({ row: at }) => at !== -1)) return wanted;
  isBusy.value = true;
  const answer = (await engine.ask({ type: 'lesson', lesson: wanted })) as unknown as {
    readonly lesson: Lesson;
    readonly records: readonly PageRecord[];
  };
  isBusy.value = false;
  const others = records.value.filter(({ data }) => data.name !== wanted.data.name);
  records.value = [...others, ...answer.records];
  lessons.value = lessons.value.map((one) => (one.name === wanted.name ? answer.lesson : one));
  return answer.lesson;
}

export async function reproduce(): Promise<void> {
  const { data, variant, exhibit, hash } = record.value;
  reproduced.value = 'running';
  const answer = await engine.ask(runOf(data, variant, exhibit));
  reproduced.value = (answer['record'] as PageRecord).hash === hash ? 'same' : 'different';
}

export async function runStrip(): Promise<void> {
  const { data, exhibit } = record.value;
  const height = lastHeight();
  strip.value = { cells: [], state: 'running', note: `${nodeName()} at height ${height}` };
  await engine.ask({ type: 'strip', data, exhibit, node: nodeName(), heights: String(height) }, ({ cell }) => {
    strip.value = { ...strip.value, cells: [...strip.value.cells, cell as StripCell] };
  });
  strip.value = { ...strip.value, state: 'done' };
}

/** The height at which the selected node is, or was when it died. */
function lastHeight(): number {
  for (let at = position.value; at >= 0; at -= 1) {
    const { height } = memoryAt(record.value, node.value, at);
    if (height !== undefined) return Math.max(1, Number(height));
  }
  return 1;
}

export async function runPoint(cell: StripCell): Promise<void> {
  const { data, exhibit } = record.value;
  const kept = strip.value;
  const point = cell.image === '' ? cell.name : `${cell.name}/${cell.image}`;
  const answer = await engine.ask({ type: 'run', data, variant: null, exhibit, point });
  const made = answer['record'] as PageRecord;
  show(
    made,
    Math.max(
      0,
      made.rows.findIndex(({ kind }) => kind === 'death'),
    ),
  );
  strip.value = kept;
  note.value = `This is the run in which ${cell.name} kills the node.`;
}
