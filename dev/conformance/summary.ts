/** What all cases of a run come to: the cases by their end, what was compared, and each named difference. */
import { type Difference, differences } from './differences.ts';
import type { NamedResult } from './run-file.ts';
import { comparedKinds } from './verdict.ts';

export class Summary {
  #ok = 0;
  #differing = 0;
  #known = 0;
  #failed = 0;
  readonly #compared = new Map<string, number>();
  readonly #differences = new Map<Difference, number>();

  add({ result: { failure, differences: met, compared }, reason }: NamedResult): void {
    if (failure !== undefined && reason !== undefined) this.#known += 1;
    else if (failure !== undefined) this.#failed += 1;
    else if (met.size > 0) this.#differing += 1;
    else this.#ok += 1;
    for (const kind of comparedKinds) this.#compared.set(kind, (this.#compared.get(kind) ?? 0) + compared[kind]);
    for (const [name, number] of met) this.#differences.set(name, (this.#differences.get(name) ?? 0) + number);
  }

  get failed(): number {
    return this.#failed;
  }

  get compared(): ReadonlyMap<string, number> {
    return this.#compared;
  }

  get differences(): ReadonlyMap<Difference, number> {
    return this.#differences;
  }

  get lines(): readonly string[] {
    const met = [...this.#differences].map(([name, number]) => `differs ${number}: ${differences[name]}`);
    const compared = [...this.#compared].map(([kind, number]) => `${number} ${kind}`).join(', ');
    const counts = `${this.#ok} ok, ${this.#differing} ok with a named difference, ${this.#known} known, ${this.#failed} not ok`;
    return [...met, `compared: ${compared}`, counts];
  }
}
