/** The question about the present row. It closes when the row changes. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { questionAt } from './quiz.ts';
import { Words } from './sentences.tsx';
import { position, record } from './state.ts';

const opened = signal(-1);
const chosen = signal(-1);

export function Quiz(): VNode | null {
  const question = questionAt(record.value, position.value);
  if (question === undefined) return null;
  const isOpen = opened.value === position.value;
  const answer = isOpen ? question.answers[chosen.value] : undefined;
  return (
    <>
      <button
        type="button"
        id="quiz"
        aria-expanded={isOpen}
        onClick={() => {
          opened.value = isOpen ? -1 : position.value;
          chosen.value = -1;
        }}
      >
        what comes next?
      </button>
      {isOpen ? (
        <fieldset class="quiz">
          <legend data-guess>{question.ask}</legend>
          {question.answers.map(({ text, isRight }, index) => (
            <button
              key={text}
              type="button"
              data-guess
              class={index !== chosen.value ? '' : isRight ? 'good' : 'bad'}
              aria-pressed={index === chosen.value}
              onClick={() => {
                chosen.value = index;
              }}
            >
              {text}
            </button>
          ))}
          <p role="status">
            {answer === undefined ? (
              ''
            ) : (
              <>
                {answer.isRight ? '✓ ' : '✕ '}
                <Words sentence={answer.why} />
              </>
            )}
          </p>
        </fieldset>
      ) : null}
    </>
  );
}
