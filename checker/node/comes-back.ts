/**
 * `comes-back`: deaths alone never cost a node. A node whose disk was never damaged and never failed must come back from any kill and any
 * loss of power: a boot that calls what a legal death left behind corrupt, or that stops for any other reason, is a finding.
 */
import { digestOfAll } from '../../core/digest.ts';
import type { Monitor, Observer, Property, RunEvent, Verdict, Violation, Watched } from '../../core/events.ts';
import { wordsOf } from '../violation-words.ts';

/** Faults that touch no disk. */
const harmless: readonly string[] = ['paused', 'resumed', 'drift', 'slow-fsync', 'corrupted', 'timer'];

class ComesBack implements Monitor {
  get watches(): readonly Watched[] {
    return ['restart', 'stopped', 'fault'];
  }
  #hurt: ReadonlySet<string> = new Set();
  #violations: readonly Violation[] = [];
  #returns = 0;

  observe(event: RunEvent, observer: Observer): void {
    const { node, index } = event;
    if (event.type === 'restart') this.#returns += 1;
    else if (event.type === 'fault') {
      if (!harmless.includes(event.kind)) this.#hurt = new Set(this.#hurt).add(node);
    } else if (event.type === 'stopped' && !this.#hurt.has(node) && !observer.isFaulty(node)) {
      if (this.#violations.length >= 8) return;
      const message = `${node} stopped, though nothing but deaths had happened to it: ${event.reason}`;
      this.#violations = [...this.#violations, { message, event: index, nodes: [node], height: 0 }];
    }
  }
  finish(): Verdict {
    const violations = this.#violations;
    if (violations.length > 0) return { verdict: 'violated', violations };
    return this.#returns > 0
      ? { verdict: 'held', violations }
      : { verdict: 'undecided', violations, reason: 'no node came back' };
  }
  fork(): Monitor {
    const copy = new ComesBack();
    copy.#hurt = this.#hurt;
    copy.#violations = this.#violations;
    copy.#returns = this.#returns;
    return copy;
  }
  digest(): number {
    return digestOfAll(wordsOf(this.#violations), this.#hurt);
  }
}

export const comesBack: Property = {
  name: 'comes-back',
  says: 'a node whose disk was never damaged comes back from every death',
  hint: 'remove nothing before its successor is durable, and call damage only what something durable says was durable',
  monitor: () => new ComesBack(),
};
