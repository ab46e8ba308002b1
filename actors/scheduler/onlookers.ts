/** Who watches a run: the monitors, by the kinds of events each wants to see. */
import type { Monitor, RunEvent, Witness } from '../record.ts';

const eventTypes: readonly string[] = ['deliver', 'effect', 'done', 'death', 'lost', 'restart', 'stopped', 'fault'];
const effectTypes: readonly string[] = ['transmit', 'disk', 'host.ask', 'host.decide', 'timer.set', 'timer.cancel', 'observe'];

function refuseUnknown(watched: string): void {
  const [type = '', which] = watched.split(' ');
  const isKnown = which === undefined || type === 'deliver' || (type === 'effect' && effectTypes.includes(which));
  if (eventTypes.includes(type) && isKnown) return;
  throw new Error(
    `a monitor watches '${watched}'; events are ${eventTypes.join(', ')}, and 'effect' may be followed by ${effectTypes.join(', ')}, 'deliver' by an actor`,
  );
}

export class Onlookers {
  /** Of each property those that watch; in a world with several pasts, all that remember something else. */
  readonly columns: readonly (readonly Monitor[])[];
  /** By type of event, and of effects and deliveries by type or actor: the properties that want to see it. Forks share it. */
  readonly #watching: Map<RunEvent['type'], Map<string, readonly number[]>>;

  /** `from`: the onlookers these were forked from. */
  constructor(columns: readonly (readonly Monitor[])[], from?: Onlookers) {
    this.columns = columns;
    this.#watching = from === undefined ? new Map() : from.#watching;
    // A monitor that asks for what never comes sees nothing, and would hold.
    if (from === undefined) for (const { watches = [] } of columns.flat()) for (const watched of watches) refuseUnknown(watched);
  }

  tell(event: RunEvent, witness: Witness): void {
    const which = event.type === 'effect' ? event.effect.type : event.type === 'deliver' ? event.actor : '';
    const places = this.#watching.get(event.type)?.get(which) ?? this.#learn(event.type, which);
    for (let i = 0; i < places.length; i += 1) {
      const column = this.columns[places[i] as number] as readonly Monitor[];
      for (let j = 0; j < column.length; j += 1) (column[j] as Monitor).observe(event, witness);
    }
  }

  #learn(type: RunEvent['type'], which: string): readonly number[] {
    const wanted: readonly string[] = [type, `${type} ${which}`];
    const places = this.columns.flatMap(([{ watches } = {}], place) =>
      watches === undefined || watches.some((watched) => wanted.includes(watched)) ? [place] : [],
    );
    const known = this.#watching.get(type) ?? new Map<string, readonly number[]>();
    this.#watching.set(type, known.set(which, places));
    return places;
  }
}
