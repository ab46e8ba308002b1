/** Drive: what can be done to a node or a message, on the stage and beside it, and the scenario that the acts have become. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { MessageLife } from '../record/page-record.ts';
import { isDown } from '../story/facts.ts';
import { spoken } from '../story/words.ts';
import {
  armedTimers,
  crashBeforeFlush,
  crashNow,
  decideFate,
  fates,
  fireTimer,
  isolate,
  pause,
  restart,
  underWay,
} from './acts.ts';
import { driven, engine, isBusy, node, nodeName, note, position, printed, record } from './state.ts';
import { Task } from './task.tsx';

/** The message that was clicked on the stage: it comes first. */
const pickedMessage = signal(-1);

export function pickMessage(index: number): void {
  pickedMessage.value = index;
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.wire-list .picked button')?.focus());
}

async function print(as: 'typescript' | 'yaml' | 'mocha'): Promise<void> {
  const data = driven.value ?? record.value.data;
  const properties = record.value.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
  printed.value = String((await engine.ask({ type: 'print', data, as, properties }))['text']);
}

/** The acts on the chosen node, on its card. */
export function actsOnCard(index: number): VNode | null {
  if (index !== node.value) return null;
  const down = isDown(record.value, index, position.value);
  return (
    <div class="group acts" role="group" aria-label={`what to do to ${nodeName()}`}>
      {down ? (
        <button type="button" onClick={restart}>
          ↻ restart
        </button>
      ) : (
        <>
          <button type="button" onClick={() => crashNow('crash')}>
            ✕ cut its power
          </button>
          <button type="button" onClick={() => crashNow('kill')}>
            ✕ kill it
          </button>
        </>
      )}
      <button type="button" onClick={isolate}>
        isolate
      </button>
    </div>
  );
}

export function Drive(): VNode {
  const down = isDown(record.value, node.value, position.value);
  return (
    <aside class="story drive" aria-label="drive" aria-busy={isBusy.value}>
      <Task />
      <section class="panel">
        <h2>Drive {nodeName()}</h2>
        <p class="small">Choose a node or a message on the stage, and decide what happens to it.</p>
        <div class="group" role="group" aria-label="acts">
          <button type="button" id="crash-now" disabled={down} onClick={() => crashNow('crash')}>
            crash now
          </button>
          <button type="button" disabled={down} onClick={() => crashNow('kill')}>
            kill now
          </button>
          <button type="button" disabled={down} onClick={crashBeforeFlush} data-guess>
            crash before its next flush
          </button>
          <button type="button" id="restart-now" disabled={!down} onClick={restart}>
            restart
          </button>
          <button type="button" onClick={isolate}>
            isolate
          </button>
          <button type="button" disabled={down} onClick={pause}>
            pause
          </button>
          {down
            ? null
            : armedTimers().map((timer) => (
                <button key={timer} type="button" class="fire" onClick={() => fireTimer(timer)}>
                  fire its {timer} timer
                </button>
              ))}
        </div>
        <p class="note" role="status">
          {isBusy.value ? 'running …' : note.value}
        </p>
      </section>
      <Wire />
      <section class="panel">
        <h2>What you did, as a file</h2>
        <p>
          {driven.value === undefined
            ? 'Nothing was done yet.'
            : `${driven.value.faults.length} fault${driven.value.faults.length === 1 ? '' : 's'} in all.`}{' '}
          <span class="small">
            hash <span class="hash">{record.value.hash}</span>
          </span>
        </p>
        <div class="group">
          <button type="button" id="as-mocha" onClick={() => void print('mocha')}>
            as a mocha test
          </button>
          <button type="button" onClick={() => void print('typescript')}>
            as TypeScript
          </button>
          <button type="button" onClick={() => void print('yaml')}>
            as YAML
          </button>
        </div>
        {printed.value === '' ? null : (
          <>
            <textarea id="printed" readOnly rows={12} value={printed.value} aria-label="the scenario" />
            <p class="group">
              <button type="button" onClick={() => void navigator.clipboard?.writeText(printed.value)}>
                copy
              </button>
              <a download="scenario.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(printed.value)}`}>
                save
              </a>
            </p>
          </>
        )}
      </section>
    </aside>
  );
}

/** What is on the wire: each message can be delivered now, dropped, delayed or doubled. */
function Wire(): VNode {
  const { messages, nodes } = record.value;
  const listed = underWay();
  const picked = listed.includes(pickedMessage.value) ? [pickedMessage.value] : [];
  const shown = [...picked, ...listed.filter((index) => index !== picked[0])];
  return (
    <section class="panel">
      <h2>On the wire</h2>
      {shown.length === 0 ? <p>Nothing is under way. Step on until a node sends something.</p> : null}
      <ul class="wire-list">
        {shown.map((index) => {
          const { from, to, label } = messages[index] as MessageLife;
          const words = `${nodes[from]} → ${nodes[to]}: ${spoken(record.value, label)}`;
          return (
            <li key={index} class={index === picked[0] ? 'picked' : ''}>
              <span>{words}</span>
              <span class="group">
                {fates.map((fate) => (
                  <button key={fate} type="button" aria-label={`${fate} ${words}`} onClick={() => decideFate(index, fate)}>
                    {fate}
                  </button>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
