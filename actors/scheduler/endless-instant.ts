/** Detects that virtual time no longer advances: messages are answered at once, for ever. */
import type { RunContext } from './run-context.ts';

/** Deliveries at one instant after which time will not advance. It grows with the square of the nodes: each may talk to each. */
const most = (nodes: number): number => 20_000 + 1000 * nodes ** 2;

export class EndlessInstant {
  #time = -1;
  /** The number of deliveries up to which it may last. */
  #end = 0;

  /** Call it after each delivery. */
  isEndless({ time, steps, nodes }: RunContext): boolean {
    if (time === this.#time) return steps >= this.#end;
    this.#time = time;
    this.#end = steps + most(nodes.length);
    return false;
  }
}
