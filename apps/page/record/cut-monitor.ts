/** Watches a run for the page: which links partitions cut, and which real nodes a proxy cuts off. */
import type { Observer, RunEvent } from '../../../core/events.ts';
import { isCut, type Network, type Partition } from '../../../network-sim/index.ts';

export interface SeenCuts {
  readonly event: number;
  /** Sender and receiver of each link that is cut from this event on. */
  readonly links: readonly (readonly [string, string])[];
}

export class CutMonitor {
  readonly seen: SeenCuts[] = [];
  #network: Network | undefined;
  readonly #off = new Set<string>();
  #partitions: readonly Partition[] = [];

  watch(network: Network): void {
    this.#network = network;
  }

  /** To be called at each event. */
  observe(event: RunEvent, { nodes }: Pick<Observer, 'nodes'>): void {
    if (event.type === 'fault' && (event.kind === 'cut off' || event.kind === 'back')) this.#cutOff(event, event.kind, nodes);
    else this.#look(event.index);
  }

  #cutOff({ index, node }: RunEvent, kind: 'cut off' | 'back', nodes: readonly string[]): void {
    if (kind === 'cut off') this.#off.add(node);
    else this.#off.delete(node);
    const pairs = nodes.flatMap((from) => nodes.map((to): readonly [string, string] => [from, to]));
    const links = pairs.filter(([from, to]) => from !== to && (this.#off.has(from) || this.#off.has(to)));
    this.seen.push({ event: index, links });
  }

  #look(index: number): void {
    const partitions = this.#network?.partitions ?? [];
    if (partitions === this.#partitions || (partitions.length === 0 && this.#partitions.length === 0)) return;
    this.#partitions = partitions;
    const nodes = [...new Set(partitions.flatMap(({ groups }) => groups.flat()))];
    const links = nodes.flatMap((from) =>
      nodes
        .filter((to) => to !== from && partitions.some((partition) => isCut(partition, from, to)))
        .map((to): readonly [string, string] => [from, to]),
    );
    this.seen.push({ event: index, links });
  }
}
