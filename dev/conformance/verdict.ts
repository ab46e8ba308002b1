/** What a case comes to: what was compared, the named differences that were met, and the first thing that is not equal. */
import type { Difference } from './differences.ts';

/** What is counted: each is one thing that the record asks for and that the node under test showed. */
export const comparedKinds = ['outputs', 'states', 'timers', 'entries', 'evidence', 'tallies'] as const;
export type ComparedKind = (typeof comparedKinds)[number];
export type Counts = Readonly<Record<ComparedKind, number>>;

export interface Failure {
  readonly step: number;
  readonly expected: string;
  readonly got: string;
}

export interface CaseResult {
  /** Undefined: all that was compared is equal. */
  readonly failure: Failure | undefined;
  /** How often each named difference was met. */
  readonly differences: ReadonlyMap<Difference, number>;
  readonly compared: Counts;
}

/** One message, output or input of a record: a tag and what it carries. */
export type Row = readonly unknown[];

export interface RecordedState {
  readonly h: number;
  readonly r: number;
  readonly s: string;
  readonly lr: number;
  readonly lv: string | null;
  readonly vr: number;
  readonly vv: string | null;
}

/** Collects what one case comes to. After the first failure nothing else is asked of the case. */
export class Comparison implements CaseResult {
  readonly #differences = new Map<Difference, number>();
  readonly #compared: Record<ComparedKind, number> = { outputs: 0, states: 0, timers: 0, entries: 0, evidence: 0, tallies: 0 };
  #failure: Failure | undefined;
  #lastStep = 0;

  get failure(): Failure | undefined {
    return this.#failure;
  }

  get differences(): ReadonlyMap<Difference, number> {
    return this.#differences;
  }

  get compared(): Counts {
    return this.#compared;
  }

  differs(difference: Difference): void {
    this.#differences.set(difference, (this.#differences.get(difference) ?? 0) + 1);
  }

  count(kind: ComparedKind, number = 1): void {
    this.#compared[kind] += number;
  }

  fail(step: number, expected: unknown, got: unknown): false {
    this.#failure ??= { step, expected: JSON.stringify(expected), got: JSON.stringify(got) };
    return false;
  }

  /** The node under test threw, in or after the last step that was compared. */
  threw(error: unknown): false {
    return this.fail(this.#lastStep, 'no error', error instanceof Error ? error.message : String(error));
  }

  /** Both lists hold the same rows, each as often, in any order. `fresh`: how many of them were not compared before. */
  rows(
    kind: ComparedKind,
    step: number,
    expected: readonly Row[],
    got: readonly Row[],
    fresh: number = expected.length,
  ): boolean {
    this.#lastStep = step;
    this.count(kind, fresh);
    return sortedRows(expected) === sortedRows(got) || this.fail(step, expected, got);
  }

  state(step: number, expected: RecordedState, got: RecordedState): boolean {
    this.count('states');
    return stateText(expected) === stateText(got) || this.fail(step, expected, got);
  }
}

export function sortedRows(rows: readonly Row[]): string {
  return rows
    .map((row) => JSON.stringify(row))
    .sort()
    .join(' ');
}

export function stateText({ h, r, s, lr, lv, vr, vv }: RecordedState): string {
  return JSON.stringify([h, r, s, lr, lv, vr, vv]);
}
