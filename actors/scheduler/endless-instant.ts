/** Detects that virtual time no longer advances, because actors answer each other without delay for ever. */
import type { RunContext } from './run-context.ts';

/** The most deliveries at one instant. It grows with the square of the number of nodes, because each node may send to each. */
const deliveriesMax = (nodes: number): number => 20_000 + 1000 * nodes ** 2;

export class EndlessInstant {
  #time = -1;
  /** The run's total of deliveries at which this instant counts as endless. */
  #end = 0;

  /** Whether the present instant is endless. Call it after each delivery. */
  isEndless({ time, steps, nodes }: RunContext): boolean {
    if (time === this.#time) return steps >= this.#end;
    this.#time = time;
    this.#end = steps + deliveriesMax(nodes.length);
    return false;
  }
}
