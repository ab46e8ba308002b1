/** The space-time diagram: a lane a node, a line a row, messages between them. Only what is visible is in the DOM. */
import type { VNode } from 'preact';
import type { MessageLife, PageRecord } from '../record/page-record.ts';
import { detail, node, placeIn, position, shownRows } from './state.ts';

const rowHeight = 21;
const top = 26;
const left = 40;
/** Rows in view, and where the present one stands among them. */
const visible = 22;
const present = 15;
/** Messages that were sent so many rows above the view may arrive in it. */
const longestWay = 150;

const signs: Readonly<Record<string, string>> = {
  wal: '▫',
  store: '▪',
  timer: '◷',
  death: '✕',
  restart: '↻',
  stopped: '■',
  fault: '!',
  replay: '⟳',
  said: '✎',
  decided: '✔',
  message: '→',
  other: '·',
};

interface Shown {
  readonly record: PageRecord;
  readonly title: string;
  /** The present row of this record. */
  readonly at: number;
  readonly onPick: (row: number) => void;
  /** A message was clicked, by its place among all; left out: messages are not for clicking. */
  readonly onMessage?: (index: number) => void;
}

export function Diagram({ record, title, at, onPick, onMessage }: Shown): VNode {
  const { rows, nodes } = record;
  const listed = shownRows(record);
  const place = placeIn(listed, at);
  const first = Math.max(0, Math.min(place - present, listed.length - visible));
  const shown = listed.slice(first, first + visible);
  const [top0 = 0] = shown;
  const bottom = shown.at(-1) ?? 0;
  const lane = (index: number): number => left + 10 + index * (480 / Math.max(1, nodes.length));
  const lineOf = (offset: number): number => top + offset * rowHeight + rowHeight / 2;
  const line = (row: number): number => lineOf(placeIn(listed, row) - first);
  const height = top + visible * rowHeight;
  const messages = inView(record.messages, top0, bottom + 1, at);
  const violated = new Set(record.properties.filter((one) => one.verdict === 'violated').map((one) => one.row));
  return (
    <section class="panel" aria-label={title}>
      <h2>
        {title}
        <button
          type="button"
          aria-pressed={detail.value === 'all'}
          onClick={() => (detail.value = detail.value === 'all' ? 'story' : 'all')}
        >
          every event
        </button>
      </h2>
      <svg
        class="diagram"
        viewBox={`0 0 ${left + 560} ${height}`}
        role="img"
        aria-label={`${title}, rows ${first + 1} to ${first + shown.length}; the same as a table below`}
      >
        {nodes.map((name, index) => (
          <g key={name}>
            <line class="lane" x1={lane(index)} x2={lane(index)} y1={top} y2={height} />
            <text
              class={index === node.value ? 'name chosen' : 'name'}
              x={lane(index)}
              y={14}
              text-anchor="middle"
              onClick={() => (node.value = index)}
            >
              {name}
            </text>
            {shown.map((row, offset) =>
              isDownIn(record, index, row) ? (
                <line
                  key={offset}
                  class="down"
                  x1={lane(index)}
                  x2={lane(index)}
                  y1={lineOf(offset) - rowHeight / 2}
                  y2={lineOf(offset) + rowHeight / 2}
                />
              ) : null,
            )}
          </g>
        ))}
        {messages.map((message, key) => {
          const end = message.heard === -1 || message.heard > at ? Math.min(at, message.sent + 2) : message.heard;
          const share = message.heard === -1 || message.heard > at ? 0.5 : 1;
          const place = {
            x1: lane(message.from),
            y1: line(message.sent),
            x2: lane(message.from) + (lane(message.to) - lane(message.from)) * share,
            y2: line(end),
          };
          return (
            <g key={key}>
              <line class={message.promise === '' ? 'wire' : message.heard === -1 ? 'wire own lost' : 'wire own'} {...place} />
              {onMessage === undefined ? null : (
                <line class="grip" {...place} onClick={() => onMessage(record.messages.indexOf(message))} />
              )}
            </g>
          );
        })}
        {shown.map((index, offset) => {
          const row = rows[index];
          if (row === undefined) return null;
          const x = row.node === -1 ? left - 20 : lane(row.node);
          const state = index > at ? ' ahead' : index === at ? ' now' : '';
          return (
            <g
              key={index}
              class={`mark ${row.kind}${state}${violated.has(index) ? ' broken' : ''}`}
              onClick={() => onPick(index)}
            >
              <circle cx={x} cy={lineOf(offset)} r={6.5} />
              <text x={x} y={lineOf(offset) + 4} text-anchor="middle">
                {signs[row.kind]}
              </text>
              <text class="words" x={x + 13} y={lineOf(offset) + 4}>
                {short(row.words)}
              </text>
              <text class="when" x={2} y={lineOf(offset) + 4}>
                {(row.time / 1000).toFixed(0)}
              </text>
            </g>
          );
        })}
        <line class="here" x1={0} x2={left + 560} y1={line(at) + rowHeight / 2} y2={line(at) + rowHeight / 2} />
      </svg>
      <details>
        <summary>as a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">ms</th>
              <th scope="col">node</th>
              <th scope="col">what</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((index) => (
              <tr key={index} aria-current={index === at ? 'true' : undefined}>
                <td>{((rows[index]?.time ?? 0) / 1000).toFixed(1)}</td>
                <td>{nodes[rows[index]?.node ?? -1] ?? '-'}</td>
                <td>{rows[index]?.words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

const short = (words: string): string => (words.length > 34 ? `${words.slice(0, 33)}…` : words);

function isDownIn(record: PageRecord, of: number, at: number): boolean {
  return record.downtimes.some((down) => down.node === of && down.from < at && (down.to === -1 || down.to > at));
}

/** Messages of which an end is in view and whose sending has happened; messages stand in the order of sending. */
function inView(messages: readonly MessageLife[], first: number, end: number, at: number): readonly MessageLife[] {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.sent ?? 0) < first - longestWay) low = middle + 1;
    else high = middle;
  }
  const found: MessageLife[] = [];
  for (let index = low; index < messages.length && found.length < 160; index += 1) {
    const message = messages[index];
    if (message === undefined || message.sent >= end || message.sent > at) break;
    const arrives = message.heard === -1 ? message.sent + 2 : message.heard;
    if (arrives >= first) found.push(message);
  }
  return found;
}

const backgrounds = new WeakMap<PageRecord, Map<string, ImageData>>();

/** A row a node: density of events, downtimes, and where properties broke. Drawn once a run and theme; then only the present moves. */
export function drawMinimap(canvas: HTMLCanvasElement, record: PageRecord): void {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return;
  const { width, height } = canvas;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const known = backgrounds.get(record) ?? new Map<string, ImageData>();
  backgrounds.set(record, known);
  const theme = colour('--accent');
  const background = known.get(theme);
  if (background === undefined) {
    drawBackground(context, width, height, record, { busy: theme, bad: colour('--bad') });
    known.set(theme, context.getImageData(0, 0, width, height));
  } else context.putImageData(background, 0, 0);
  context.fillStyle = colour('--ink');
  context.fillRect((position.value / Math.max(1, record.rows.length)) * width, 0, 2, height);
}

function drawBackground(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  record: PageRecord,
  colours: { readonly busy: string; readonly bad: string },
): void {
  context.clearRect(0, 0, width, height);
  const total = Math.max(1, record.rows.length);
  const lane = height / record.nodes.length;
  const bins = record.nodes.map(() => new Uint16Array(width));
  for (const [index, row] of record.rows.entries()) {
    const bin = bins[row.node];
    const x = Math.floor((index / total) * width);
    if (bin !== undefined) bin[x] = (bin[x] ?? 0) + 1;
  }
  context.fillStyle = colours.busy;
  for (const [index, bin] of bins.entries()) {
    const most = Math.max(1, ...bin);
    for (let x = 0; x < width; x += 1) {
      const tall = Math.ceil(((bin[x] ?? 0) / most) * (lane - 3));
      if (tall > 0) context.fillRect(x, (index + 1) * lane - tall - 1, 1, tall);
    }
  }
  context.fillStyle = colours.bad;
  for (const { node: of, from, to } of record.downtimes) {
    const x = (from / total) * width;
    context.fillRect(x, of * lane, Math.max(2, ((to === -1 ? total : to) / total) * width - x), lane - 1);
  }
  for (const { row, verdict } of record.properties)
    if (verdict === 'violated' && row >= 0) context.fillRect((row / total) * width - 1, 0, 3, height);
}
