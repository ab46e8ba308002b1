/**
 * `bounded-log`: the frames of a height in one life stay below a bound in rounds and validators: rounds x (2n + 14), with n the number of
 * validators. Leaves out: the frames that evidence may add.
 */
import { digestOfAll } from '../../core/digest.ts';
import type { Monitor, Observer, Property, RunEvent, Setting, Verdict, Violation, Watched } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { wordsOf } from '../violation-words.ts';

interface Count {
  readonly height: number;
  readonly rounds: number;
  readonly frames: number;
}

class BoundedLog implements Monitor {
  get watches(): readonly Watched[] {
    return ['disk append', 'death', 'stopped'];
  }
  readonly #setting: Setting;
  /** By node that is up. */
  #counts = new ForkingMap<string, Count>();
  #hasSeen = false;
  #violations: readonly Violation[] = [];

  constructor(setting: Setting) {
    this.#setting = setting;
  }
  observe(event: RunEvent, observer: Observer): void {
    // The next life counts anew: two nodes that died with different counts are equal.
    if (event.type === 'death' || event.type === 'stopped') this.#counts.delete(event.node);
    if (
      event.type !== 'effect' ||
      event.effect.type !== 'disk' ||
      event.effect.site !== 'wal.append' ||
      event.point === undefined
    )
      return;
    const { node } = event;
    const { height, round } = event.point;
    const before = this.#counts.get(node);
    const isSame = before?.height === height;
    this.#hasSeen = true;
    const rounds = Math.max(round + 1, isSame ? before.rounds : 1);
    const frames = (isSame ? before.frames : 0) + 1;
    this.#counts.set(node, { height, rounds, frames });
    const bound = rounds * (2 * this.#setting.powers(height).size + 14);
    if (frames <= bound || observer.isFaulty(node) || this.#violations.length >= 8) return;
    const message = `${node} appended ${frames} frames at height ${height} in ${rounds} rounds; the bound is ${bound}`;
    this.#violations = [...this.#violations, { message, event: event.index, nodes: [node], height }];
  }
  finish(): Verdict {
    if (this.#violations.length > 0) return { verdict: 'violated', violations: this.#violations };
    return this.#hasSeen
      ? { verdict: 'held', violations: [] }
      : { verdict: 'undecided', violations: [], reason: 'nothing was appended' };
  }
  fork(): Monitor {
    const copy = new BoundedLog(this.#setting);
    copy.#counts = this.#counts.fork();
    copy.#hasSeen = this.#hasSeen;
    copy.#violations = this.#violations;
    return copy;
  }
  digest(): number {
    return digestOfAll(wordsOf(this.#violations), this.#hasSeen, this.#counts);
  }
}

export const boundedLog: Property = {
  name: 'bounded-log',
  says: 'frames of a height in one life stay below rounds x (2n + 14)',
  monitor: (setting) => new BoundedLog(setting),
};
