/** Who watches a run: the monitors, by the kinds of events each wants to see, and what they may ask of the world. */
import type { Monitor, RunEvent, Witness } from '../record.ts';
import type { NodeRuntime } from './node-runtime.ts';

type EventType = RunEvent['type'];

const types: readonly EventType[] = ['deliver', 'effect', 'done', 'lost', 'death', 'restart', 'stopped', 'fault'];

export class Onlookers {
  readonly monitors: readonly Monitor[];
  /** By type of event: the places of the monitors that want to see it. */
  readonly #watching: Readonly<Record<EventType, readonly number[]>>;

  /** `from`: the onlookers these were forked from, one by one. */
  constructor(monitors: readonly Monitor[], from?: Onlookers) {
    this.monitors = monitors;
    this.#watching = from === undefined ? watching(monitors) : from.#watching;
  }

  tell(event: RunEvent, witness: Witness): void {
    for (const place of this.#watching[event.type]) (this.monitors[place] as Monitor).observe(event, witness);
  }
}

function watching(monitors: readonly Monitor[]): Readonly<Record<EventType, readonly number[]>> {
  const places = types.map((type): [EventType, readonly number[]] => [
    type,
    monitors.flatMap(({ watches }, place) => (watches === undefined || watches.includes(type) ? [place] : [])),
  ]);
  return Object.fromEntries(places) as Record<EventType, readonly number[]>;
}

/** What the witness needs of a world. */
export interface Witnessed {
  readonly nodes: readonly string[];
  readonly now: number;
  runtime(node: string): NodeRuntime;
  state(node: string, actor: string): unknown;
  hasArmed(node: string): boolean;
}

export function witnessOf(world: Witnessed): Witness {
  const disk = (node: string): NodeRuntime['disk'] => world.runtime(node).disk;
  return {
    nodes: world.nodes,
    isDurable: (node, file, from, to) => disk(node).isDurable(file, from, to),
    fileLength: (node, file) => (disk(node).exists(file) ? disk(node).size(file) : 0),
    fileBytes: (node, file) => (disk(node).exists(file) ? disk(node).read(file) : undefined),
    fileNames: (node, directory) => disk(node).list(directory),
    actorState: (node, actor) => world.state(node, actor),
    isUp: (node) => world.runtime(node).isUp,
    isAbstaining: (node) =>
      disk(node)
        .list('wal')
        .some((name) => name.startsWith('abstain.') && disk(node).isDurable(`wal/${name}`, 0, 1)),
    isExpected: (node) => world.runtime(node).expectedBack > 0 || world.hasArmed(node),
    isFaulty: (node) => world.runtime(node).isFaulty,
    get now() {
      return world.now;
    },
  };
}
