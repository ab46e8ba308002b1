/** The events of a run, a line each, in words: `#21  t=0.212s  B  publish  prevote(v1) -> A C D`. */
import type { RunEvent } from '../core/events.ts';
import { momentOf } from './index.ts';

/** `wal`: of effects only those of logs and stores. */
export function* traceLines(events: Iterable<RunEvent>, level: 'wal' | 'all' = 'all'): Generator<string> {
  for (const event of events) {
    if (level === 'wal' && !isOfLogs(event)) continue;
    const words = wordsOf(event);
    if (words !== undefined) yield lineOf(event, words);
  }
}

function isOfLogs(event: RunEvent): boolean {
  if (event.type === 'deliver' || event.type === 'lost') return false;
  if (event.type !== 'effect') return true;
  const { effect } = event;
  return effect.type === 'disk' || (effect.type === 'observe' && /^(recovered|judged|replay|abstain)/.test(effect.event));
}

export function lineOf({ index, time, node, life }: RunEvent, words: string): string {
  const name = life > 0 ? `${node}+${life}` : node;
  return `#${String(index).padEnd(6)} t=${(time / 1_000_000).toFixed(4)}s  ${name.padEnd(5)} ${words}`;
}

/** `at once` is a place of its own. */
export function placeOf(at: string): string {
  return at === 'at once' ? at : `at ${at}`;
}

/** Undefined: nothing that people look for (a message between two actors of one node). */
export function wordsOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'death': {
      const lost = event.lostBytes > 0 ? `, ${event.lostBytes} bytes of the page cache lost` : '';
      return `✕ ${event.kind === 'power' ? 'crash' : 'kill'}          ${placeOf(event.at)}${lost}`;
    }
    case 'restart':
      return `↻ restart        life ${event.life}`;
    case 'stopped':
      return `■ stopped        ${event.reason}`;
    case 'lost':
      return `lost             ${dataWords(event.data)} -> ${event.to} (${event.reason})`;
    case 'fault':
      return `! ${event.kind.padEnd(15)}${fields(event.detail)}`;
    case 'done':
      return event.answer.error === undefined ? undefined : `${event.answer.site} failed: ${event.answer.error.message}`;
    case 'deliver':
      return event.from.length > 0 && event.actor === 'network' && isWire(event)
        ? `hears            ${dataWords(event.message)} <- ${event.from}`
        : undefined;
    case 'effect':
      return effectWords(event);
  }
}

const internal: readonly string[] = [
  'consensus',
  'host',
  'wal',
  'supervisor',
  'network',
  'timer',
  'disk',
  'scheduler',
  'outside',
];

function isWire({ from }: RunEvent & { readonly type: 'deliver' }): boolean {
  return !internal.includes(from);
}

function effectWords(event: RunEvent & { readonly type: 'effect' }): string | undefined {
  const { effect } = event;
  switch (effect.type) {
    case 'transmit':
      return effect.data.type === 'status'
        ? undefined
        : `${effect.site.padEnd(16)} ${dataWords(effect.data)} -> ${effect.to.join(' ')}`;
    case 'disk': {
      const { operation } = effect;
      const file = 'file' in operation ? operation.file : operation.directory;
      const bytes = 'bytes' in operation ? `, ${operation.bytes.length} bytes` : '';
      return `${effect.site.padEnd(16)} ${operation.type} ${file}${bytes}`;
    }
    case 'host.decide':
      return `decided          ${decisionWords(effect.decision, effect.height)}`;
    case 'timer.set':
      return `timer.set        ${effect.timer}, ${effect.delay} ms`;
    case 'observe': {
      const named = momentOf(event);
      return named === undefined || named.name === 'mark' ? undefined : `${named.name.padEnd(16)} ${fields(named.detail)}`;
    }
    default:
      return undefined;
  }
}

/** What a node decides to store: a block, or (Raft) a snapshot. */
function decisionWords(decision: unknown, height: number): string {
  const { snapshot } = (decision ?? {}) as { readonly snapshot?: { readonly lastIndex?: unknown } };
  return snapshot?.lastIndex === undefined ? `height ${height}` : `snapshot up to entry ${String(snapshot.lastIndex)}`;
}

/** A message of the wire in a few words. */
export function dataWords(data: object): string {
  const { type, voteType, height, round, value } = data as Readonly<Record<string, unknown>>;
  const what = String(voteType ?? type);
  const place = height === undefined ? '' : ` at ${String(height)}${round === undefined ? '' : `.${String(round)}`}`;
  return value === undefined ? `${what}${place}` : `${what}(${value === null ? 'nil' : String(value)})${place}`;
}

function fields(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([, value]) => typeof value !== 'object' || value === null)
    .map(([key, value]) => `${key} ${value === null ? 'nil' : String(value)}`)
    .join(', ');
}

/** One event in words, also one between two actors of a node. */
export function describe(event: RunEvent): string {
  const words = wordsOf(event);
  if (words !== undefined) return words;
  if (event.type === 'deliver' && event.message.type === 'timer')
    return `timer            ${String((event.message as { readonly timer?: unknown }).timer ?? '')} elapses`;
  if (event.type === 'deliver') return `${event.actor} receives ${event.message.type} from ${event.from}`;
  if (event.type === 'effect') return `${event.actor}: ${event.effect.type}`;
  return event.type === 'done' ? `${event.answer.site} is done` : event.type;
}
