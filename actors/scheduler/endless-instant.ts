/** Whether virtual time stands still for ever: somebody answers at once, again and again. */
import type { RunContext } from './run-context.ts';

/** After so many deliveries at one instant it will not move on. All nodes may talk to all. */
const most = (nodes: number): number => 20_000 + 1000 * nodes ** 2;

export class EndlessInstant {
  #time = -1;
  /** The number of deliveries up to which it may last. */
  #end = 0;

  /** Asked after each delivery. */
  isEndless({ time, steps, nodes }: RunContext): boolean {
    if (time === this.#time) return steps >= this.#end;
    this.#time = time;
    this.#end = steps + most(nodes.length);
    return false;
  }
}
