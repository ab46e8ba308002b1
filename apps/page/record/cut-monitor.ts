/** Watches a run for the page: which links partitions cut. */
import type { RunEvent } from '../../../core/events.ts';
import { isCut, type Network, type Partition } from '../../../network-sim/index.ts';

export interface SeenCuts {
  readonly event: number;
  /** Sender and receiver of each link that is cut from this event on. */
  readonly links: readonly (readonly [string, string])[];
}

export class CutMonitor {
  readonly seen: SeenCuts[] = [];
  #network: Network | undefined;
  #partitions: readonly Partition[] = [];

  watch(network: Network): void {
    this.#network = network;
  }

  /** To be called at each event. */
  observe({ index }: RunEvent): void {
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
