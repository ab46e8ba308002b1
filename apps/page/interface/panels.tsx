/** The panels beside the diagram: what others heard, narration, strip, properties, events, source. */
import type { VNode } from 'preact';
import { explain } from './explain.ts';
import { Quiz } from './quiz-panel.tsx';
import { filter, go, heard, node, note, position, record, row, runPoint, runStrip, strip, why } from './state.ts';

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
      </button>{' '}
      <Quiz />
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
