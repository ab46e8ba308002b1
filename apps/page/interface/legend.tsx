/** What the signs mean that are in sight: those of the stage, and those of the time line. */
import type { VNode } from 'preact';
import type { PageRecord } from '../record/page-record.ts';
import { flightsAt } from '../story/flights.ts';
import { viewOf } from '../story/shelf-chips.ts';

const signs: readonly (readonly [string, string])[] = [
  ['chip said', 'own vote, in memory'],
  ['chip waiting', 'own vote, not sent: it waits for the disk'],
  ['chip state', 'also in memory'],
  ['chip cached', 'in the page cache, not on the disk'],
  ['chip durable', 'on the disk'],
  ['chip lost', 'lost from the page cache'],
  ['chip damaged', 'damaged'],
  ['pill own', 'a message on its way'],
  ['pill own second', 'contradicts what it said before'],
  ['pill own lost', '✕ a message that is lost'],
  ['pill other', 'a message of another node'],
  ['pill other second', 'another node contradicts what it said before'],
  ['pill other lost', '✕ a message of another node that is lost'],
  ['pill dot', 'messages of the other nodes'],
  ['pill dot second', 'contradictions of the other nodes'],
  ['pill dot lost', '✕ a message of another node that is lost'],
];

/** Without a log no vote waits for the disk. */
const signsWithoutLog = signs.map(([kind, text]) => [kind, kind === 'chip waiting' ? 'own vote, not sent yet' : text] as const);

export interface LegendProps {
  readonly record: PageRecord;
  readonly at: number;
  readonly focus: number;
  /** On paper no messages are drawn. */
  readonly isPaper?: boolean;
}

export function Legend(props: LegendProps): VNode {
  const seen = kindsIn(props);
  return (
    <ul class="legend" aria-label="legend" data-rule>
      {(props.record.log === 'none' ? signsWithoutLog : signs)
        .filter(([kind]) => seen.has(kind))
        .map(([kind, text]) => (
          <li key={kind}>
            <span class={`${kind} sample`} aria-hidden="true" />
            {text}
          </li>
        ))}
    </ul>
  );
}

function kindsIn({ record, at, focus, isPaper }: LegendProps): ReadonlySet<string> {
  const views = record.nodes.map((_, node) => viewOf(record, node, at));
  const chips = views.flatMap(({ memory, cache, disk }) => [...memory, ...cache, ...disk].map(({ kind }) => `chip ${kind}`));
  const flights = isPaper === true ? [] : flightsAt(record, at, focus);
  const pills = flights.map(({ isFocus, isLost, isSecond, isLabelled }) => {
    const end = isLost ? ' lost' : isSecond ? ' second' : '';
    return `pill ${isFocus ? 'own' : isLabelled ? 'other' : 'dot'}${end}`;
  });
  return new Set([...chips, ...pills]);
}

/** The signs of the time line. */
export function LaneLegend({ record, isCompared }: { readonly record: PageRecord; readonly isCompared: boolean }): VNode {
  const shown: readonly (readonly [string, string, boolean])[] = [
    ['now', 'now', true],
    ['event', 'something happens', true],
    ['down', 'the node is down', record.downtimes.length > 0],
    ['step', 'a step of the story', true],
    ['differs', 'the first difference', isCompared],
    ['breaks', 'a rule is broken', record.properties.some(({ verdict, row }) => verdict === 'violated' && row >= 0)],
  ];
  return (
    <ul class="legend lanes" aria-label="signs of the time line" data-rule>
      {shown
        .filter(([, , isShown]) => isShown)
        .map(([kind, text]) => (
          <li key={kind}>
            <span class={`lane-sign ${kind}`} aria-hidden="true" />
            {text}
          </li>
        ))}
    </ul>
  );
}
