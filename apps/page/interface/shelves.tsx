/** Memory, page cache and disk of the selected node as three shelves; what a crash struck out stays as a ghost; bytes on demand. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { FrameLife } from '../record/page-record.ts';
import { framesOf, isDown, memory, node, position, record } from './state.ts';

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
