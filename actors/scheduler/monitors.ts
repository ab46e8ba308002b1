/** Shows each event of a run to the monitors that watch its kind. */
import type { Monitor, Observer, RunEvent } from '../../core/events.ts';
import { packedMap } from '../../core/packed-map.ts';

const eventTypes: readonly string[] = ['deliver', 'effect', 'done', 'death', 'lost', 'restart', 'stopped', 'fault'];
const effectTypes: readonly string[] = ['transmit', 'disk', 'host.ask', 'host.decide', 'timer.set', 'timer.cancel', 'observe'];
const operations: readonly string[] = ['create', 'append', 'writeAt', 'sync', 'syncDirectory', 'read', 'list', 'remove'];

function refuseUnknown(watched: string): void {
  const [type = '', which] = watched.split(' ');
  if (which === undefined ? eventTypes.includes(type) : type === 'deliver' || type === 'observe') return;
  if (type === 'effect' && effectTypes.includes(which ?? '')) return;
  if ((type === 'disk' || type === 'done') && operations.includes(which ?? '')) return;
  throw new Error(
    `a monitor watches '${watched}'; events are ${eventTypes.join(', ')}; 'effect' may be followed by ${effectTypes.join(', ')}, 'done' by ${operations.join(', ')} (as may 'disk', for effects on it), 'deliver' by an actor, 'observe' by the name of what a node reports`,
  );
}

/** The memories of the monitors: one column for each property. A column has one memory for each of the runs that were merged into this world. */
export type Memories = readonly (readonly unknown[])[];

export class Monitors {
  /** One monitor for each property. */
  readonly rules: readonly Monitor[];
  readonly #memories: unknown[][];
  /** The indices of the monitors that watch an event, by its `typeOf` and then its `whichOf`. Forks with the same rules share the map. */
  readonly #watching: Map<WatchedType, Map<string, readonly number[]>>;

  constructor(rules: readonly Monitor[], memories: Memories = rules.map(({ start }) => [start]), from?: Monitors) {
    this.rules = rules;
    this.#memories = packedMap(memories, (column) => packedMap(column, (memory) => memory));
    const isSame = from !== undefined && from.rules === rules;
    this.#watching = isSame ? from.#watching : new Map();
    // A monitor that watches an event that does not exist would see nothing, and its property would hold.
    if (!isSame) for (const { watches = [] } of rules) for (const watched of watches) refuseUnknown(watched);
  }

  get memories(): Memories {
    return this.#memories;
  }

  show(event: RunEvent, observer: Observer): void {
    const type = typeOf(event);
    const which = whichOf(event);
    const places = this.#watching.get(type)?.get(which) ?? this.#learn(type, which);
    for (let i = 0; i < places.length; i += 1) {
      const place = places[i] as number;
      const rule = this.rules[place] as Monitor;
      const column = this.#memories[place] as unknown[];
      for (let j = 0; j < column.length; j += 1) column[j] = rule.look(column[j] as never, event, observer);
    }
  }

  #learn(type: WatchedType, which: string): readonly number[] {
    const ofDisk = type === 'effect' && operations.includes(which) ? ['effect disk', `disk ${which}`] : [];
    const ofReports = type === 'observe' ? ['effect', 'effect observe'] : [];
    const wanted: readonly string[] = [type, `${type} ${which}`, ...ofDisk, ...ofReports];
    const places = this.rules.flatMap(({ watches }, place) =>
      watches === undefined || watches.some((watched) => wanted.includes(watched)) ? [place] : [],
    );
    const known = this.#watching.get(type) ?? new Map<string, readonly number[]>();
    this.#watching.set(type, known.set(which, places));
    return places;
  }
}

/** Events that a node reports have a type of their own here: the node chooses their names, which may equal names of effects or operations. */
type WatchedType = RunEvent['type'] | 'observe';

function typeOf(event: RunEvent): WatchedType {
  return event.type === 'effect' && event.effect.type === 'observe' ? 'observe' : event.type;
}

/** The subtype of an event: an actor, an effect, a disk operation, or the name of a report. */
function whichOf(event: RunEvent): string {
  switch (event.type) {
    case 'deliver':
      return event.actor;
    case 'done':
      return event.answer.operation.type;
    case 'effect':
      if (event.effect.type === 'disk') return event.effect.operation.type;
      return event.effect.type === 'observe' ? event.effect.event : event.effect.type;
    default:
      return '';
  }
}

/** The part of a memory that can still change a verdict, as plain data. */
export function relevantMemory(rule: Monitor, memory: unknown, now: number): unknown {
  return rule.relevant === undefined ? memory : rule.relevant(memory as never, now);
}
