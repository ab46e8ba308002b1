/** The monitors of a run, indexed by the kinds of events that each wants to see. */
import type { Monitor, Observer, RunEvent } from '../../core/events.ts';

const eventTypes: readonly string[] = ['deliver', 'effect', 'done', 'death', 'lost', 'restart', 'stopped', 'fault'];
const effectTypes: readonly string[] = ['transmit', 'disk', 'host.ask', 'host.decide', 'timer.set', 'timer.cancel', 'observe'];
const operations: readonly string[] = ['create', 'append', 'writeAt', 'sync', 'syncDirectory', 'read', 'list', 'remove'];

function refuseUnknown(watched: string): void {
  const [type = '', which] = watched.split(' ');
  if (which === undefined ? eventTypes.includes(type) : type === 'deliver') return;
  if (type === 'effect' && effectTypes.includes(which ?? '')) return;
  if ((type === 'disk' || type === 'done') && operations.includes(which ?? '')) return;
  throw new Error(
    `a monitor watches '${watched}'; events are ${eventTypes.join(', ')}; 'effect' may be followed by ${effectTypes.join(', ')}, 'done' by ${operations.join(', ')} (as may 'disk', for effects on it), 'deliver' by an actor`,
  );
}

export class Monitors {
  /** One column for each property: its monitors, each of which remembers something else. */
  readonly columns: readonly (readonly Monitor[])[];
  /** By type of event, and within it by `whichOf`: the properties that want to see it. Forks share it. */
  readonly #watching: Map<RunEvent['type'], Map<string, readonly number[]>>;

  /** `from`: the monitors that these were forked from. */
  constructor(columns: readonly (readonly Monitor[])[], from?: Monitors) {
    this.columns = columns;
    this.#watching = from === undefined ? new Map() : from.#watching;
    // A monitor that asks for what never comes sees nothing, and would hold.
    if (from === undefined) for (const { watches = [] } of columns.flat()) for (const watched of watches) refuseUnknown(watched);
  }

  show(event: RunEvent, observer: Observer): void {
    const which = whichOf(event);
    const places = this.#watching.get(event.type)?.get(which) ?? this.#learn(event.type, which);
    for (let i = 0; i < places.length; i += 1) {
      const column = this.columns[places[i] as number] as readonly Monitor[];
      for (let j = 0; j < column.length; j += 1) (column[j] as Monitor).observe(event, observer);
    }
  }

  #learn(type: RunEvent['type'], which: string): readonly number[] {
    const ofDisk = type === 'effect' && operations.includes(which) ? ['effect disk', `disk ${which}`] : [];
    const wanted: readonly string[] = [type, `${type} ${which}`, ...ofDisk];
    const places = this.columns.flatMap(([{ watches } = {}], place) =>
      watches === undefined || watches.some((watched) => wanted.includes(watched)) ? [place] : [],
    );
    const known = this.#watching.get(type) ?? new Map<string, readonly number[]>();
    this.#watching.set(type, known.set(which, places));
    return places;
  }
}

/** What tells events of one type apart: an actor, an effect, an operation of the disk. */
function whichOf(event: RunEvent): string {
  switch (event.type) {
    case 'deliver':
      return event.actor;
    case 'done':
      return event.answer.operation.type;
    case 'effect':
      return event.effect.type === 'disk' ? event.effect.operation.type : event.effect.type;
    default:
      return '';
  }
}
