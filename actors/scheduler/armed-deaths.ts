/** The planned deaths that have not struck yet. The array is replaced and never changed, so forks can share it. */
import type { Phase, PointName } from '../../core/events.ts';
import { type ArmedDeath, isSamePoint } from './crash-point.ts';
import type { NodeRuntime } from './node-runtime.ts';

export class ArmedDeaths {
  #armed: readonly ArmedDeath[] = [];
  #lastId = 0;

  get list(): readonly ArmedDeath[] {
    return this.#armed;
  }

  fork(): ArmedDeaths {
    const copy = new ArmedDeaths();
    copy.#armed = this.#armed;
    copy.#lastId = this.#lastId;
    return copy;
  }

  /** All deaths as plain data, each with the life and the effect counts of its node: together they say when it strikes. */
  present(runtime: (node: string) => Pick<NodeRuntime, 'life' | 'counts'>): readonly unknown[] {
    return this.#armed.map(({ id: _id, ...death }) => {
      const { life, counts } = runtime(death.node);
      return [death, life, counts.snapshot()];
    });
  }

  arm(death: Omit<ArmedDeath, 'id'>): number {
    this.#lastId += 1;
    this.#armed = [...this.#armed, { ...death, id: this.#lastId }];
    return this.#lastId;
  }

  disarm(id: number): void {
    this.#armed = this.#armed.filter((death) => death.id !== id);
  }

  /**
   * Takes the death that strikes at this point out of the list, if there is one. Deaths that wait for the n-th effect of a site are counted down in phase
   * `before`, so that each effect counts once.
   */
  takeStriking(point: PointName, phase: Phase): ArmedDeath | undefined {
    if (phase === 'before') this.#countDown(point);
    const death = this.findAt(point, phase);
    if (death !== undefined) this.disarm(death.id);
    return death;
  }

  findAt(point: PointName, phase: Phase): ArmedDeath | undefined {
    return this.#armed.find((armed) => armed.phase === phase && armed.point !== undefined && isSamePoint(armed.point, point));
  }

  /** A death may be planned for the n-th effect of a site. Each effect of the site is counted, and the n-th becomes the death's point. */
  #countDown(point: PointName): void {
    this.#armed = this.#armed.map((death) => {
      if (death.point !== undefined || death.node !== point.node || death.site !== point.site) return death;
      const remaining = (death.remaining ?? 1) - 1;
      return remaining === 0 ? { ...death, point } : { ...death, remaining };
    });
  }
}
