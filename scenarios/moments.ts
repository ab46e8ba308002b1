/**
 * Moments: the events of a run as people name them. One table from run events to named moments, for scripts, traces and reports.
 */
import type { RunEvent } from '../core/events.ts';

/** A moment: an event of the run that matches. Heights and rounds mean "at or past". */
export interface Moment {
  readonly event: string;
  readonly where: Readonly<Record<string, unknown>>;
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
      if (effect.type === 'observe')
        return effect.event === 'said' ? said(node, effect.detail) : { name: effect.event, node, detail: effect.detail };
      if (effect.type === 'transmit' && effect.site === 'publish') return { name: 'publish', node, detail: summary(effect.data) };
      if (effect.type === 'disk' && effect.site === 'wal.append')
        return { name: 'wal.append', node, detail: { frame: effect.tag } };
      return undefined;
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

/** Whether what goes over the wire is such a message: type, height, round and value, exactly. */
export function isMessage(where: Moment['where'], data: object): boolean {
  const detail = summary(data);
  return Object.entries(where).every(([key, wanted]) => detail[key] === wanted);
}

export function matches({ event, where }: Moment, { name, detail }: NamedMoment): boolean {
  if (event !== name) return false;
  return Object.entries(where).every(([key, wanted]) => {
    const found = detail[key];
    if (typeof wanted !== 'number' || typeof found !== 'number') return found === wanted;
    if (key === 'round' && typeof where['height'] === 'number' && Number(detail['height']) > where['height']) return true;
    return key === 'height' || key === 'round' ? found >= wanted : found === wanted;
  });
}

export function momentText({ event, where }: Moment): string {
  const filter = Object.entries(where).map(([key, value]) => `${key} ${String(value)}`);
  return filter.length === 0 ? event : `${event} (${filter.join(', ')})`;
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
