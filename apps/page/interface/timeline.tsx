/** The time line: steps, play, from death to death, and the scrubber under a lane for each node. */
import { effect } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { memoryAt } from '../story/facts.ts';
import { propertyWords } from '../story/goal.ts';
import { firstDifference } from './compare.tsx';
import { drawLanes } from './lanes.ts';
import { LaneLegend } from './legend.tsx';
import { compared, face, isPlaying, lesson, node, position, record, row, speed } from './state.ts';
import { tour } from './tour.ts';
import { crash, go, step } from './travel.ts';

/** In the story as far as its stops go, so that they are not crowded into a corner; elsewhere the whole run. */
export function lastShownRow(): number {
  const { rows, variant } = record.value;
  const end = rows.length - 1;
  if (face.value !== 'story') return end;
  const stops = tour.value.filter((one) => lesson.value === undefined || one.variant === variant).map((one) => one.row);
  const last = lesson.value === undefined ? (stops.at(-2) ?? end) : (stops.at(-1) ?? end);
  return Math.min(end, Math.max(position.value, Math.ceil(last * 1.08) + 30));
}

/** Broken promises that have room beside the time line. */
const mostBroken = 3;

export function Timeline(): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = (): void => {
    if (canvas.current === null) return;
    const marks = tour.value.filter((one) => one.variant === record.value.variant).map((one) => one.row);
    const difference = compared.value === undefined ? -1 : firstDifference(record.value, compared.value);
    drawLanes(canvas.current, record.value, { at: position.value, last: lastShownRow(), marks, difference, node: node.value });
  };
  useEffect(() => effect(draw), []);
  useEffect(() => {
    const watch = new ResizeObserver(draw);
    if (canvas.current !== null) watch.observe(canvas.current);
    return () => watch.disconnect();
  }, []);
  const { rows, properties } = record.value;
  const memory = memoryAt(record.value, node.value, position.value);
  const broken = properties.filter(({ verdict, row: at }) => verdict === 'violated' && at >= 0 && at <= position.value);
  const place = memory['height'] === undefined ? '' : `, height ${memory['height']}, round ${memory['round'] ?? 0}`;
  const listed = broken.length > mostBroken ? mostBroken - 1 : broken.length;
  return (
    <nav aria-label="time" class="time">
      <div class="controls">
        <Control name="previous death" sign="✕◀" act={() => crash(-1)} />
        <Control name="one back" sign="|◀" act={() => step(-1)} />
        <Control
          name={isPlaying.value ? 'pause' : 'play'}
          sign={isPlaying.value ? '❚❚' : '▶'}
          act={() => (isPlaying.value = !isPlaying.value)}
          isPrimary
        />
        <Control name="one on" sign="▶|" act={() => step(1)} />
        <Control name="next death" sign="▶✕" act={() => crash(1)} />
        {face.value === 'story' ? null : (
          <label>
            speed{' '}
            <select value={String(speed.value)} onChange={(event) => (speed.value = Number(event.currentTarget.value))}>
              {[0.5, 1, 4, 16].map((one) => (
                <option key={one} value={String(one)}>
                  {one}×
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div class="scrub">
        <canvas
          ref={canvas}
          aria-hidden="true"
          onClick={(event) => go((event.offsetX / event.currentTarget.clientWidth) * lastShownRow())}
        />
        <input
          type="range"
          aria-label="position in the run"
          min={0}
          max={Math.min(rows.length - 1, lastShownRow())}
          value={position.value}
          onInput={(event) => go(Number(event.currentTarget.value))}
        />
        <LaneLegend record={record.value} isCompared={compared.value !== undefined} />
      </div>
      <p class="place">
        <span id="place">
          moment {position.value + 1} of {lastShownRow() + 1}
        </span>
        <span>
          {((row.value?.time ?? 0) / 1000).toFixed(1)} ms{place}
        </span>
        {broken.length === 0 ? (
          <span class="good">✓ no rule broken yet</span>
        ) : (
          <>
            <span class="bad">✕ {broken.length === 1 ? 'a rule is broken' : 'rules are broken'}:</span>
            {broken.slice(0, listed).map(({ name }) => (
              <span key={name} class="bad promise">
                {propertyWords(name)}
              </span>
            ))}
            {broken.length > listed ? <span class="bad promise">and {broken.length - listed} more</span> : null}
          </>
        )}
      </p>
    </nav>
  );
}

interface ControlProps {
  readonly name: string;
  readonly sign: string;
  readonly act: () => void;
  readonly isPrimary?: boolean;
}

function Control({ name, sign, act, isPrimary }: ControlProps): VNode {
  return (
    <button type="button" class={isPrimary === true ? 'round primary' : 'round'} aria-label={name} title={name} onClick={act}>
      {sign}
    </button>
  );
}
