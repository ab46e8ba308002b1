/** The panels of Explore: what just happened, what others heard, properties, events, source. */
import type { VNode } from 'preact';
import { propertyWords } from '../story/goal.ts';
import { narrate } from '../story/narrate.ts';
import { toldBy } from '../story/shelf-chips.ts';
import { Quiz } from './quiz-panel.tsx';
import { Words } from './sentences.tsx';
import { filter, node, nodeName, note, position, record, row, why } from './state.ts';
import { go } from './travel.ts';

export function Heard(): VNode {
  const told = toldBy(record.value, node.value, position.value, 7);
  return (
    <section class="panel" aria-label="what others heard">
      <h2 data-rule>What others heard from {nodeName()}</h2>
      {told.length === 0 ? <p>Nothing yet.</p> : null}
      <ul class="promises">
        {told.map(({ key, text, heard, underWay, fault }) => (
          <li key={key} class={fault === '' ? '' : 'broken'} data-rule>
            <b>{text}</b> {heard.length === 0 ? '' : `heard by ${heard.join(' ')}`}
            {underWay.length === 0 ? '' : `${heard.length === 0 ? '' : ', '}on its way to ${underWay.join(' ')}`}
            {fault === '' ? null : <em> ✕ {fault}</em>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Narration(): VNode {
  const present = row.value;
  const { rows, nodes } = record.value;
  const { head, more } = narrate(record.value, position.value);
  const chain: number[] = [];
  for (let at = present?.cause ?? -1; at >= 0 && chain.length < 6; at = rows[at]?.cause ?? -1) chain.push(at);
  return (
    <section class="panel narration" aria-label="what just happened">
      <h2>
        <Words sentence={head} />
      </h2>
      {more.map((one) => (
        <p key={one.text}>
          <Words sentence={one} />
        </p>
      ))}
      <p class="what small" data-quoted>
        {present === undefined
          ? ''
          : `event ${present.event} of ${nodes[present.node] ?? 'the world'}${present.life > 0 ? `, life ${present.life}` : ''}: ${present.words}`}
      </p>
      {note.value === '' ? null : <p class="note">{note.value}</p>}
      <div class="group">
        <button type="button" aria-expanded={why.value} onClick={() => (why.value = !why.value)}>
          why?
        </button>
        <Quiz />
      </div>
      {why.value ? (
        <ol class="why" data-quoted>
          {chain.map((at) => (
            <li key={at}>
              <button type="button" onClick={() => go(at)}>
                because of event {rows[at]?.event} of {nodes[rows[at]?.node ?? -1] ?? 'the world'}: {rows[at]?.words}
              </button>
            </li>
          ))}
          {chain.length === 0 ? <li>nothing that is shown led to it</li> : null}
        </ol>
      ) : null}
    </section>
  );
}

const signs: Readonly<Record<string, string>> = { held: '✓', violated: '✕ broken:', off: '–', undecided: '?' };

export function Properties(): VNode {
  return (
    <section class="panel" aria-label="properties">
      <h2>What must hold</h2>
      <ul class="properties" data-rule>
        {record.value.properties.map(({ name, verdict, message, row: at }) => (
          <li key={name} class={verdict}>
            {verdict === 'violated' && at >= 0 ? (
              <button type="button" title={message} onClick={() => go(at)}>
                ✕ broken: {propertyWords(name)}
              </button>
            ) : (
              <span {...(message === '' ? {} : { title: message })}>
                {signs[verdict] ?? '?'} {propertyWords(name)}
              </span>
            )}
          </li>
        ))}
      </ul>
      <p class="small">✓ holds, ✕ is broken, ? cannot be said, – is not judged in this run</p>
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
      <table data-quoted>
        <thead>
          <tr>
            <th scope="col">event</th>
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
              <td class="number">{((rows[at]?.time ?? 0) / 1000).toFixed(1)}</td>
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
