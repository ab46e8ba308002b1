/** What the shelves of a node show at a row: few, large things. Own frames by name, those of others as a number. */
import type { FrameLife, PageRecord } from '../record/page-record.ts';
import { isDown, memoryAt, type Promised, promisedAt, shelvesAt } from './facts.ts';
import { spoken, valueName } from './words.ts';

export type ChipKind = 'state' | 'said' | 'waiting' | 'cached' | 'durable' | 'lost' | 'damaged' | 'more' | 'empty';

export interface Chip {
  readonly text: string;
  readonly kind: ChipKind;
  /** The same thing keeps its key from shelf to shelf, so that it can be seen to move. */
  readonly key: string;
  /** The key of what it came from, where it is new. */
  readonly from?: string;
}

/** What a node decided last. */
export interface DecisionView {
  readonly value: string;
  /** Another node has decided another value at this height: its name and its value. */
  readonly other: { readonly name: string; readonly value: string } | undefined;
}

export interface NodeView {
  readonly name: string;
  readonly status: string;
  readonly isDown: boolean;
  readonly decision: DecisionView | undefined;
  readonly memory: readonly Chip[];
  readonly cache: readonly Chip[];
  readonly disk: readonly Chip[];
}

/** A proposal and the two votes of a round, and one more. */
export const mostTold = 4;
const mostOwn = 2;
const mostLies = 2;
/** Where there are more, the two of the last round are shown. */
const mostVotes = 3;
const lastVotes = 2;

export function viewOf(record: PageRecord, node: number, at: number): NodeView {
  const down = isDown(record, node, at);
  const { cached, durable, ghosts } = shelvesAt(record, node, at);
  const hasLog = record.log === 'file';
  // A node that is up again works with what is there: what it lost is no part of its cache.
  const lost = down ? shown(record, ghosts, 'lost', at) : [];
  return {
    name: record.nodes[node] ?? '',
    status: statusOf(record, node, at, down),
    isDown: down,
    decision: decisionAt(record, node, at),
    memory: down ? [{ text: 'empty', kind: 'empty', key: `${node} empty` }] : memoryChips(record, node, at),
    cache: [...shown(record, cached, 'cached', at), ...lost],
    disk: hasLog ? shown(record, durable, 'durable', at) : [{ text: 'no log', kind: 'empty', key: `${node} no log` }],
  };
}

function decisionAt(record: PageRecord, node: number, at: number): DecisionView | undefined {
  const made = record.decisions.filter(({ row }) => row <= at);
  const last = made.findLast((one) => one.node === node);
  if (last === undefined) return undefined;
  const { height, value } = last;
  const other = made.find((one) => one.height === height && one.value !== value);
  return {
    value: valueName(record, value),
    other: other && { name: record.nodes[other.node] ?? '', value: valueName(record, other.value) },
  };
}

function statusOf(record: PageRecord, node: number, at: number, down: boolean): string {
  if (down) {
    const death = record.rows.findLast((row, index) => index <= at && row.node === node && /death|stopped/.test(row.kind));
    return death?.kind === 'stopped' ? 'has stopped itself' : death?.words.startsWith('✕ kill') ? 'killed' : 'has no power';
  }
  const memory = memoryAt(record, node, at);
  const mode = memory['mode'];
  if (mode !== undefined && mode !== 'running') return modeWords[mode] ?? mode;
  const { height, round, step, role, term } = memory;
  if (role !== undefined) return `${role}, term ${term ?? '?'}`;
  return height === undefined ? 'up' : `height ${height}, round ${round ?? 0}${step === undefined ? '' : `, ${step}`}`;
}

const modeWords: Readonly<Record<string, string>> = { waiting: 'starts', replaying: 'reads its log', storing: 'stores a block' };

function memoryChips(record: PageRecord, node: number, at: number): readonly Chip[] {
  const memory = memoryAt(record, node, at);
  const waiting = listOf(memory['waiting for the disk']);
  const votes = listOf(memory['own votes']);
  const latest = votes.length > mostVotes ? votes.slice(-lastVotes) : votes;
  const chips: Chip[] = latest.map((label) => ({
    text: waiting.includes(label) ? `${spoken(record, label)}, waits` : spoken(record, label),
    kind: waiting.includes(label) ? 'waiting' : 'said',
    key: `${node} memory ${label}`,
  }));
  if (votes.length > latest.length)
    chips.unshift({ text: `${votes.length - latest.length} earlier`, kind: 'more', key: `${node} earlier votes` });
  const lock = memory['locked'];
  if (lock !== undefined && lock !== '-')
    chips.push({ text: `lock ${valueName(record, lock.replace(/ \(.*/, ''))}`, kind: 'state', key: `${node} lock` });
  const { votedFor, entries } = memory;
  if (votedFor !== undefined) chips.push({ text: `voted for ${votedFor}`, kind: 'said', key: `${node} voted` });
  if (entries !== undefined) chips.push({ text: `${entries} entries`, kind: 'state', key: `${node} entries` });
  return chips.length > 0 ? chips : [{ text: 'no vote yet', kind: 'empty', key: `${node} none` }];
}

const listOf = (text: string | undefined): readonly string[] => (text === undefined || text === '-' ? [] : text.split(', '));

function shown(record: PageRecord, frames: readonly FrameLife[], kind: ChipKind, at: number): readonly Chip[] {
  const own = unique(frames.filter(({ isOwn }) => isOwn)).slice(-mostOwn);
  const damaged = frames.filter((frame) => frame.damaged !== -1 && frame.damaged <= at);
  const named = [...own.filter((frame) => !damaged.includes(frame)), ...damaged];
  const rest = frames.filter(
    (frame) => !named.includes(frame) && !(frame.isOwn && own.some(({ label }) => label === frame.label)),
  );
  const chips = named.map((frame): Chip => {
    const isDamaged = damaged.includes(frame);
    const what = frame.label.replace(/^own /, '');
    return {
      text: isDamaged ? `damaged: ${spoken(record, frame.label)}` : spoken(record, frame.label).replace(/^own /, 'own '),
      kind: isDamaged ? 'damaged' : kind,
      key: `${frame.node} frame ${frame.file} ${frame.cached} ${frame.label}`,
      from: `${frame.node} memory ${what}`,
    };
  });
  if (rest.length === 0) return chips;
  // Without a number: recovery copies frames and each height begins a new file, so that numbers change without a word.
  return [
    ...chips,
    {
      text: chips.length > 0 ? '+ other entries' : 'entries',
      kind: kind === 'lost' ? 'lost' : 'more',
      key: `${frames[0]?.node} rest ${kind}`,
    },
  ];
}

/** The newest copy of each frame. */
function unique(frames: readonly FrameLife[]): readonly FrameLife[] {
  return frames.filter((frame, index) => !frames.slice(index + 1).some(({ label }) => label === frame.label));
}

export interface Told {
  readonly key: string;
  readonly text: string;
  readonly heard: readonly string[];
  readonly underWay: readonly string[];
  readonly again: readonly string[];
  /** What sort of message it is: `prevote`. */
  readonly type: string;
  /** A second value under one promise. */
  readonly isSecond: boolean;
  /** The height of which it speaks, where the node is past that. */
  readonly past: string | undefined;
}

/** What a node has sent to others lately; two values for one promise stay in sight. */
export function toldBy(record: PageRecord, node: number, at: number, most: number): readonly Told[] {
  const all = promisedAt(record, node, at);
  // Those of the present height: what is decided is no longer the story. An honest node's second word stays in sight.
  const isLiar = record.faulty.includes(record.nodes[node] ?? '');
  const height = memoryAt(record, node, at)['height'] ?? all.at(-1)?.promise.replace(/\..*/, '');
  const isPresent = ({ promise }: Pick<Promised, 'promise'>): boolean =>
    record.data.protocol !== undefined || promise.replace(/\..*/, '') === height;
  const promised = all.filter((one) => isPresent(one) || (one.values.length > 1 && !isLiar));
  // A liar's second words would fill the stage: the newest of them are enough.
  const doubled = promised.filter(({ values }) => values.length > 1).slice(isLiar ? -mostLies : 0);
  const kept = promised.filter(
    (one, index) => doubled.includes(one) || (one.values.length === 1 && index >= promised.length - most),
  );
  return kept.flatMap(({ promise, values }) =>
    values.map(({ value, label, heard, underWay, again }, index) => ({
      key: `${promise} ${value}`,
      text: spoken(record, label),
      heard,
      underWay,
      again,
      type: label.replace(/[( ].*$/, ''),
      isSecond: index > 0,
      past: isPresent({ promise }) ? undefined : promise.replace(/\..*/, ''),
    })),
  );
}
