/**
 * Drive: whatever is done by hand becomes a fault of a scenario, which is run again from the start. So what is seen is what the scenario
 * gives: it can be copied as TypeScript, YAML or a mocha test, and has the same hash wherever it runs.
 */
import type { VNode } from 'preact';
import type { ScenarioData } from '../../scenarios/index.ts';
import type { PageRecord } from '../record/page-record.ts';
import { driven, engine, isDown, node, note, position, printed, record, row, show } from './state.ts';

type Planned = ScenarioData['faults'][number];

function nodeName(): string {
  return record.value.nodes[node.value] ?? '';
}

/** Milliseconds of the present row, whole, so that the fault strikes just behind it. */
function now(): number {
  return Math.max(1, Math.ceil((row.value?.time ?? 0) / 1000));
}

async function act(change: (data: ScenarioData) => ScenarioData, words: string): Promise<void> {
  const { data: before, exhibit, variant } = record.value;
  const time = now();
  const data = change({ ...before, variants: [], decides: [], mustReach: [], until: { timeMs: Math.max(time + 1500, 2000) } });
  const answer = await engine.ask({ type: 'run', data, variant: null, exhibit: variant === null ? exhibit : null });
  const made = answer['record'] as PageRecord;
  driven.value = data;
  const at = made.rows.findIndex((one) => one.time >= time * 1000 && /^(death|restart|fault)$/.test(one.kind));
  show({ ...made, data }, at === -1 ? position.value : at);
  note.value = words;
}

const withFault =
  (planned: Planned) =>
  (data: ScenarioData): ScenarioData => ({ ...data, faults: [...data.faults, planned] });

function crashNow(type: 'crash' | 'kill'): void {
  const name = nodeName();
  void act(
    withFault({ trigger: { timeMs: now() }, fault: { type, nodes: [name] } as Planned['fault'] }),
    `${name} ${type === 'crash' ? 'loses power' : 'is killed'} at ${now()} ms, and stays down until you restart it`,
  );
}

/** Before its next flush: the how many-th of this run, counted in the rows. */
function crashBeforeFlush(): void {
  const name = nodeName();
  const seen = record.value.rows
    .slice(0, position.value + 1)
    .filter((one) => one.node === node.value && one.words.startsWith('wal.flush') && one.words.includes('sync')).length;
  const trigger = { node: name, site: 'wal.flush', phase: 'before', nth: seen + 1 } as const;
  void act(
    withFault({ trigger, fault: { type: 'crash', nodes: [name] } }),
    `${name} loses power before its flush number ${seen + 1}`,
  );
}

/** The last death by hand of this node gets a return. */
function restart(): void {
  const name = nodeName();
  const time = now();
  void act((data) => {
    const last = data.faults.findLastIndex(
      ({ fault }) => (fault.type === 'crash' || fault.type === 'kill') && fault.nodes.includes(name),
    );
    const death = record.value.rows.findLast(
      (one, at) => one.kind === 'death' && one.node === node.value && at <= position.value,
    );
    const down = Math.max(10, time - Math.floor((death?.time ?? 0) / 1000));
    return {
      ...data,
      faults: data.faults.map((planned, at) =>
        at === last ? { ...planned, fault: { ...planned.fault, restartMs: down } as Planned['fault'] } : planned,
      ),
    };
  }, `${name} comes back at ${time} ms`);
}

function isolate(): void {
  const name = nodeName();
  const others = record.value.nodes.filter((other) => other !== name);
  void act(
    withFault({ trigger: { timeMs: now() }, fault: { type: 'partition', groups: [[name], others], oneWay: false, forMs: 400 } }),
    `${name} cannot hear the others for 400 ms`,
  );
}

/** What this row sends is cut off on its way. */
function dropMessage(): void {
  const sent = record.value.messages.filter((message) => message.sent === position.value);
  const name = record.value.nodes[sent[0]?.from ?? -1] ?? '';
  const to = [...new Set(sent.map((message) => record.value.nodes[message.to] ?? ''))];
  const time = Math.max(0, Math.floor((row.value?.time ?? 0) / 1000));
  void act(
    withFault({ trigger: { timeMs: time }, fault: { type: 'partition', groups: [[name], to], oneWay: true, forMs: 40 } }),
    `what ${name} sends to ${to.join(' ')} from ${time} ms on is lost for 40 ms`,
  );
}

function pause(): void {
  const name = nodeName();
  void act(
    withFault({ trigger: { timeMs: now() }, fault: { type: 'pause', node: name, forMs: 300 } }),
    `${name} stands still for 300 ms`,
  );
}

async function print(as: 'typescript' | 'yaml' | 'mocha'): Promise<void> {
  const data = driven.value ?? record.value.data;
  const properties = record.value.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
  printed.value = String((await engine.ask({ type: 'print', data, as, properties }))['text']);
}

export function Drive(): VNode {
  const name = nodeName();
  const down = isDown(node.value, position.value);
  const sends = record.value.messages.some((message) => message.sent === position.value);
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
        <button type="button" onClick={pause}>
          pause
        </button>
        <button type="button" disabled={!sends} onClick={dropMessage}>
          drop what this row sends
        </button>
      </div>
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
