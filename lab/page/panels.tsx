/** The panels beside the diagram: shelves, what others heard, narration, strip, properties, events, source, statechart. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { FrameLife } from '../record/page-record.ts';
import { explain } from './explain.ts';
import {
  filter,
  framesOf,
  go,
  heard,
  isDown,
  memory,
  node,
  note,
  position,
  record,
  row,
  runPoint,
  runStrip,
  strip,
  why,
} from './state.ts';

const opened = signal<FrameLife | undefined>(undefined);
const shelfLength = 9;

export function Shelves(): VNode {
  const { nodes } = record.value;
  const at = position.value;
  const down = isDown(node.value, at);
  const mine = framesOf(record.value, node.value).filter((frame) => frame.cached <= at);
  const cached = mine.filter((frame) => (frame.gone === -1 || frame.gone > at) && (frame.durable === -1 || frame.durable > at));
  const kept = mine.filter((frame) => (frame.gone === -1 || frame.gone > at) && frame.durable !== -1 && frame.durable <= at);
  // Of the block store the newest is enough; the log is what matters here.
  const newest = kept.findLast(({ label }) => label === 'block');
  const durable = kept.filter((frame) => frame.label !== 'block' || frame === newest);
  const ghosts = mine.filter((frame) => frame.isLost && frame.gone <= at && at - frame.gone < 400);
  return (
    <section class="panel shelves" aria-label="what the node has">
      <h2>
        {nodes.map((name, index) => (
          <button key={name} type="button" aria-pressed={index === node.value} onClick={() => (node.value = index)}>
            {isDown(index, at) ? '✕ ' : '○ '}
            {name}
          </button>
        ))}
        <span class={down ? 'state bad' : 'state good'}>{down ? 'down' : 'up'}</span>
      </h2>
      <div class="columns">
        <div>
          <h3>memory</h3>
          <dl>
            {Object.entries(down ? { node: 'down: memory is gone' } : memory.value).map(([key, value]) => (
              <div key={key}>
                <dt>{key}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
        <Shelf title="page cache" hint="a kill leaves it, a loss of power takes it" frames={cached} ghosts={ghosts} />
        <Shelf title="disk" hint="survives" frames={durable} ghosts={[]} />
      </div>
      {opened.value === undefined ? null : (
        <div class="bytes">
          <h3>
            {opened.value.label}, {opened.value.bytes} bytes in {opened.value.file}
            <button type="button" onClick={() => (opened.value = undefined)}>
              close
            </button>
          </h3>
          <Bytes frame={opened.value} />
        </div>
      )}
    </section>
  );
}

function Shelf({
  title,
  hint,
  frames,
  ghosts,
}: {
  readonly title: string;
  readonly hint: string;
  readonly frames: readonly FrameLife[];
  readonly ghosts: readonly FrameLife[];
}): VNode {
  const shown = frames.slice(-shelfLength);
  return (
    <div>
      <h3>
        {title} <small>{hint}</small>
      </h3>
      <ol class="frames">
        {frames.length > shown.length ? <li class="more">and {frames.length - shown.length} before</li> : null}
        {shown.map((frame) => (
          <li key={`${frame.file}${frame.cached}${frame.label}`} class={frame.isOwn ? 'own' : ''}>
            <button type="button" title="its bytes" onClick={() => (opened.value = frame)}>
              {frame.label} <small>{frame.bytes} B</small>
            </button>
          </li>
        ))}
        {ghosts.slice(-shelfLength).map((frame, index) => (
          <li key={index} class="ghost">
            <s>{frame.label}</s> <small>lost</small>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A cut through the bytes: what is left of the frame when power fails there, and what recovery makes of it. */
const cut = signal(40);

function Bytes({ frame }: { readonly frame: FrameLife }): VNode {
  if (frame.hex === '') return <p>In a run of this length the bytes are not kept.</p>;
  const bytes = frame.hex.split(' ');
  const kept = Math.min(cut.value, frame.bytes);
  const verdict =
    kept >= frame.bytes
      ? 'the whole frame is there: it is replayed'
      : kept < 32
        ? 'not even its header is whole: a torn tail, cut'
        : 'its checksum does not fit: a torn tail, cut; it was never acknowledged, so nothing is lost';
  return (
    <>
      <label>
        power fails behind byte{' '}
        <input
          type="range"
          min={0}
          max={frame.bytes}
          value={kept}
          onInput={(event) => (cut.value = Number(event.currentTarget.value))}
        />{' '}
        {kept}: {verdict}
      </label>
      <p class="hex">
        {bytes.map((byte, index) => (
          <span key={index} class={index >= kept ? 'gone' : index < 32 ? 'header' : ''}>
            {byte}{' '}
          </span>
        ))}
        {frame.bytes > bytes.length ? '…' : ''}
      </p>
    </>
  );
}

export function Heard(): VNode {
  const name = record.value.nodes[node.value] ?? '';
  // Whatever was said twice stays in sight.
  const promises = heard.value.filter(({ values }, index, all) => values.length > 1 || index >= all.length - 7);
  return (
    <section class="panel" aria-label="what others heard">
      <h2>What others heard from {name}</h2>
      {promises.length === 0 ? <p>Nothing yet.</p> : null}
      <ul class="promises">
        {promises.flatMap(({ promise, values }) =>
          values.map(({ value, by }, index) => (
            <li key={promise + value} class={index > 0 ? 'broken' : ''}>
              <span>{promise}</span> <b>{value === 'null' ? 'nil' : value}</b> <small>→ {by.join(' ')}</small>
              {index > 0 ? <em> ✕ a second one</em> : null}
            </li>
          )),
        )}
      </ul>
    </section>
  );
}

export function Narration(): VNode {
  const present = row.value;
  const { rows, nodes } = record.value;
  const chain: number[] = [];
  for (let at = present?.cause ?? -1; at >= 0 && chain.length < 6; at = rows[at]?.cause ?? -1) chain.push(at);
  return (
    <section class="panel narration" aria-label="what just happened">
      <h2>What just happened</h2>
      <p class="what" role="status">
        {present === undefined
          ? ''
          : `#${present.event} · ${nodes[present.node] ?? 'the world'}${present.life > 0 ? ` (life ${present.life})` : ''}: ${present.words}`}
      </p>
      <p>{present === undefined ? '' : explain(present)}</p>
      {note.value === '' ? null : <p class="note">{note.value}</p>}
      <button type="button" aria-expanded={why.value} onClick={() => (why.value = !why.value)}>
        why?
      </button>
      {why.value ? (
        <ol class="why">
          {chain.map((at) => (
            <li key={at}>
              <button type="button" onClick={() => go(at)}>
                because #{rows[at]?.event} {nodes[rows[at]?.node ?? -1] ?? ''}: {rows[at]?.words}
              </button>
            </li>
          ))}
          {chain.length === 0 ? <li>nothing that is shown led to it</li> : null}
        </ol>
      ) : null}
    </section>
  );
}

export function Strip(): VNode {
  const { cells, state, note: about } = strip.value;
  const count = (verdict: string): number => cells.filter((cell) => cell.verdict === verdict).length;
  return (
    <section class="panel" aria-label="crash strip">
      <h2>If {record.value.nodes[node.value]} had crashed elsewhere</h2>
      {state === 'no' ? (
        <button type="button" onClick={() => void runStrip()}>
          try every crash point of this height
        </button>
      ) : (
        <p role="status">
          {about}: {cells.length} points, {count('held')} held, {count('violated')} violated
          {state === 'running' ? ', still trying' : ''}
        </p>
      )}
      <div class="strip">
        {cells.slice(-300).map((cell) => (
          <button
            key={cell.name}
            type="button"
            class={cell.verdict}
            title={`${cell.name}${cell.message === '' ? '' : `: ${cell.message}`}`}
            aria-label={`${cell.name} ${cell.verdict}`}
            onClick={() => void runPoint(cell)}
          >
            {cell.verdict === 'violated' ? '✕' : cell.verdict === 'held' ? '·' : '?'}
          </button>
        ))}
      </div>
    </section>
  );
}

export function Properties(): VNode {
  return (
    <section class="panel" aria-label="properties">
      <h2>Properties</h2>
      <ul class="properties">
        {record.value.properties.map(({ name, verdict, message, row: at }) => (
          <li key={name} class={verdict}>
            {verdict === 'violated' && at >= 0 ? (
              <button type="button" title={message} onClick={() => go(at)}>
                ✕ {name}
              </button>
            ) : (
              <span title={message}>
                {verdict === 'held' ? '✓' : verdict === 'violated' ? '✕' : verdict === 'off' ? '–' : '?'} {name}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `node:B kind:wal text`: all of them must fit. */
export function matching(text: string, at: number): boolean {
  const { rows, nodes } = record.value;
  const one = rows[at];
  if (one === undefined) return false;
  return text
    .split(/\s+/)
    .filter((part) => part !== '')
    .every((part) => {
      if (part.startsWith('node:')) return nodes[one.node] === part.slice(5);
      if (part.startsWith('kind:')) return one.kind === part.slice(5);
      return one.words.toLowerCase().includes(part.toLowerCase());
    });
}

export function Events(): VNode {
  const { rows, nodes } = record.value;
  const shown: number[] = [];
  for (let at = position.value; at < rows.length && shown.length < 14; at += 1) if (matching(filter.value, at)) shown.push(at);
  return (
    <section class="panel" aria-label="events">
      <h2>Events from here on</h2>
      <label>
        filter{' '}
        <input
          id="filter"
          value={filter.value}
          placeholder="node:B kind:wal prevote"
          onInput={(event) => (filter.value = event.currentTarget.value)}
        />
      </label>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">ms</th>
            <th scope="col">node</th>
            <th scope="col">what</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((at) => (
            <tr key={at} aria-current={at === position.value ? 'true' : undefined}>
              <td>
                <button type="button" onClick={() => go(at)}>
                  {rows[at]?.event}
                </button>
              </td>
              <td>{((rows[at]?.time ?? 0) / 1000).toFixed(1)}</td>
              <td>{nodes[rows[at]?.node ?? -1] ?? '-'}</td>
              <td>{rows[at]?.words}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Source(): VNode {
  const { source, nodes } = record.value;
  const present = row.value;
  // The step that names what has just happened: a death, a return, a fault of this node.
  const wanted = present?.kind === 'death' ? /crash|kill|power/ : present?.kind === 'restart' ? /restart/ : undefined;
  const name = nodes[present?.node ?? -1] ?? '';
  let isIn = false;
  return (
    <section class="panel" aria-label="scenario">
      <h2>Scenario</h2>
      <pre tabIndex={0}>
        {source.split('\n').map((text, index) => {
          if (/^\s*\.(node|fault|power)\(/.test(text)) isIn = text.includes(`'${name}'`);
          const isPresent = wanted !== undefined && isIn && wanted.test(text);
          return (
            <span key={index} class={isPresent ? 'present' : ''}>
              {text}
              {'\n'}
            </span>
          );
        })}
      </pre>
    </section>
  );
}

export function Chart(): VNode | null {
  const { chart } = record.value;
  if (chart.length === 0) return null;
  const lit = memory.value['step'] ?? '';
  return (
    <section class="panel" aria-label="statechart">
      <h2>Round statechart of {record.value.nodes[node.value]}</h2>
      <ol class="chart">
        {chart.map(({ name, transitions }) => (
          <li key={name} class={name === lit ? 'lit' : ''} aria-current={name === lit ? 'step' : undefined}>
            <b>{name}</b>
            <ul>
              {transitions.map(({ event, target, actions }) => (
                <li key={event} title={actions}>
                  {event} → {target}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}
