/** The times by which a scenario expects decisions, and the voting power that was missing when each of them passed. */
import type { World } from '../actors/scheduler/index.ts';
import type { ScenarioData } from './model.ts';
import { powerMissing } from './standstill.ts';

export class Deadlines {
  readonly #data: ScenarioData;
  /** Milliseconds, the next one first. */
  #ahead: readonly number[];
  readonly #missing = new Map<number, string>();

  constructor(data: ScenarioData) {
    this.#data = data;
    this.#ahead = [...new Set(data.decides.map(({ withinMs }) => withinMs))].sort((a, b) => a - b);
  }

  /** Called after each step. Looks at the voting power only when a time has passed. */
  look(world: World): void {
    for (let [next] = this.#ahead; next !== undefined && world.now / 1000 >= next; [next] = this.#ahead) {
      const missing = powerMissing(this.#data, world);
      if (missing !== undefined) this.#missing.set(next, missing);
      this.#ahead = this.#ahead.slice(1);
    }
  }

  /** The voting power that was missing at this time, in words; undefined if none was, or if the run ended before. */
  missing(ms: number): string | undefined {
    return this.#missing.get(ms);
  }
}
