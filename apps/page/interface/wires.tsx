/** Messages between the nodes of a stage: labelled pills, and dots where there are too many. */
import type { VNode } from 'preact';
import type { PageRecord } from '../record/page-record.ts';
import { flightsAt } from '../story/flights.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Words that have room in a pill. */
const mostWords = 2;

interface WiresProps {
  readonly record: PageRecord;
  readonly at: number;
  readonly focus: number;
  readonly boxes: readonly Box[];
  readonly onMessage?: (message: number) => void;
}

export function Wires({ record, at, focus, boxes, onMessage }: WiresProps): VNode | null {
  if (boxes.length !== record.nodes.length) return null;
  const flights = flightsAt(record, at, focus);
  const width = Math.max(...boxes.map(({ x, width: wide }) => x + wide));
  const height = Math.max(...boxes.map(({ y, height: tall }) => y + tall));
  return (
    <>
      <svg class="wires" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {flights.map(({ from, to, isFocus, isLost, isSecond }) => {
          const [start, end] = ends(boxes[from], boxes[to]);
          const kind = `wire${isFocus ? ' own' : ''}${isLost ? ' lost' : ''}${isSecond ? ' second' : ''}`;
          return (
            <line
              key={`${from} ${to} ${isLost}`}
              class={kind}
              x1={start.x}
              y1={start.y}
              x2={end.x}
              y2={end.y}
              marker-end="url(#arrow)"
            />
          );
        })}
      </svg>
      {flights.map(({ from, to, words, share, isFocus, isLost, isSecond, isLabelled, indexes }) => {
        const [start, end] = ends(boxes[from], boxes[to]);
        const place = { left: `${start.x + (end.x - start.x) * share}px`, top: `${start.y + (end.y - start.y) * share}px` };
        const key = `pill ${from} ${to} ${isLost}`;
        const kind = `pill${isFocus ? ' own' : isLabelled ? ' other' : ' dot'}${isLost ? ' lost' : isSecond ? ' second' : ''}`;
        const name = `${words.join(', ')} from ${record.nodes[from]} to ${record.nodes[to]}${isLost ? ', lost' : ''}`;
        const text = isLabelled
          ? `${isLost ? '✕\u00a0' : ''}${words.slice(0, mostWords).join(', ')}${words.length > mostWords ? ` + ${words.length - mostWords}` : ''}`
          : isLost
            ? '✕'
            : '';
        // Messages of other nodes are in the list beside the stage, because many small targets would overlap.
        if (onMessage === undefined || !isFocus)
          return (
            <span key={key} class={kind} style={place} data-key={key}>
              {text}
            </span>
          );
        return (
          <button
            key={key}
            type="button"
            class={kind}
            style={place}
            data-key={key}
            aria-label={name}
            title={name}
            onClick={() => onMessage(indexes[0] ?? -1)}
          >
            {text}
          </button>
        );
      })}
    </>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the line between the middles of two boxes leaves the one and enters the other. */
function ends(from: Box | undefined, to: Box | undefined): readonly [Point, Point] {
  const a = from ?? { x: 0, y: 0, width: 0, height: 0 };
  const b = to ?? a;
  return [edge(a, b), edge(b, a)];
}

function edge(of: Box, towards: Box): Point {
  const middle = { x: of.x + of.width / 2, y: of.y + of.height / 2 };
  const [dx, dy] = [towards.x + towards.width / 2 - middle.x, towards.y + towards.height / 2 - middle.y];
  const share = Math.min(of.width / 2 / Math.max(1, Math.abs(dx)), of.height / 2 / Math.max(1, Math.abs(dy)));
  return { x: middle.x + dx * share, y: middle.y + dy * share };
}
