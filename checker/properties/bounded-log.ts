/**
 * `bounded-log`: the frames of a height in one life stay below a bound in rounds and validators: rounds x (2n + 14), with n the number of
 * validators. Leaves out: the frames that evidence may add.
 */
import { digestOfAll, mix } from '../../actors/digest.ts';
import { ForkingMap } from '../../actors/forking-map.ts';
import type { Monitor, Property, RunEvent, Setting, Verdict, Violation, Witness } from '../../actors/record.ts';

interface Count {
  readonly life: number;
  readonly height: number;
  readonly rounds: number;
  readonly frames: number;
}

class BoundedLog implements Monitor {
  readonly watches = ['effect disk'] as const;
  readonly #setting: Setting;
  #counts = new ForkingMap<string, Count>();
  #violations: readonly Violation[] = [];

  constructor(setting: Setting) {
    this.#setting = setting;
  }
  observe(event: RunEvent, witness: Witness): void {
    if (
      event.type !== 'effect' ||
      event.effect.type !== 'disk' ||
      event.effect.site !== 'wal.append' ||
      event.point === undefined
    )
      return;
    const { node, life } = event;
    const { height, round } = event.point;
    const before = this.#counts.get(node);
    const isSame = before?.life === life && before.height === height;
    const rounds = Math.max(round + 1, isSame ? before.rounds : 1);
    const frames = (isSame ? before.frames : 0) + 1;
    this.#counts.set(node, { life, height, rounds, frames });
    const bound = rounds * (2 * this.#setting.powers(height).size + 14);
    if (frames <= bound || witness.isFaulty(node) || this.#violations.length >= 8) return;
    const message = `${node} appended ${frames} frames at height ${height} in ${rounds} rounds; the bound is ${bound}`;
    this.#violations = [...this.#violations, { message, event: event.index, nodes: [node], height }];
  }
  finish(): Verdict {
    if (this.#violations.length > 0) return { verdict: 'violated', violations: this.#violations };
    return this.#counts.size > 0
      ? { verdict: 'held', violations: [] }
      : { verdict: 'undecided', violations: [], reason: 'nothing was appended' };
  }
  fork(): Monitor {
    const copy = new BoundedLog(this.#setting);
    copy.#counts = this.#counts.fork();
    copy.#violations = this.#violations;
    return copy;
  }
  digest(): number {
    let digest = this.#violations.length;
    for (const [node, { life, height, rounds, frames }] of this.#counts)
      digest = mix(digest, digestOfAll(node, life, height, rounds, frames));
    return digest;
  }
}

export const boundedLog: Property = {
  name: 'bounded-log',
  says: 'frames of a height in one life stay below rounds x (2n + 14)',
  monitor: (setting) => new BoundedLog(setting),
};
