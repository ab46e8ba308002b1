/** The stage: each node with its memory, page cache and disk, and what it has sent to others; messages on their way between them. */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PageRecord } from '../record/page-record.ts';
import { cutOff, heardInThisLife, memoryAt } from '../story/facts.ts';
import { type Chip, type DecisionView, mostTold, noVoteYet, toldBy, viewOf } from '../story/shelf-chips.ts';
import { moveFrom, type Places, placesIn } from './motion.ts';
import { isPresenting } from './state.ts';
import { type Box, Wires } from './wires.tsx';

export interface StageProps {
  readonly record: PageRecord;
  readonly at: number;
  /** The node of which is spoken. */
  readonly focus: number;
  readonly title: string;
  readonly onNode?: (node: number) => void;
  readonly onMessage?: (message: number) => void;
  /** What can be done to a node, shown on it. */
  readonly actsOn?: (node: number) => VNode | null;
  /** Smaller: two stages are side by side. */
  readonly isCompact?: boolean;
}

export function Stage(props: StageProps): VNode {
  const { record, at, focus, title, onMessage, isCompact } = props;
  const root = useRef<HTMLDivElement>(null);
  const before = useRef<Places>(new Map());
  const shown = useRef(record);
  const [boxes, setBoxes] = useState<readonly Box[]>([]);
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    fit(element);
    setBoxes(boxesIn(element, record.nodes.length));
    if (shown.current === record) moveFrom(element, before.current);
    shown.current = record;
    before.current = placesIn(element);
  }, [record, at, focus, isPresenting.value]);
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => {
      fit(element);
      setBoxes(boxesIn(element, record.nodes.length));
    });
    watch.observe(element);
    if (element.parentElement !== null) watch.observe(element.parentElement);
    return () => watch.disconnect();
  }, [record]);
  const count = record.nodes.length;
  const columns = count <= 2 ? count : count <= 4 ? 2 : count <= 6 ? 3 : 4;
  const size = count > 4 ? ' crowded' : '';
  return (
    <section class={`stage columns-${columns}${size}${isCompact === true ? ' compact' : ''}`} aria-label={title} ref={root}>
      <Wires record={record} at={at} focus={focus} boxes={boxes} {...(onMessage === undefined ? {} : { onMessage })} />
      {record.nodes.map((name, index) => (
        <NodeCard key={name} {...props} node={index} />
      ))}
    </section>
  );
}

/** No text may become smaller than this. */
const smallestPx = 13;

/** On a projector everything is large: the stage is made to fit, as far as its smallest letters allow. */
function fit(element: HTMLElement): void {
  const stand = element.parentElement;
  const root = document.documentElement;
  if (stand === null || !root.classList.contains('present')) {
    element.style.zoom = '';
    return;
  }
  const small = 0.8125 * Number.parseFloat(getComputedStyle(root).fontSize);
  const legend = stand.querySelector('.legend')?.getBoundingClientRect().height ?? 0;
  const available = stand.clientHeight - legend - 2.2 * small;
  // Smaller letters wrap less, so the height does not follow the size in proportion.
  let [least, most] = [Math.min(1, smallestPx / small), 1];
  for (let round = 0; round < 6; round += 1) {
    const middle = round === 0 ? 1 : (least + most) / 2;
    element.style.zoom = String(middle);
    if (element.getBoundingClientRect().height > available) most = middle;
    else if (round === 0) return;
    else least = middle;
  }
  element.style.zoom = String(least);
}

const zoomOf = (element: HTMLElement): number => Number(element.style.zoom === '' ? 1 : element.style.zoom);

function boxesIn(element: HTMLElement, count: number): readonly Box[] {
  const zoom = zoomOf(element);
  const { left, top } = element.getBoundingClientRect();
  const cards = [...element.querySelectorAll('.node')].slice(0, count);
  return cards.map((card) => {
    const box = card.getBoundingClientRect();
    return { x: (box.left - left) / zoom, y: (box.top - top) / zoom, width: box.width / zoom, height: box.height / zoom };
  });
}

/** The two votes of a round. */
const mostHeard = 2;

/** One node. Also used where nothing moves: in the handout. */
export function NodeCard({
  record,
  at,
  node,
  focus,
  onNode,
  actsOn,
}: Omit<StageProps, 'title'> & { readonly node: number }): VNode {
  const { name, status, isDown, decision, memory, cache, disk } = viewOf(record, node, at);
  const isFocus = node === focus;
  const told = toldBy(record, node, at, isFocus ? mostTold : 0);
  // What contradicts itself stays in sight when its height is over.
  const past = told.map((one) => one.past);
  const height = past.includes(undefined) ? memoryAt(record, node, at)['height'] : past[0];
  const isBroken = told.some(({ fault }) => fault !== '') || decision?.other !== undefined;
  const kinds = `node${isFocus ? ' focus' : ''}${isDown ? ' dead' : ''}${isBroken ? ' broken' : ''}`;
  const acts = actsOn?.(node) ?? null;
  return (
    <article class={kinds} aria-label={`node ${name}: ${status}`}>
      <header>
        {onNode === undefined ? (
          <b class="name">{name}</b>
        ) : (
          <button type="button" class="name" aria-pressed={isFocus} onClick={() => onNode(node)}>
            {name}
          </button>
        )}
        <span class="status">
          {isDown ? '✕ ' : ''}
          {status}
          {record.faulty.includes(name) ? ' · a liar' : ''}
        </span>
        {isDown ? null : <CutLinks record={record} at={at} node={node} />}
        {decision === undefined ? null : (
          <Decided {...decision} isCounted={decision.isNews || (isFocus && memory.some(({ text }) => text === noVoteYet))} />
        )}
      </header>
      <Shelf title="memory" chips={memory} />
      {record.log === 'none' ? null : <Shelf title="page cache" chips={cache} />}
      <Shelf title="disk" chips={disk} />
      {isFocus || isDown ? null : <Heard record={record} at={at} node={node} focus={focus} />}
      {told.length === 0 ? null : (
        <div class="told">
          <h3>
            sent{height === undefined ? '' : ` at height ${height}`}, out of {name}'s hands
          </h3>
          <ul class={isFocus ? '' : 'brief'}>
            {told.map(({ key, text, heard, underWay, again, fault }) => (
              <li key={key} class={fault === '' ? '' : 'second'}>
                <b>{text}</b>
                {isFocus ? <span>{whereIs(heard, underWay, again)}</span> : null}
                {fault === '' ? null : <em>✕ {fault}</em>}
              </li>
            ))}
          </ul>
        </div>
      )}
      {acts}
    </article>
  );
}

function whereIs(heard: readonly string[], underWay: readonly string[], again: readonly string[]): string {
  const parts = [
    heard.length === 0 ? '' : ` heard by ${heard.join(' ')}`,
    underWay.length === 0 ? '' : ` on its way to ${underWay.join(' ')}`,
    again.length === 0 ? '' : ` sent again to ${again.join(' ')}`,
  ];
  return parts.filter((one) => one !== '').join(',');
}

/** A decision is for good: where two nodes have decided differently, both say so. */
function Decided({ value, by, other, isCounted }: DecisionView & { readonly isCounted: boolean }): VNode {
  return (
    <span class={`decided${other === undefined ? '' : ' split'}`}>
      {other === undefined ? '✓ decided ' : '✕ decided '}
      <b>{value}</b>
      {by.length > 0 && isCounted ? ` with precommits of ${by.join(' ')}` : ''}
      {by.length > 0 || other === undefined ? '' : `, and ${other.name} ${other.value}`}
    </span>
  );
}

/** The nodes with which a node cannot exchange messages now, if they are half of the others or more. In a small group the others need no word. */
function CutLinks({ record, at, node }: Pick<StageProps, 'record' | 'at'> & { readonly node: number }): VNode | null {
  const others = record.nodes.length - 1;
  const { from, unheardBy, deafTo } = cutOff(record, node, at);
  const named = (names: readonly string[]): string => (names.length === others ? 'all' : names.join(' '));
  const parts = [
    [from, 'cut off from'],
    [deafTo, 'gets nothing from'],
    [unheardBy, 'cannot reach'],
  ] as const;
  const shown = parts
    .filter(([names]) => 2 * names.length >= others)
    .map(([names, words]) => (names === from && names.length === others ? 'cut off' : `${words} ${named(names)}`));
  return shown.length === 0 ? null : <span class="cut-off">✕ {shown.join(', ')}</span>;
}

/** What a node has heard from the node in focus: the receiving side of what that one sent. */
function Heard({
  record,
  at,
  node,
  focus,
}: Pick<StageProps, 'record' | 'at' | 'focus'> & { readonly node: number }): VNode | null {
  const heard = toldBy(record, focus, at, mostHeard).filter((one) => heardInThisLife(record, node, one.label, focus, at));
  if (heard.length === 0) return null;
  return (
    <p class="heard">
      heard from {record.nodes[focus]}:{' '}
      {heard.map(({ key, text, fault }, index) => (
        <span key={key} class={fault === '' ? '' : 'second'}>
          {index === 0 ? '' : ', '}
          <b>{text}</b>
        </span>
      ))}
    </p>
  );
}

function Shelf({ title, chips }: { readonly title: string; readonly chips: readonly Chip[] }): VNode {
  return (
    <div class="shelf">
      <h3>{title}</h3>
      <ul>
        {chips.map(({ text, kind, key, from }) => (
          <li key={key} class={`chip ${kind}`} data-key={key} data-from={from}>
            {kind === 'lost' ? (
              <>
                <s>{text}</s>
                <span class="hidden"> (lost)</span>
              </>
            ) : (
              text
            )}
          </li>
        ))}
        {chips.length === 0 ? <li class="chip empty">empty</li> : null}
      </ul>
    </div>
  );
}
