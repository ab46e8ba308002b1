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
  /** One of each property; in a world with several pasts, so many rows of them, one behind the other. */
  readonly monitors: readonly Monitor[];
  /** How many are a row. */
  readonly #properties: number;
  /** By type of event, and of effects and deliveries by type or actor: the places of the monitors that want to see it. Forks share it. */
  readonly #watching: Map<RunEvent['type'], Map<string, readonly number[]>>;

  /** `from`: the onlookers these were forked from. */
  constructor(monitors: readonly Monitor[], from?: Onlookers) {
    this.monitors = monitors;
    this.#properties = from === undefined ? monitors.length : from.#properties;
    this.#watching = from === undefined ? new Map() : from.#watching;
    // A monitor that asks for what never comes sees nothing, and would hold.
    if (from === undefined) for (const { watches = [] } of monitors) for (const watched of watches) refuseUnknown(watched);
  }

  tell(event: RunEvent, witness: Witness): void {
    const which = event.type === 'effect' ? event.effect.type : event.type === 'deliver' ? event.actor : '';
    const places = this.#watching.get(event.type)?.get(which) ?? this.#learn(event.type, which);
    for (let row = 0; row < this.monitors.length; row += this.#properties)
      for (let i = 0; i < places.length; i += 1) (this.monitors[row + (places[i] as number)] as Monitor).observe(event, witness);
  }

  #learn(type: RunEvent['type'], which: string): readonly number[] {
    const wanted: readonly string[] = [type, `${type} ${which}`];
    const places = this.monitors
      .slice(0, this.#properties)
      .flatMap(({ watches }, place) =>
        watches === undefined || watches.some((watched) => wanted.includes(watched)) ? [place] : [],
      );
    const known = this.#watching.get(type) ?? new Map<string, readonly number[]>();
    this.#watching.set(type, known.set(which, places));
    return places;
  }
}
