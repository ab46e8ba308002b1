/** A judge in this process: recovers a folder by a function, and asks another function what it expects. */
import type { Folder } from '../recording/calls.ts';
import type { Recoveries } from './recoveries.ts';
import { notRecovered, type StateJudge } from './state-judge.ts';

/** Throws, or returns false, where what was found does not keep what was acknowledged. */
export type Expectation = (found: unknown, acknowledged: readonly unknown[]) => unknown;

export class ExpectationJudge implements StateJudge {
  /** One: recoveries are watched, and share this process. */
  readonly atOnce: number = 1;
  readonly #recoveries: Recoveries;
  readonly #expect: Expectation;

  constructor(recoveries: Recoveries, expect: Expectation) {
    this.#recoveries = recoveries;
    this.#expect = expect;
  }

  get runs(): number {
    return this.#recoveries.runs;
  }

  keyOf(folder: Folder): string {
    return this.#recoveries.keyOf(folder);
  }

  async complaintOf(folder: Folder, acknowledged: readonly unknown[]): Promise<string | undefined> {
    const outcome = await this.#recoveries.outcomeOf(folder);
    if ('failed' in outcome) return `${notRecovered}: ${outcome.failed}`;
    try {
      const answer = await this.#expect(copyOf(outcome.found), structuredClone(acknowledged));
      return answer === false ? 'the expectation returned false' : undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** An expectation may change what it is given, and an outcome serves many states. */
function copyOf(found: unknown): unknown {
  try {
    return structuredClone(found);
  } catch {
    return found;
  }
}
