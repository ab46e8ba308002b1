/** One life of a logged node, compared step by step: what it appends, publishes and decides, and in which order. */

import { isAhead, isPointless } from './log-entries.ts';
import type { LoggedNode } from './logged-node.ts';
import type { InputReader } from './recorded-inputs.ts';
import type { Comparison, RecordedState, Row } from './verdict.ts';

export interface WalStep {
  readonly in: Row;
  readonly do: readonly Row[];
  readonly post?: RecordedState;
}

/** What was signed, by kind and round, and in which version: nobody may sign a second one. */
export type Signed = Map<string, string>;

const textOf = (row: Row): string => JSON.stringify(row);

export class WalLife {
  readonly #comparison: Comparison;
  readonly #node: LoggedNode;
  readonly #self: string;
  readonly #signed: Signed;
  readonly #wanted: { readonly entries: Set<string>; readonly published: Set<string> };
  readonly #got: { readonly entries: Set<string>; readonly published: Set<string> };
  /** Entries that a flush has covered. */
  readonly #durable: Set<string>;
  /** Timers that this life has set. */
  readonly #timers = new Set<string>();
  #isDecided = false;

  /** `logged`: the entries of the lives before, all of them durable. */
  constructor(comparison: Comparison, node: LoggedNode, self: string, signed: Signed, logged: readonly Row[] = []) {
    this.#comparison = comparison;
    this.#node = node;
    this.#self = self;
    this.#signed = signed;
    this.#wanted = { entries: new Set(logged.map(textOf)), published: new Set() };
    this.#got = { entries: new Set(logged.map(textOf)), published: new Set() };
    this.#durable = new Set(logged.map(textOf));
  }

  /** What was published before counts as published, in the record and here. */
  published(rows: readonly Row[]): void {
    const says = [...rows, ...this.#proposals()].filter(([tag]) => tag === 'Publish').map(textOf);
    for (const row of says) for (const known of [this.#wanted, this.#got]) known.published.add(row);
  }

  /** The node had decided before this life. */
  decided(): void {
    this.#isDecided = true;
  }

  /** What holds for every record: an own message leaves when it is durable, and there is one version of it. */
  isSafe(index: number, done: readonly Row[]): boolean {
    const appended: string[] = [];
    for (const [tag, ...row] of done) {
      if (tag === 'ScheduleTimeout') this.#timers.add(textOf(row));
      if (tag === 'Stop') return this.#comparison.fail(index, 'a node that goes on', row);
      if (tag === 'Append') appended.push(textOf(row[0] as Row));
      if (tag === 'Flush') for (const entry of appended) this.#durable.add(entry);
      if (tag !== 'Publish') continue;
      const [kind, round, ...version] = row;
      const entry = textOf([kind === 'Propose' ? 'Proposal' : kind, this.#self, round, ...version]);
      if (!this.#durable.has(entry))
        return this.#comparison.fail(index, `${entry} appended and flushed before it is published`, done);
      const key = `${String(kind)} ${String(round)}`;
      const before = this.#signed.get(key);
      if (before !== undefined && before !== textOf(version))
        return this.#comparison.fail(index, `one version of ${key}: ${before}`, version);
      this.#signed.set(key, textOf(version));
    }
    return true;
  }

  /** `before`: the recorded state before the step. */
  isSame(index: number, { in: input, do: recorded, post }: WalStep, done: readonly Row[], before: RecordedState): boolean {
    if (!this.isSafe(index, done)) return false;
    if (this.#isDecided) {
      const more = done.filter(([tag]) => tag === 'Publish' || tag === 'Decide');
      return more.length === 0 || this.#comparison.fail(index, [], more);
    }
    const says = (rows: readonly Row[], published: Set<string>): readonly Row[] => {
      const fresh = rows.filter((row) => (row[0] === 'Publish' && !published.has(textOf(row))) || row[0] === 'Decide');
      for (const row of fresh) published.add(textOf(row));
      return fresh;
    };
    const wanted = says(recorded, this.#wanted.published);
    if (!this.#comparison.rows('outputs', index, wanted, says(done, this.#got.published))) return false;
    if (!this.#isStarted(index, input, done)) return false;
    if (!this.#isLogged(index, entriesOf(recorded), entriesOf(done), before)) return false;
    this.#isDecided = wanted.some(([tag]) => tag === 'Decide');
    return this.#isDecided || post === undefined || this.#comparison.state(index, post, this.#node.state);
  }

  /** Own proposals of the lives before: they may be published again, or not. */
  #proposals(): readonly Row[] {
    return [...this.#signed].flatMap(([key, version]) => {
      const [kind, round] = key.split(' ');
      return kind === 'Propose' ? [['Publish', kind, Number(round), ...(JSON.parse(version) as Row)]] : [];
    });
  }

  /** A timer that acts was set in this life: a node that comes back sets its timers again. */
  #isStarted(index: number, [tag, ...timer]: Row, done: readonly Row[]): boolean {
    if (tag !== 'Timeout' || !entriesOf(done).some(([kind]) => kind === 'Timeout')) return true;
    this.#comparison.count('timers');
    return this.#timers.has(textOf(timer)) || this.#comparison.fail(index, { started: timer }, { started: [...this.#timers] });
  }

  /** What was logged so far is the same, each entry once, in any order. */
  #isLogged(index: number, recorded: readonly Row[], done: readonly Row[], before: RecordedState): boolean {
    for (const row of done) this.#got.entries.add(textOf(row));
    for (const row of recorded) {
      const entry = textOf(row);
      if (this.#wanted.entries.has(entry)) continue;
      this.#comparison.count('entries');
      if (!this.#got.entries.has(entry) && isPointless(row, before)) this.#comparison.differs('pointlessTimer');
      else this.#wanted.entries.add(entry);
    }
    const { state } = this.#node;
    const missing = [...this.#wanted.entries].filter((entry) => !this.#got.entries.has(entry));
    // A vote that only waits need not be durable before it acts.
    const owed = missing.map((entry) => JSON.parse(entry) as Row).filter((row) => !isAhead(row, state));
    const known = [...this.#wanted.entries].map((entry) => valueKey(JSON.parse(entry) as Row));
    const extra = [...this.#got.entries].filter((entry) => {
      const row = JSON.parse(entry) as Row;
      const key = valueKey(row);
      // An answer of the application that comes for another round is logged here and has no effect.
      const isLate = key !== undefined && row[1] === this.#self && row[2] !== before.r;
      return !this.#wanted.entries.has(entry) && !isLate && (key === undefined || !known.includes(key));
    });
    return (owed.length === 0 && extra.length === 0) || this.#comparison.fail(index, { entries: owed }, { entries: extra });
  }
}

/** A value that came once is not logged again with a second proposal. */
function valueKey([tag, , , value, , isValid]: Row): string | undefined {
  return tag === 'ProposedValue' ? textOf([value, isValid]) : undefined;
}

export function entriesOf(done: readonly Row[]): readonly Row[] {
  return done.flatMap(([tag, entry]) => (tag === 'Append' ? [entry as Row] : []));
}

export function play(node: LoggedNode, reader: InputReader, row: Row, height: number): readonly Row[] {
  if (row[0] === 'StartHeight') return node.start();
  const input = reader.read(row, height);
  return input === undefined ? [] : node.feed(input);
}
