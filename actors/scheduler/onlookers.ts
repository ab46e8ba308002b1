/** Who watches a run: the monitors, by the kinds of events each wants to see, and what they may ask of the world. */
import type { Monitor, RunEvent, Witness } from '../record.ts';
import type { NodeRuntime } from './node-runtime.ts';

export class Onlookers {
  readonly monitors: readonly Monitor[];
  readonly #watchers = new Map<RunEvent['type'], Monitor[]>();

  constructor(monitors: readonly Monitor[]) {
    this.monitors = monitors;
    const types: readonly RunEvent['type'][] = ['deliver', 'effect', 'done', 'lost', 'death', 'restart', 'stopped', 'fault'];
    for (const type of types) {
      const watching = monitors.filter(({ watches }) => watches === undefined || watches.includes(type));
      if (watching.length > 0) this.#watchers.set(type, watching);
    }
  }

  tell(event: RunEvent, witness: Witness): void {
    const watching = this.#watchers.get(event.type);
    if (watching !== undefined) for (const monitor of watching) monitor.observe(event, witness);
  }
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
