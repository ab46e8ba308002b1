/** A lesson: its stops with narration, a question, a switch between variants, and something to try. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { lesson, lessonStop, lessons, node, note, record, runVariant, setMode, show } from './state.ts';

const answered = signal<number | undefined>(undefined);

/** To a stop of the present lesson: its variant, its moment, its node. Beyond the last comes the question. */
export async function toStop(wanted: number): Promise<void> {
  const present = lesson.value;
  if (present === undefined) return;
  lessonStop.value = Math.max(0, Math.min(present.stops.length, wanted));
  const stop = present.stops[lessonStop.value];
  if (stop === undefined) return;
  const variant = stop.at.variant ?? present.switch.variants[0] ?? null;
  if (record.value.data.name !== present.data.name || record.value.variant !== variant)
    show(await runVariant(present.data, present.data.variants.length === 0 ? null : variant, null));
  const named = record.value.nodes.indexOf(stop.at.node ?? '');
  show(record.value, stop.row);
  if (named !== -1) node.value = named;
  note.value = '';
}

export function LessonPanel(): VNode {
  const present = lesson.value;
  if (present === undefined) return <section class="panel">no lesson</section>;
  const { stops, question } = present;
  const at = lessonStop.value;
  const isAsked = at >= stops.length;
  return (
    <section class="panel lesson" aria-label="lesson">
      <label>
        lesson{' '}
        <select
          value={present.name}
          onChange={(event) => {
            lesson.value = lessons.value.find(({ name }) => name === event.currentTarget.value);
            answered.value = undefined;
            void toStop(0);
          }}
        >
          {lessons.value.map(({ name, title }, index) => (
            <option key={name} value={name}>
              {index + 1}. {title}
            </option>
          ))}
        </select>
      </label>
      {at === 0 ? <p>{present.intro}</p> : null}
      {isAsked ? null : (
        <p class="say" role="status">
          <b>
            {at + 1}/{stops.length}
          </b>{' '}
          {stops[at]?.say}
        </p>
      )}
      <p>
        <button type="button" id="lesson-back" disabled={at === 0} onClick={() => void toStop(at - 1)}>
          back
        </button>{' '}
        <button type="button" id="lesson-next" disabled={isAsked} onClick={() => void toStop(at + 1)}>
          {at === stops.length - 1 ? 'the question' : 'next'}
        </button>
      </p>
      {isAsked ? (
        <fieldset>
          <legend>{question.ask}</legend>
          {question.answers.map(({ text, right, why }, index) => (
            <div key={text}>
              <button
                type="button"
                class={answered.value !== index ? '' : right ? 'good' : 'bad'}
                onClick={() => (answered.value = index)}
              >
                {text}
              </button>
              {answered.value === index ? (
                <p role="status">
                  {right ? '✓ ' : '✕ '}
                  {why}
                </p>
              ) : null}
            </div>
          ))}
          <h3>The switch</h3>
          <p>{present.switch.look}</p>
          {present.switch.variants.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={record.value.variant === name}
              onClick={() => void runVariant(present.data, name, null).then((made) => show(made))}
            >
              {name}
            </button>
          ))}
          <h3>Try it</h3>
          <p>{present.tryIt}</p>
          <button type="button" onClick={() => setMode('drive')}>
            drive
          </button>
        </fieldset>
      ) : null}
    </section>
  );
}
