/**
 * A part of a run's events, chosen as they happen: those of some nodes, times and kinds, or the lines around a death, a violation or an
 * event that is named. One line replaces what is omitted between two parts.
 */
import type { RunEvent } from '../core/events.ts';
import { ScenarioError } from './error.ts';
import { castOf, type ScenarioData } from './model.ts';
import { momentOf } from './moments.ts';
import { protocolNamed } from './protocols.ts';
import { didYouMean } from './spelling.ts';
import { describe, lineOf, wordsOf } from './trace-text.ts';
import { eventsOfAnyNode, raftEvents, sites, tendermintEvents } from './vocabulary.ts';

export interface TraceFilter {
  readonly nodes?: readonly string[];
  /** Milliseconds of virtual time. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Names of events, sites, messages and families such as `wal`. */
  readonly kinds?: readonly string[];
  /** `death`, `violation`, the name of an event, or an event's number. */
  readonly around?: string;
}

/** Lines before and after what is looked for. */
const linesBefore = 10;
const linesAfter = 10;

/** What a line may be besides a named event or a site. */
const otherKinds = ['death', 'hears', 'lost', 'fault', 'failed'];
const messages = ['proposal', 'prevote', 'precommit'];
const families = ['wal', 'store', 'segment', 'boot', 'replay', 'abstain', 'timer'];
const names: readonly string[] = [...eventsOfAnyNode, ...tendermintEvents, ...raftEvents];

export class TraceWindow {
  readonly #filter: TraceFilter;
  readonly #violations: readonly number[];
  readonly #onLine: (line: string) => void;
  /** Lines that fit and may come just before what is looked for. */
  #before: readonly string[] = [];
  #left = 0;
  #skipped = 0;

  /** `violations`: the numbers of the events at which properties were violated. */
  constructor(filter: TraceFilter, violations: readonly number[], onLine: (line: string) => void) {
    this.#filter = filter;
    this.#violations = violations;
    this.#onLine = onLine;
  }

  see(event: RunEvent): void {
    const words = wordsOf(event);
    const { around } = this.#filter;
    const isWanted = words !== undefined && fits(this.#filter, event);
    if (around === undefined) {
      if (isWanted) this.#onLine(lineOf(event, words));
      return;
    }
    if (isLookedFor(around, this.#violations, event)) {
      this.#tellSkipped();
      for (const line of this.#before) this.#onLine(line);
      this.#before = [];
      this.#onLine(lineOf(event, words ?? describe(event)));
      this.#left = linesAfter;
    } else if (isWanted) this.#pass(lineOf(event, words));
  }

  /** A line for what was omitted after the last part. */
  end(): void {
    if (this.#filter.around === undefined) return;
    this.#skipped += this.#before.length;
    this.#before = [];
    this.#tellSkipped();
  }

  #pass(line: string): void {
    if (this.#left > 0) {
      this.#left -= 1;
      this.#onLine(line);
      return;
    }
    if (this.#before.length === linesBefore) this.#skipped += 1;
    this.#before = [...this.#before, line].slice(-linesBefore);
  }

  #tellSkipped(): void {
    if (this.#skipped > 0) this.#onLine(`... ${this.#skipped} ${this.#skipped === 1 ? 'line' : 'lines'} left out`);
    this.#skipped = 0;
  }
}

function isLookedFor(around: string, violations: readonly number[], event: RunEvent): boolean {
  if (around === 'death') return event.type === 'death';
  if (around === 'violation') return violations.includes(event.index);
  if (/^#?\d+$/.test(around)) return event.index === Number(around.replace('#', ''));
  return momentOf(event)?.name === around;
}

function fits({ nodes, fromMs = 0, toMs = Number.POSITIVE_INFINITY, kinds }: TraceFilter, event: RunEvent): boolean {
  const timeMs = event.time / 1000;
  if (timeMs < fromMs || timeMs > toMs || nodes?.includes(event.node) === false) return false;
  if (kinds === undefined) return true;
  const found = kindsOf(event);
  return kinds.some((kind) => found.some((one) => one === kind || one.startsWith(`${kind}.`)));
}

/** All words by which a line may be asked for. */
function kindsOf(event: RunEvent): readonly string[] {
  const name = momentOf(event)?.name;
  const named = name === undefined ? [] : [name];
  switch (event.type) {
    case 'effect': {
      const { effect } = event;
      if (effect.type === 'disk') return [...named, effect.site];
      if (effect.type === 'transmit') return [...named, effect.site, messageOf(effect.data)];
      if (effect.type === 'host.decide') return ['decided'];
      return effect.type === 'timer.set' ? ['timer.set'] : named;
    }
    case 'deliver':
      return [...named, 'hears', messageOf(event.message)];
    case 'lost':
      return ['lost', messageOf(event.data)];
    case 'done':
      return event.answer.error === undefined ? [] : ['failed', event.answer.site];
    default:
      return [...named, event.type];
  }
}

function messageOf(data: object): string {
  const { type, voteType } = data as { readonly type?: unknown; readonly voteType?: unknown };
  return String(voteType ?? type);
}

/** What `kinds` may say of the protocols that ship. */
export const traceKinds: readonly string[] = [...new Set([...otherKinds, ...messages, ...families, ...names, ...sites])];
/** What `around` may say of them, besides the number of an event. */
export const tracePlaces: readonly string[] = ['death', 'violation', ...names];

/** Throws `ScenarioError` for what no line of a trace of this scenario can be called. */
export function refuseUnknownFilter({ kinds = [], around, nodes = [] }: TraceFilter, data: ScenarioData): void {
  const cast = castOf(data);
  for (const node of nodes)
    if (!cast.includes(node))
      throw new ScenarioError(
        `--node ${node}: no node is called so${didYouMean(node, cast) || `; there are ${cast.join(', ')}`}`,
      );
  const { reports } = protocolNamed(data.protocol);
  // A protocol of your own has event names that only it knows, unless it reports them.
  if (reports === undefined) return;
  for (const kind of kinds) refuseUnknown('--kinds', kind, [...traceKinds, ...reports]);
  if (around !== undefined && !/^#?\d+$/.test(around)) refuseUnknown('--around', around, [...tracePlaces, ...reports]);
}

function refuseUnknown(flag: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const meant = didYouMean(name, known) || `; there are ${known.join(', ')}`;
  throw new ScenarioError(`${flag} ${name}: nothing in a trace is called so${meant}`);
}
