/** Deaths that wait for their crash point. An immutable list: a fork shares it. */
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

  /** Each death, and how near its node is to the point at which it will strike, as plain data. */
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

  /** The death that strikes here, if one does; it is armed no longer. */
  strike(point: PointName, phase: Phase): ArmedDeath | undefined {
    if (phase === 'before') this.#countDown(point);
    const death = this.waiting(point, phase);
    if (death !== undefined) this.disarm(death.id);
    return death;
  }

  waiting(point: PointName, phase: Phase): ArmedDeath | undefined {
    return this.#armed.find((armed) => armed.phase === phase && armed.point !== undefined && isSamePoint(armed.point, point));
  }

  /** Deaths that wait for the n-th effect of a site learn the exact point when it comes. */
  #countDown(point: PointName): void {
    this.#armed = this.#armed.map((death) => {
      if (death.point !== undefined || death.node !== point.node || death.site !== point.site) return death;
      const remaining = (death.remaining ?? 1) - 1;
      return remaining === 0 ? { ...death, point } : { ...death, remaining };
    });
  }
}
