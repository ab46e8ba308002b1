/** Steps of scripts that did nothing in this run: a node cut off to which nobody spoke, a sync that never came to fail, a kill of a dead node. */
import type { World } from '../actors/scheduler/index.ts';
import type { RunEvent } from '../core/events.ts';

interface CutOff {
  readonly node: string;
  /** The number of the partition. */
  readonly id: string;
  readonly step: number;
}

export class StepOutcomes {
  /** Nodes that are cut off, while nothing that was sent to or by them was lost. */
  #cutOff: readonly CutOff[] = [];
  /** By the fault that waits on the disk of a node: the step. */
  #waiting: readonly CutOff[] = [];
  #idle: readonly string[] = [];

  fork(): StepOutcomes {
    const copy = new StepOutcomes();
    copy.#cutOff = this.#cutOff;
    copy.#waiting = this.#waiting;
    copy.#idle = this.#idle;
    return copy;
  }

  cutOff(step: CutOff): void {
    this.#cutOff = [...this.#cutOff, step];
  }

  /** A fault of the disk waits for its operation. */
  waits(step: CutOff): void {
    this.#waiting = [...this.#waiting, step];
  }

  idle({ node, step }: Omit<CutOff, 'id'>, what: string): void {
    this.#idle = [...this.#idle, `${node}, step ${step + 1}: ${what}`];
  }

  observe(event: RunEvent): void {
    if (this.#cutOff.length > 0 && event.type === 'lost' && event.reason === 'partition')
      this.#cutOff = this.#cutOff.filter(({ node }) => node !== event.node && node !== event.to);
  }

  /** A partition is over. */
  healed(id: string): void {
    for (const one of this.#cutOff) if (one.id === id) this.idle(one, nothingSent);
    this.#cutOff = this.#cutOff.filter((one) => one.id !== id);
  }

  /** All of them, in words. */
  idleSteps(world: World): readonly string[] {
    const copy = this.fork();
    for (const one of this.#cutOff) copy.idle(one, nothingSent);
    for (const one of this.#waiting)
      if (world.disk(one.node).awaits(one.id)) copy.idle(one, 'failFsync did nothing: its log was not synced after it');
    return copy.#idle;
  }
}

const nothingSent = 'isolate did nothing: nothing was sent to it or by it meanwhile';
