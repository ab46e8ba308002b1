/** Explore: memory, page cache and disk of the selected node in full; what a crash struck out stays as a ghost; bytes on demand. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { FrameLife } from '../record/page-record.ts';
import { isDown, shelvesAt } from '../story/facts.ts';
import { fieldText, spoken } from '../story/words.ts';
import { memory, node, position, record } from './state.ts';

const opened = signal<FrameLife | undefined>(undefined);
const shelfLength = 12;

export function Shelves(): VNode {
  const { nodes, log } = record.value;
  const at = position.value;
  const down = isDown(record.value, node.value, at);
  const { cached, durable, ghosts } = shelvesAt(record.value, node.value, at);
  return (
    <section class="panel shelves" aria-label="what the node has">
      <h2>
        What {nodes[node.value]} has
        <span class="group">
          {nodes.map((name, index) => (
            <button key={name} type="button" aria-pressed={index === node.value} onClick={() => (node.value = index)}>
              {isDown(record.value, index, at) ? '✕ ' : ''}
              {name}
            </button>
          ))}
        </span>
        <span class={down ? 'bad' : 'good'}>{down ? 'down' : 'up'}</span>
      </h2>
      <div class="columns">
        <div>
          <h3>memory</h3>
          <dl>
            {Object.entries(down ? { node: 'down: memory is empty' } : memory.value).map(([key, value]) => (
              <div key={key}>
                <dt data-rule>{key}</dt>
                <dd>{fieldText(record.value, key, value)}</dd>
              </div>
            ))}
          </dl>
        </div>
        <Shelf
          title="page cache"
          hint="a kill leaves it, a power failure takes it"
          frames={log === 'none' ? [] : cached}
          ghosts={ghosts}
        />
        {log === 'none' ? (
          <div>
            <h3>disk</h3>
            <p id="no-log">No log. This node never reads what it writes, which is as good as none.</p>
          </div>
        ) : (
          <Shelf title="disk" hint="survives" frames={durable} ghosts={[]} />
        )}
      </div>
      {opened.value === undefined ? null : (
        <div class="bytes">
          <h3>
            {spoken(record.value, opened.value.label)}, {opened.value.bytes} bytes in {opened.value.file}{' '}
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

interface ShelfProps {
  readonly title: string;
  readonly hint: string;
  readonly frames: readonly FrameLife[];
  readonly ghosts: readonly FrameLife[];
}

function Shelf({ title, hint, frames, ghosts }: ShelfProps): VNode {
  const shown = frames.slice(-shelfLength);
  return (
    <div>
      <h3>
        {title} <small data-rule>{hint}</small>
      </h3>
      <ol class="frames">
        {frames.length > shown.length ? <li class="more">and {frames.length - shown.length} earlier ones</li> : null}
        {shown.map((frame) => (
          <li key={`${frame.file}${frame.cached}${frame.label}`} class={frame.isOwn ? 'own' : ''}>
            <button type="button" title={`the bytes of ${frame.label}`} onClick={() => (opened.value = frame)}>
              {spoken(record.value, frame.label)} <small>{frame.bytes} B</small>
            </button>
          </li>
        ))}
        {ghosts.slice(-shelfLength).map((frame, index) => (
          <li key={index} class="ghost" data-rule>
            <s>{spoken(record.value, frame.label)}</s> <small>lost</small>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A cut through the bytes: what is left of the frame when power fails there, and what recovery makes of it. */
const cut = signal(40);
const headerBytes = 32;

function Bytes({ frame }: { readonly frame: FrameLife }): VNode {
  if (frame.hex === '') return <p>In a run of this length the bytes are not kept.</p>;
  const bytes = frame.hex.split(' ');
  const kept = Math.min(cut.value, frame.bytes);
  const verdict =
    kept >= frame.bytes
      ? 'the whole frame is there: it is replayed'
      : kept < headerBytes
        ? 'not even its header is whole: a torn tail, cut'
        : 'its checksum does not fit: a torn tail, cut';
  return (
    <>
      <label>
        power fails at byte{' '}
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
          <span key={index} class={index >= kept ? 'cut' : index < headerBytes ? 'header' : ''}>
            {byte}{' '}
          </span>
        ))}
        {frame.bytes > bytes.length ? '…' : ''}
      </p>
    </>
  );
}
