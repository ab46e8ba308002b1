/** The story beside the stage: one sentence in large type, a few more, a question, and one obvious next step. */
import type { VNode } from 'preact';
import type { Lesson } from '../lesson.ts';
import { plain, type Sentence } from '../story/claim.ts';
import { termsAt } from '../story/glossary.ts';
import { narrate } from '../story/narrate.ts';
import { mostTold, toldBy, viewOf } from '../story/shelf-chips.ts';
import { Words } from './sentences.tsx';
import { answered, isBusy, lesson, lessons, position, record, records, stop } from './state.ts';
import { startTask } from './task.tsx';
import { hasEnd, openLesson, type TourStop, toStop, tour } from './tour.ts';

export function StoryPanel(): VNode {
  const stops = tour.value;
  const at = stop.value;
  const here = stops[at];
  const isOpen = lesson.value?.question.after === at && answered.value === undefined;
  const isAway = here !== undefined && here.row !== position.value;
  const total = stops.length + (hasEnd.value ? 1 : 0);
  return (
    <section class="story" aria-label="story" aria-busy={isBusy.value}>
      <p class="count">
        Step {at + 1} of {total}
        {runAt(at)?.isOther === false ? ` · run: ${runAt(at)?.name}` : ''}
        {isAway ? ' · you have moved on' : ''}
      </p>
      <div class="say" role="status">
        {here === undefined ? <End /> : isAway ? <Moment /> : <Stop />}
      </div>
      <div class="go">
        {isAway ? (
          <button type="button" class="primary" id="next" onClick={() => void toStop(at)}>
            Back to step {at + 1}
          </button>
        ) : (
          <>
            <button type="button" id="back" disabled={at === 0} onClick={() => void toStop(at - 1)}>
              ← Back
            </button>
            {at < total - 1 ? (
              <button type="button" class={isOpen ? '' : 'primary'} data-guess id="next" onClick={() => void toStop(at + 1)}>
                {isOpen ? 'Skip: ' : ''}
                {here?.next ?? (at === stops.length - 1 ? 'The rule' : 'Next')}
                {'\u00a0→'}
              </button>
            ) : (
              <AfterAll />
            )}
          </>
        )}
      </div>
    </section>
  );
}

function Stop(): VNode {
  const at = stop.value;
  const here = tour.value[at];
  const of = lesson.value;
  const isAsked = of !== undefined && of.question.after === at;
  return (
    <>
      {at === 0 && of !== undefined ? (
        <p class="about">
          <Words sentence={of.about} />
        </p>
      ) : null}
      <OtherRun at={at} />
      <h2>
        <Words sentence={here?.head ?? plain('')} />
      </h2>
      {(here?.more ?? []).map((one) => (
        <p key={one.text}>
          <Words sentence={one} />
        </p>
      ))}
      {isAsked ? <Question of={of} /> : null}
      <TermsExplained />
    </>
  );
}

interface RunShown {
  readonly name: string;
  /** The step before this one was of another run. */
  readonly isOther: boolean;
}

/** Which of a lesson's runs is on the stage at a step, if there are several. */
function runAt(at: number): RunShown | undefined {
  const [before, here] = [tour.value[at - 1], tour.value[at]];
  if (here === undefined || here.variant === null || new Set(tour.value.map(({ variant }) => variant)).size < 2) return undefined;
  return { name: here.variant, isOther: before !== undefined && before.variant !== here.variant };
}

/** Another run than before is announced. */
function OtherRun({ at }: { readonly at: number }): VNode | null {
  const run = runAt(at);
  if (run?.isOther !== true) return null;
  return (
    <p class="run other">
      Another run of the same scenario: <b data-quoted>{run.name}</b>
    </p>
  );
}

/** Off the stops: what happens at the present row. */
function Moment(): VNode {
  const { head, more } = narrate(record.value, position.value);
  return (
    <>
      <h2>
        <Words sentence={head} />
      </h2>
      {more.map((one) => (
        <p key={one.text}>
          <Words sentence={one} />
        </p>
      ))}
    </>
  );
}

const textOf = (sentences: readonly Sentence[]): string => sentences.map(({ text }) => text).join(' ');

/** Each term where it first appears, in the words or on the stage. */
function TermsExplained(): VNode | null {
  const stops = tour.value;
  const at = stop.value;
  const found = termsAt(
    stops.slice(0, at + 1).map((one, index) => ({
      said: `${textOf([one.head, ...one.more])} ${index === 0 ? (lesson.value?.about.text ?? '') : ''}`,
      stage: stageText(one),
    })),
  );
  if (found.length === 0) return null;
  return (
    <dl class="terms" data-rule>
      {found.map(({ name, means }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{means}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the cards of the stage say at a stop. */
function stageText({ row, node, variant }: TourStop): string {
  const name = lesson.value?.data.name;
  const shown =
    name === undefined ? record.value : records.value.find((one) => one.data.name === name && one.variant === variant);
  if (shown === undefined) return '';
  const cards = shown.nodes.flatMap((_, index) => {
    const { memory, cache, disk, status } = viewOf(shown, index, row);
    return [status, ...[...memory, ...cache, ...disk].map(({ text }) => text)];
  });
  const told = toldBy(shown, node, row, mostTold).map(({ text }) => text);
  return [shown.log === 'none' ? '' : 'page cache', ...cards, ...told].join(' ');
}

function Question({ of }: { readonly of: Lesson }): VNode {
  const chosen = of.question.answers[answered.value ?? -1];
  return (
    <fieldset>
      <legend>{of.question.ask}</legend>
      {of.question.answers.map(({ text, right }, index) => (
        <button
          key={text}
          type="button"
          data-guess
          class={index !== answered.value ? '' : right ? 'good' : 'bad'}
          aria-pressed={index === answered.value}
          onClick={() => (answered.value = index)}
        >
          {index === answered.value ? (right ? '✓ ' : '✕ ') : ''}
          {text}
        </button>
      ))}
      {chosen === undefined ? null : (
        <p class={chosen.right ? 'good' : 'bad'} role="status">
          <Words sentence={chosen.why} />
        </p>
      )}
    </fieldset>
  );
}

function End(): VNode | null {
  const of = lesson.value;
  if (of === undefined) return null;
  return (
    <>
      <h2>The rule</h2>
      {of.rule.map((one) => (
        <p key={one.text} class="rule">
          <Words sentence={one} />
        </p>
      ))}
      <h3>Now you</h3>
      {of.now.variant === null || of.now.variant === tour.value.at(-1)?.variant ? null : (
        <p class="run other">
          This happens in another run: <b data-quoted>{of.now.variant}</b>
        </p>
      )}
      <p data-guess>{of.now.text}</p>
    </>
  );
}

function AfterAll(): VNode | null {
  const of = lesson.value;
  if (of === undefined) return null;
  const following = lessons.value[lessons.value.findIndex(({ name }) => name === of.name) + 1];
  return (
    <>
      <button type="button" class="primary" id="next" onClick={() => void startTask(of)}>
        Try it →
      </button>
      {following === undefined ? null : (
        <button type="button" id="following" onClick={() => void openLesson(following)}>
          Next lesson
        </button>
      )}
    </>
  );
}
