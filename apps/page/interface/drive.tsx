/** Drive: acts on nodes, messages and timers, and the scenario that they have become, to be copied or saved. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { MessageLife } from '../record/page-record.ts';
import {
  armedTimers,
  crashBeforeFlush,
  crashNow,
  decideFate,
  fates,
  fireTimer,
  isolate,
  nodeName,
  pause,
  restart,
  underWay,
} from './acts.ts';
import { driven, engine, isDown, node, position, printed, record } from './state.ts';

/** The message that was clicked in the diagram: it stands first. */
const pickedMessage = signal(-1);

export function pickMessage(index: number): void {
  pickedMessage.value = index;
}

async function print(as: 'typescript' | 'yaml' | 'mocha'): Promise<void> {
  const data = driven.value ?? record.value.data;
  const properties = record.value.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
  printed.value = String((await engine.ask({ type: 'print', data, as, properties }))['text']);
}

export function Drive(): VNode {
  const name = nodeName();
  const down = isDown(node.value, position.value);
  return (
    <section class="panel drive" aria-label="drive">
      <h2>Drive {name}</h2>
      <div class="group" role="group" aria-label="acts">
        <button type="button" id="crash-now" disabled={down} onClick={() => crashNow('crash')}>
          crash now
        </button>
        <button type="button" disabled={down} onClick={() => crashNow('kill')}>
          kill now
        </button>
        <button type="button" disabled={down} onClick={crashBeforeFlush}>
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
      <Wire />
      <p>
        {driven.value === undefined ? 'Nothing was done yet.' : `${driven.value.faults.length} act(s); hash ${record.value.hash}`}{' '}
        <button type="button" id="as-mocha" onClick={() => void print('mocha')}>
          as a mocha test
        </button>{' '}
        <button type="button" onClick={() => void print('typescript')}>
          as TypeScript
        </button>{' '}
        <button type="button" onClick={() => void print('yaml')}>
          as YAML
        </button>
      </p>
      {printed.value === '' ? null : (
        <>
          <textarea id="printed" readOnly rows={12} value={printed.value} aria-label="the scenario" />
          <p>
            <button type="button" onClick={() => void navigator.clipboard?.writeText(printed.value)}>
              copy
            </button>{' '}
            <a download="scenario.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(printed.value)}`}>
              save
            </a>
          </p>
        </>
      )}
    </section>
  );
}

/** What is on the wire: each message can be delivered now, dropped, delayed or doubled. */
function Wire(): VNode {
  const { messages, nodes } = record.value;
  const listed = underWay();
  const picked = listed.includes(pickedMessage.value) ? [pickedMessage.value] : [];
  const shown = [...picked, ...listed.filter((index) => index !== picked[0])];
  return (
    <>
      <h3>On the wire</h3>
      {shown.length === 0 ? <p>Nothing is under way. Step to a row at which somebody publishes.</p> : null}
      <ul class="wire-list">
        {shown.map((index) => {
          const { from, to, label } = messages[index] as MessageLife;
          const words = `${nodes[from]} → ${nodes[to]}: ${label}`;
          return (
            <li key={index} class={index === picked[0] ? 'picked' : ''}>
              <span>{words}</span>{' '}
              {fates.map((fate) => (
                <button key={fate} type="button" aria-label={`${fate} ${words}`} onClick={() => decideFate(index, fate)}>
                  {fate}
                </button>
              ))}
            </li>
          );
        })}
      </ul>
    </>
  );
}
