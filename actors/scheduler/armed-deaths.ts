/** The deaths that wait for their crash point, as an immutable list that forks share. */
import type { Phase, PointName } from '../../core/events.ts';
import { type ArmedDeath, isSamePoint } from './crash-point.ts';
import type { NodeRuntime } from './node-runtime.ts';

export class ArmedDeaths {
  #armed: readonly ArmedDeath[] = [];
  #count = 0;

  get list(): readonly ArmedDeath[] {
    return this.#armed;
  }

  fork(): ArmedDeaths {
    const copy = new ArmedDeaths();
    copy.#armed = this.#armed;
    copy.#count = this.#count;
    return copy;
  }

  /** All deaths as plain data, each with the number of effects until it strikes. */
  present(runtime: (node: string) => Pick<NodeRuntime, 'life' | 'counts'>): readonly unknown[] {
    return this.#armed.map(({ id: _id, ...death }) => {
      const { life, counts } = runtime(death.node);
      return [death, life, counts.snapshot()];
    });
  }

  arm(death: Omit<ArmedDeath, 'id'>): number {
    this.#count += 1;
    this.#armed = [...this.#armed, { ...death, id: this.#count }];
    return this.#count;
  }

  disarm(id: number): void {
    this.#armed = this.#armed.filter((death) => death.id !== id);
  }

  /** The death that strikes at this point, if there is one. It is removed from the list. */
  strike(point: PointName, phase: Phase): ArmedDeath | undefined {
    if (phase === 'before') this.#countDown(point);
    const death = this.waiting(point, phase);
    if (death !== undefined) this.disarm(death.id);
    return death;
  }

  waiting(point: PointName, phase: Phase): ArmedDeath | undefined {
    return this.#armed.find((armed) => armed.phase === phase && armed.point !== undefined && isSamePoint(armed.point, point));
  }

  /** Counts down deaths that wait for the n-th effect of a site. At that effect such a death gets its exact point. */
  #countDown(point: PointName): void {
    this.#armed = this.#armed.map((death) => {
      if (death.point !== undefined || death.node !== point.node || death.site !== point.site) return death;
      const remaining = (death.remaining ?? 1) - 1;
      return remaining === 0 ? { ...death, point } : { ...death, remaining };
    });
  }
}
