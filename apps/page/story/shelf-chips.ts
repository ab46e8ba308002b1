/** What the shelves of a node show at a row: few, large things. Own frames by name, those of others as a number. */
import type { DecisionMade, FrameLife, PageRecord } from '../record/page-record.ts';
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
  /** The nodes whose precommits it had. Empty if the node took the decision over from another one. */
  readonly by: readonly string[];
  /** Most nodes have not decided it, or one has decided another value. */
  readonly isNews: boolean;
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
const mostFaults = 2;
/** If there are more, the two of the last round are shown. */
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
    disk: hasLog
      ? shown(record, durable, 'durable', at)
      : [{ text: 'no log, only decisions', kind: 'empty', key: `${node} no log` }],
  };
}

function decisionAt(record: PageRecord, node: number, at: number): DecisionView | undefined {
  const made = record.decisions.filter(({ row }) => row <= at);
  const last = made.findLast((one) => one.node === node);
  if (last === undefined) return undefined;
  const { height, value } = last;
  const other = made.findLast((one) => one.height === height && one.value !== value);
  const same = new Set(made.filter((one) => one.height === height && one.value === value).map((one) => one.node));
  const isNewest = made.every((one) => one.height <= height);
  return {
    value: valueName(record, value),
    by: isNewest ? deciders(record, last) : [],
    isNews: other !== undefined || 2 * same.size < record.nodes.length,
    other: other && { name: record.nodes[other.node] ?? '', value: valueName(record, other.value) },
  };
}

/** The nodes whose precommits of one round a node had when it decided. */
function deciders({ nodes, messages }: PageRecord, { row, node, height, value }: DecisionMade): readonly string[] {
  const rounds = new Map<string, Set<number>>();
  for (const one of messages) {
    const isTheirs = one.to === node && one.heard !== -1 && one.heard <= row;
    const isItsOwn = one.from === node && one.sent <= row;
    if (
      one.value !== value ||
      !(isTheirs || isItsOwn) ||
      !one.promise.startsWith(`${height}.`) ||
      !one.promise.endsWith(' precommit')
    )
      continue;
    rounds.set(one.promise, (rounds.get(one.promise) ?? new Set()).add(one.from));
  }
  const [most] = [...rounds.values()].sort((a, b) => b.size - a.size);
  // With one vote or none it took the decision over.
  return most === undefined || most.size < 2 ? [] : nodes.filter((_, index) => most.has(index));
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

const modeWords: Readonly<Record<string, string>> = {
  waiting: 'starts',
  replaying: 'reads its log',
  storing: 'stores its decision',
};

function memoryChips(record: PageRecord, node: number, at: number): readonly Chip[] {
  const memory = memoryAt(record, node, at);
  const hasLog = record.log === 'file';
  const waiting = listOf(memory['waiting for the disk']);
  const votes = listOf(memory['own votes']);
  const latest = votes.length > mostVotes ? votes.slice(-lastVotes) : votes;
  const chips: Chip[] = latest.map((label) => ({
    text: waiting.includes(label) ? `${spoken(record, label)}, ${hasLog ? 'waits' : 'not sent yet'}` : spoken(record, label),
    kind: waiting.includes(label) ? 'waiting' : 'said',
    key: `${node} memory ${label}`,
  }));
  if (votes.length > latest.length)
    chips.unshift({ text: `${votes.length - latest.length} earlier votes`, kind: 'more', key: `${node} earlier votes` });
  const lock = memory['locked'];
  if (lock !== undefined && lock !== '-')
    chips.push({ text: `lock ${valueName(record, lock.replace(/ \(.*/, ''))}`, kind: 'state', key: `${node} lock` });
  const { votedFor, entries } = memory;
  if (votedFor !== undefined) chips.push({ text: `voted for ${votedFor}`, kind: 'said', key: `${node} voted` });
  if (entries !== undefined) chips.push({ text: `${entries} entries`, kind: 'state', key: `${node} entries` });
  if (chips.length > 0) return chips;
  const promised = promisedAt(record, node, at);
  // While it reads its log it has no height: it is at the one at which it spoke last.
  const height = memory['height'] ?? promised.at(-1)?.promise.replace(/\..*/, '');
  const isForgotten = promised.some(({ promise }) => promise.startsWith(`${height}.`));
  return [{ text: isForgotten ? 'knows of no vote' : noVoteYet, kind: 'empty', key: `${node} none` }];
}

/** What is said of a node that has not voted at its height. */
export const noVoteYet = 'no vote yet';

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
      text: chips.length > 0 ? '+ more' : 'other entries',
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
  readonly label: string;
  readonly text: string;
  readonly heard: readonly string[];
  readonly underWay: readonly string[];
  readonly again: readonly string[];
  /** It breaks a rule: a second value under one promise, or a vote against a lock. In words; empty: it does not. */
  readonly fault: string;
  /** The height of which it speaks, where the node is past that. */
  readonly past: string | undefined;
}

/** What a node has sent to others lately; what breaks a rule stays in sight. */
export function toldBy(record: PageRecord, node: number, at: number, most: number): readonly Told[] {
  const all = promisedAt(record, node, at);
  // Those of the present height: what is decided is no longer the story. An honest node's second word stays in sight.
  const isLiar = record.faulty.includes(record.nodes[node] ?? '');
  const height = memoryAt(record, node, at)['height'] ?? all.at(-1)?.promise.replace(/\..*/, '');
  const isPresent = ({ promise }: Pick<Promised, 'promise'>): boolean =>
    record.data.protocol !== undefined || promise.replace(/\..*/, '') === height;
  const unlocked = againstLock(record, all, at);
  const isBroken = (one: Promised): boolean => one.values.length > 1 || unlocked.has(one);
  const promised = all.filter((one) => isPresent(one) || (isBroken(one) && !isLiar));
  // More of them would fill the stage: the newest are enough.
  const broken = promised.filter(isBroken).slice(-mostFaults);
  const kept = promised.filter((one, index) => broken.includes(one) || (!isBroken(one) && index >= promised.length - most));
  return kept.flatMap((one) =>
    one.values.map(({ value, label, heard, underWay, again }, index) => ({
      key: `${one.promise} ${value}`,
      label,
      text: spoken(record, label),
      heard,
      underWay,
      again,
      fault: index > 0 ? bothIn(one.promise, !isPresent(one) && kept.some(isPresent)) : (unlocked.get(one) ?? ''),
      past: isPresent(one) ? undefined : one.promise.replace(/\..*/, ''),
    })),
  );
}

/** Precommits for another value than that on which the node was locked, where the run breaks that rule: each with words about it. */
function againstLock(record: PageRecord, all: readonly Promised[], at: number): ReadonlyMap<Promised, string> {
  const found = new Map<Promised, string>();
  if (!record.properties.some((one) => one.name === 'lock-discipline' && one.verdict === 'violated' && one.row <= at))
    return found;
  const locks = new Map<string, string>();
  for (const one of all) {
    if (!one.promise.endsWith(' precommit')) continue;
    const height = one.promise.replace(/\..*/, '');
    const value = one.values.find((other) => other.value !== 'nil')?.value;
    const lock = locks.get(height);
    if (value === undefined) continue;
    if (lock === undefined) locks.set(height, value);
    else if (lock !== value) found.set(one, `it was locked on ${valueName(record, lock)}`);
  }
  return found;
}

/** `both in round 0`, or `both in round 0 of height 3`. */
function bothIn(promise: string, hasHeight: boolean): string {
  const [, height, round] = /^(.*)\.(.*) /.exec(promise) ?? [];
  return `both in round ${round}${hasHeight ? ` of height ${height}` : ''}`;
}
