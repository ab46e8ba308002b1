/** "Now you": what to do in Drive, and whether the driven run has reached the goal. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Lesson } from '../lesson.ts';
import { goalWords, isMet } from '../story/goal.ts';
import { runVariant } from './runs.ts';
import { driven, face, node, record, stop } from './state.ts';
import { show } from './travel.ts';

/** The lesson whose task is being done. */
export const task = signal<Lesson | undefined>(undefined);

export async function startTask(of: Lesson): Promise<void> {
  const made = await runVariant(of.data, of.now.variant, null);
  driven.value = undefined;
  task.value = of;
  const first = of.stops.find(({ at }) => (at.variant ?? of.now.variant) === of.now.variant) ?? of.stops[0];
  show(made, Math.max(0, first?.row ?? 0));
  node.value = Math.max(0, made.nodes.indexOf(first?.node ?? ''));
  stop.value = of.stops.length;
  face.value = 'drive';
}

export function Task(): VNode | null {
  const of = task.value;
  if (of === undefined) return null;
  const isDriven = driven.value !== undefined;
  const met = of.now.goal.map((condition) => isDriven && isMet(condition, record.value));
  const isDone = met.every((one) => one);
  return (
    <section class="panel task" aria-label="task">
      <h2>Now you</h2>
      <p data-guess>{of.now.text}</p>
      <ul role="status" data-guess>
        {of.now.goal.map((condition, index) => (
          <li key={goalWords(condition)} class={met[index] === true ? 'good' : ''}>
            {met[index] === true ? '✓' : '○'} {goalWords(condition)}
          </li>
        ))}
      </ul>
      {isDone ? (
        <p class="good" id="task-done">
          ✓ Done.
        </p>
      ) : null}
    </section>
  );
}
