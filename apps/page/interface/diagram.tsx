/** The space-time diagram: a lane a node, a line a row, messages between them. Only what is visible is in the DOM. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MessageLife, PageRecord } from '../record/page-record.ts';
import { detail, placeIn, shownRows } from './rows.ts';
import { node } from './state.ts';

const rowHeight = 24;
const top = 28;
const left = 62;
/** Pixels of a letter of the labels. */
const letter = 7.3;
/** Rows in view, and the place of the present one among them. */
const visible = 22;
const present = 15;
/** Messages that were sent at most this many rows above the view may arrive in it. */
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
  /** A message was clicked, by its place among all; without it messages cannot be clicked. */
  readonly onMessage?: (index: number) => void;
}

/** Drawn in pixels of the screen, so that its letters keep their size. */
function useWidth(): readonly [{ current: HTMLDivElement | null }, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(280, Math.floor(entry?.contentRect.width ?? 600))));
    if (element.current !== null) watch.observe(element.current);
    return () => watch.disconnect();
  }, []);
  return [element, width];
}

export function Diagram({ record, title, at, onPick, onMessage }: Shown): VNode {
  const { rows, nodes } = record;
  const [frame, width] = useWidth();
  const listed = shownRows(record);
  const place = placeIn(listed, at);
  const first = Math.max(0, Math.min(place - present, listed.length - visible));
  const shown = listed.slice(first, first + visible);
  const [top0 = 0] = shown;
  const bottom = shown.at(-1) ?? 0;
  const lane = (index: number): number => left + 12 + index * ((width - left - 90) / Math.max(1, nodes.length - 1));
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
      <div ref={frame}>
        <svg
          class="diagram"
          data-quoted
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${title}, rows ${first + 1} to ${first + shown.length}; the same as a table below`}
        >
          {nodes.map((name, index) => (
            <g key={name}>
              <line class="lane" x1={lane(index)} x2={lane(index)} y1={top} y2={height} />
              <text
                class={index === node.value ? 'name chosen' : 'name'}
                x={lane(index)}
                y={16}
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
                <line
                  class={
                    message.promise === '' ? 'wire' : message.lost !== -1 && message.lost <= at ? 'wire own lost' : 'wire own'
                  }
                  {...place}
                />
                {onMessage === undefined ? null : (
                  <line class="grip" {...place} onClick={() => onMessage(record.messages.indexOf(message))} />
                )}
              </g>
            );
          })}
          {shown.map((index, offset) => {
            const row = rows[index];
            if (row === undefined) return null;
            const x = row.node === -1 ? left - 14 : lane(row.node);
            const state = index > at ? ' ahead' : index === at ? ' now' : '';
            return (
              <g
                key={index}
                class={`mark ${row.kind}${state}${violated.has(index) ? ' broken' : ''}`}
                onClick={() => onPick(index)}
              >
                <circle cx={x} cy={lineOf(offset)} r={8} />
                <text x={x} y={lineOf(offset) + 5} text-anchor="middle">
                  {signs[row.kind]}
                </text>
                <Label words={row.words} x={x} y={lineOf(offset) + 5} width={width} />
                <text class="when" x={2} y={lineOf(offset) + 5}>
                  {(row.time / 1000).toFixed(0)}
                </text>
              </g>
            );
          })}
          <line class="here" x1={0} x2={width} y1={line(at) + rowHeight / 2} y2={line(at) + rowHeight / 2} />
        </svg>
      </div>
      <details>
        <summary>as a table</summary>
        <table data-quoted>
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
                <td class="number">{((rows[index]?.time ?? 0) / 1000).toFixed(1)}</td>
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

interface LabelProps {
  readonly words: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** To the side that has more room, cut where it would leave the picture. */
function Label({ words, x, y, width }: LabelProps): VNode {
  const isRight = x < width / 2;
  const room = Math.floor((isRight ? width - x - 16 : x - left - 16) / letter);
  const text = words.length > room ? `${words.slice(0, Math.max(1, room - 1))}…` : words;
  return (
    <text class="words" x={isRight ? x + 14 : x - 14} y={y} text-anchor={isRight ? 'start' : 'end'}>
      {text}
    </text>
  );
}

function isDownIn(record: PageRecord, of: number, at: number): boolean {
  return record.downtimes.some((down) => down.node === of && down.from < at && (down.to === -1 || down.to > at));
}

/** Messages of which an end is in view and whose sending has happened; messages are in the order of sending. */
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
