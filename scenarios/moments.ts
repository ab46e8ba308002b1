/**
 * Moments: the events of a run as people name them. One table from run events to named moments, for scripts, traces and reports.
 */
import type { RunEvent } from '../core/events.ts';

/** A moment: an event of the run that matches. Where it is waited for, its height and round mean "at or past"; where it is expected, exactly these. */
export interface Moment {
  readonly event: string;
  readonly where: Readonly<Record<string, unknown>>;
}

/** How a height or a round without a word of its own is meant. */
type Reading = 'exact' | 'at or past';

/** A height or round that means "at or past", wherever it is said. */
export interface From {
  readonly from: number;
}
/** A height or round that means this one only, wherever it is said. */
export interface Exactly {
  readonly exactly: number;
}

/** This height or round, or any later one: `expect(event('decided', { height: from(5) }))`. */
export function from(number: number): From {
  return { from: number };
}

/** This height or round and no other: `waitUntil(event('decided', { height: exactly(5) }))`. */
export function exactly(number: number): Exactly {
  return { exactly: number };
}

/** The number of `5`, `from(5)` or `exactly(5)`; undefined if it is something else. */
export function numberIn(wanted: unknown): number | undefined {
  if (typeof wanted === 'number') return wanted;
  if (typeof wanted !== 'object' || wanted === null) return undefined;
  const { from: least, exactly: only } = wanted as Partial<From & Exactly>;
  return least ?? only;
}

export interface NamedMoment {
  readonly name: string;
  readonly node: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a run event is called, if it has a name. */
export function momentOf(event: RunEvent): NamedMoment | undefined {
  const { node } = event;
  switch (event.type) {
    case 'effect': {
      const { effect } = event;
      if (effect.type === 'observe') {
        switch (effect.event) {
          case 'said':
            return said(node, effect.detail);
          case 'input.refused':
            return { name: effect.event, node, detail: summary(effect.detail['input'] as object) };
          case 'sign.refused': {
            const { input, code } = effect.detail;
            return { name: effect.event, node, detail: { ...summary(input as object), code } };
          }
          default:
            return { name: effect.event, node, detail: effect.detail };
        }
      }
      if (effect.type === 'transmit' && effect.site === 'publish') return { name: 'publish', node, detail: summary(effect.data) };
      if (effect.type === 'disk' && effect.site === 'wal.append')
        return { name: 'wal.append', node, detail: { frame: effect.tag } };
      return undefined;
    }
    case 'deliver': {
      const { actor, message, from } = event;
      return actor === 'network' && isOfConsensus(message.type)
        ? { name: 'received', node, detail: { ...summary(message), from } }
        : undefined;
    }
    case 'done':
      return event.answer.site === 'wal.flush' ? { name: 'wal.flush', node, detail: {} } : undefined;
    case 'death':
      return { name: event.kind === 'power' ? 'crash' : 'kill', node, detail: { at: event.at, lostBytes: event.lostBytes } };
    case 'restart':
      return { name: 'restart', node, detail: { life: event.life } };
    case 'stopped':
      return { name: 'stopped', node, detail: { reason: event.reason, code: event.code } };
    default:
      return undefined;
  }
}

const typesOfConsensus: readonly string[] = ['vote', 'proposal', 'roundCertificate', 'polkaCertificate', 'commitCertificate'];

function isOfConsensus(type: string): boolean {
  return typesOfConsensus.includes(type);
}

/** Whether what goes over the wire is such a message: type, height, round and value, exactly unless it says otherwise. */
export function isMessage(where: Moment['where'], data: object): boolean {
  return fits(where, summary(data), 'exact');
}

/** As a step that waits, a trigger or a mark reads it: heights and rounds mean "at or past". */
export function matches({ event, where }: Moment, { name, detail }: NamedMoment): boolean {
  return event === name && fits(where, detail, 'at or past');
}

/** As an expectation reads it: heights and rounds mean exactly these. */
export function matchesExactly({ event, where }: Moment, { name, detail }: NamedMoment): boolean {
  return event === name && fits(where, detail, 'exact');
}

function fits(where: Moment['where'], detail: Readonly<Record<string, unknown>>, reading: Reading): boolean {
  return Object.entries(where).every(([key, wanted]) => {
    const found = detail[key];
    const number = numberIn(wanted);
    if (number === undefined || typeof found !== 'number') return found === wanted;
    if ((key !== 'height' && key !== 'round') || !isLeast(wanted, reading)) return found === number;
    // Any round of a later height is past this one.
    const height = numberIn(where['height']);
    const isLater = key === 'round' && height !== undefined && Number(detail['height']) > height;
    return isLater ? isLeast(where['height'], reading) : found >= number;
  });
}

function isLeast(wanted: unknown, reading: Reading): boolean {
  return typeof wanted === 'number'
    ? reading === 'at or past'
    : typeof wanted === 'object' && wanted !== null && 'from' in wanted;
}

export function momentText({ event, where }: Moment): string {
  const filter = Object.entries(where).map(([key, value]) => `${key} ${wantedText(value)}`);
  return filter.length === 0 ? event : `${event} (${filter.join(', ')})`;
}

function wantedText(wanted: unknown): string {
  const number = typeof wanted === 'number' ? undefined : numberIn(wanted);
  if (number === undefined) return String(wanted);
  return isLeast(wanted, 'exact') ? `${number} or later` : `exactly ${number}`;
}

function said(node: string, detail: Readonly<Record<string, unknown>>): NamedMoment | undefined {
  const input = detail['input'] as Readonly<Record<string, unknown>>;
  if (input['type'] === 'proposal') return { name: 'proposal.local', node, detail: summary(input) };
  return input['type'] === 'vote' ? { name: 'vote.cast', node, detail: summary(input) } : undefined;
}

function summary(data: object): Readonly<Record<string, unknown>> {
  const { type, voteType, height, round, value } = data as Readonly<Record<string, unknown>>;
  return { type: voteType ?? type, height, round, value };
}
