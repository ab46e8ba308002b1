/** The transport: steps, play, from crash to crash, speed, and the scrubber under the minimap. */
import { effect } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { drawMinimap } from './diagram.tsx';
import { crash, go, isPlaying, position, record, row, speed, step } from './state.ts';

export function Transport(): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(
    () =>
      effect(() => {
        if (canvas.current !== null) drawMinimap(canvas.current, record.value);
      }),
    [],
  );
  const { rows } = record.value;
  const present = row.value;
  return (
    <nav aria-label="transport">
      <button type="button" aria-label="previous crash" title="previous crash (p)" onClick={() => crash(-1)}>
        ✕◀
      </button>
      <button type="button" aria-label="one back" title="one back (←)" onClick={() => step(-1)}>
        ◀
      </button>
      <button
        type="button"
        aria-label={isPlaying.value ? 'pause' : 'play'}
        title="play (space)"
        onClick={() => (isPlaying.value = !isPlaying.value)}
      >
        {isPlaying.value ? '❚❚' : '▶'}
      </button>
      <button type="button" aria-label="one on" title="one on (→)" onClick={() => step(1)}>
        ▶|
      </button>
      <button type="button" aria-label="next crash" title="next crash (n)" onClick={() => crash(1)}>
        ▶✕
      </button>
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
      <div class="scrub">
        <canvas
          ref={canvas}
          width={900}
          height={48}
          aria-hidden="true"
          onClick={(event) => go((event.offsetX / event.currentTarget.clientWidth) * rows.length)}
        />
        <input
          type="range"
          aria-label="position in the run"
          min={0}
          max={rows.length - 1}
          value={position.value}
          onInput={(event) => go(Number(event.currentTarget.value))}
        />
      </div>
      <span class="place">
        {position.value + 1}/{rows.length} t={((present?.time ?? 0) / 1000).toFixed(1)} ms
      </span>
    </nav>
  );
}
