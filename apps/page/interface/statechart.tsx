/** The round statechart of the selected node, drawn from the machine itself, with the present state lit. */
import type { VNode } from 'preact';
import type { ChartState } from '../record/page-record.ts';
import { memory, nodeName, record } from './state.ts';

const width = 104;
const gap = 60;
const middle = 118;
const half = 17;

interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly events: readonly string[];
}

/** One arrow for all transitions between two states. */
export function arrowsOf(chart: readonly ChartState[]): readonly Arrow[] {
  return chart.flatMap(({ transitions }, from) => {
    const byTarget = new Map<number, string[]>();
    for (const { event, target } of transitions) {
      const to = chart.findIndex(({ name }) => name === target);
      byTarget.set(to, [...(byTarget.get(to) ?? []), event]);
    }
    return [...byTarget].map(([to, events]) => ({ from, to, events }));
  });
}

export function Chart(): VNode | null {
  const { chart } = record.value;
  if (chart.length === 0) return null;
  const lit = memory.value['step'] ?? '';
  const name = nodeName();
  return (
    <section class="panel" aria-label="statechart">
      <h2>Round statechart of {name}</h2>
      <div class="wide" tabIndex={0}>
        <svg
          class="statechart"
          width={chart.length * (width + gap)}
          height={236}
          viewBox={`0 0 ${chart.length * (width + gap)} 236`}
          role="img"
          aria-label={`the states ${chart.map((state) => state.name).join(', ')}; ${name} is in ${lit === '' ? 'none' : lit}; the transitions are listed below`}
        >
          <defs>
            <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
              <path d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {arrowsOf(chart).map((arrow) => (
            <Edge key={`${arrow.from} ${arrow.to}`} {...arrow} isLit={chart[arrow.from]?.name === lit} />
          ))}
          {chart.map((state, index) => (
            <g key={state.name} class={state.name === lit ? 'state lit' : 'state'}>
              <rect x={leftOf(index)} y={middle - half} width={width} height={2 * half} rx="9" />
              <text x={leftOf(index) + width / 2} y={middle + 4} text-anchor="middle">
                {state.name}
              </text>
            </g>
          ))}
        </svg>
      </div>
      <details>
        <summary>as a list</summary>
        <ol class="chart">
          {chart.map((state) => (
            <li key={state.name} class={state.name === lit ? 'lit' : ''} aria-current={state.name === lit ? 'step' : undefined}>
              <b>{state.name}</b>
              <ul>
                {state.transitions.map(({ event, target, actions }) => (
                  <li key={event} {...(actions === '' ? {} : { title: actions })}>
                    {event} → {target}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

const leftOf = (index: number): number => gap / 2 + index * (width + gap);

/** Onward above, back below, to itself a loop on top; the further, the higher. */
function Edge({ from, to, events, isLit }: Arrow & { readonly isLit: boolean }): VNode {
  const [first = ''] = events;
  const words = events.length === 1 ? first : `${events.length} events`;
  const start = leftOf(from) + width / 2;
  const end = leftOf(to) + width / 2;
  const span = Math.abs(to - from);
  const isOn = to > from;
  const side = isOn ? -1 : 1;
  const edge = middle + side * half;
  const far = edge + side * (14 + 17 * span);
  const shift = from === to ? 0 : (isOn ? 1 : -1) * Math.min(26, 9 * span);
  const path =
    from === to
      ? `M${start - 16} ${middle - half} C${start - 26} ${middle - half - 30} ${start + 26} ${middle - half - 30} ${start + 16} ${middle - half}`
      : span === 1 && isOn
        ? `M${leftOf(from) + width} ${middle} L${leftOf(to) - 2} ${middle}`
        : `M${start + shift} ${edge} C${start + shift} ${far} ${end - shift} ${far} ${end - shift} ${edge}`;
  const x = from === to ? start : (start + end) / 2;
  const y =
    from === to ? middle - half - 27 : span === 1 && isOn ? middle - 6 : edge + side * (10.5 + 13 * span) + (isOn ? -3 : 9);
  return (
    <g class={isLit ? 'edge lit' : 'edge'}>
      <title>{events.join(', ')}</title>
      <path d={path} marker-end="url(#tip)" />
      <text x={x} y={y} text-anchor="middle">
        {span === 1 && isOn ? `${events.length}` : words}
      </text>
    </g>
  );
}
