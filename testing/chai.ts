/**
 * The chai plugin, `lazurite/chai`: what a run must show, in the words of a test. Synchronous, no globals. A negated assertion on a run
 * that never met the situation fails: a test that never saw its case has tested nothing.
 */
/// <reference types="chai" preserve="true" />
import type { RunEvent, VerdictName } from '../core/events.ts';
import { type Duration, milliseconds } from '../scenarios/duration.ts';
import type { Moment } from '../scenarios/moments.ts';
import { matchesExactly, momentOf, momentText } from '../scenarios/moments.ts';
import { onlyKnown } from '../scenarios/options.ts';
import { type CrashImagePlan, type OpenLog, recoverFrom } from './recover-from.ts';

/** What the assertions need of a run; `scenario(...).run()` gives it. */
interface JudgedRun {
  readonly hash: string;
  again(): { readonly hash: string };
  readonly properties: readonly { readonly name: string; readonly verdict: VerdictName | 'off'; readonly message?: string }[];
  readonly world: {
    readonly nodes: readonly string[];
    readonly trace: { events(): Iterable<RunEvent> };
    isUp(name: string): boolean;
  };
}

/** One node of a run: `run.node('B')`. */
interface NodeOfRun {
  readonly run: JudgedRun;
  readonly name: string;
}

/** What a replay can restore, in the words of Tendermint's state. */
export type Restorable = 'votes' | 'proposals' | 'lock' | 'round';

declare global {
  // biome-ignore lint/style/noNamespace: chai's types are a global namespace
  namespace Chai {
    interface Assertion {
      /** Every pair of decisions at one height is the same value. */
      agree(): Assertion;
      /** Some node sent two different messages for one height, round and type. */
      equivocate(): Assertion;
      /** Every node that is up decides this height; `within` is virtual time, such as '60s' or milliseconds. */
      decide(height: number, options?: { readonly within?: Duration }): Assertion;
      /** A second run ends with the same hash. */
      deterministic(): Assertion;
      /** After each recovery, and at the end, every node is what it would be had it only paused. */
      indistinguishableFromPause(): Assertion;
      /** A property, by its name. */
      hold(property: string): Assertion;
      /** A moment of the run: so many times (default: at least once), before or after another moment. */
      see(moment: Moment, options?: { readonly times?: number; readonly before?: Moment; readonly after?: Moment }): Assertion;
      /** A log of your own, as a function that opens it, survives every crash image of the plan. */
      recoverFrom(plan: CrashImagePlan): Assertion;
      /** The node came back and replayed its log (of this height). */
      replay(options?: { readonly height?: number }): ReplayAssertion;
    }
    interface ReplayAssertion extends Assertion {
      restoring(...what: readonly Restorable[]): ReplayAssertion;
    }
  }
}

const failed = new WeakMap<object, JudgedRun>();

function remember(error: unknown, about: unknown): void {
  if (typeof error !== 'object' || error === null || typeof about !== 'object' || about === null) return;
  const run = 'run' in about ? about.run : about;
  if (typeof run === 'object' && run !== null && 'properties' in run) failed.set(error, run as JudgedRun);
}

/** The run that a failed assertion was about. */
export function runOf(error: unknown): JudgedRun | undefined {
  return typeof error === 'object' && error !== null ? failed.get(error) : undefined;
}

const counted: Readonly<Record<Restorable, string>> = { votes: 'votes', proposals: 'proposals', lock: 'locks', round: 'rounds' };

export const lazuriteChai: Chai.ChaiPlugin = (chai, utils) => {
  /** A method whose failure remembers the run, so that a fixture can keep it. */
  const Assertion = {
    addMethod: <Arguments extends readonly unknown[]>(
      name: string,
      method: (this: Chai.AssertionStatic, ...args: Arguments) => void,
    ): void =>
      chai.Assertion.addMethod(name, function (this: Chai.AssertionStatic, ...args: unknown[]) {
        const about: unknown = utils.flag(this, 'object');
        if (about === null || (typeof about !== 'object' && typeof about !== 'function'))
          throw new chai.AssertionError(`expected a run of a scenario (what its \`run()\` gives), and found ${String(about)}`);
        try {
          (method as unknown as (this: Chai.AssertionStatic, ...all: unknown[]) => void).apply(this, args);
        } catch (error) {
          remember(error, about);
          throw error;
        }
      }),
  };

  const property = (run: JudgedRun, name: string): { readonly verdict: string; readonly message: string } => {
    const found = run.properties.find((one) => one.name === name);
    return { verdict: found?.verdict ?? 'off', message: found?.message ?? 'it was never exercised' };
  };

  Assertion.addMethod('agree', function (this: Chai.AssertionStatic) {
    const { verdict, message } = property(utils.flag(this, 'object') as JudgedRun, 'agreement');
    this.assert(
      verdict === 'held',
      `expected the run to agree, but ${message}`,
      'expected the run not to agree, but it does',
      'held',
      verdict,
    );
  });

  Assertion.addMethod('equivocate', function (this: Chai.AssertionStatic) {
    const { verdict, message } = property(utils.flag(this, 'object') as JudgedRun, 'no-equivocation');
    if (utils.flag(this, 'negate') === true && verdict !== 'held' && verdict !== 'violated')
      throw new chai.AssertionError(`expected the run not to equivocate, but nobody voted: ${message}`);
    this.assert(
      verdict === 'violated',
      'expected a node to equivocate, but none did',
      `expected nobody to equivocate, but ${message}`,
      'violated',
      verdict,
    );
  });

  Assertion.addMethod(
    'decide',
    function (this: Chai.AssertionStatic, height: number, options: { readonly within?: Duration } = {}) {
      const { world } = utils.flag(this, 'object') as JudgedRun;
      const { within: length } = onlyKnown('decide()', options, ['within']);
      const within = length === undefined ? undefined : milliseconds(length);
      const late = world.nodes.filter((name) => world.isUp(name) && !hasDecided(world.trace.events(), name, height, within));
      const when = within === undefined ? '' : ` within ${within} ms`;
      this.assert(
        late.length === 0,
        `expected all to decide height ${height}${when}, but ${late.join(', ')} did not`,
        `expected not all to decide height ${height}${when}`,
        height,
        late,
      );
    },
  );

  Assertion.addMethod('deterministic', function (this: Chai.AssertionStatic) {
    const run = utils.flag(this, 'object') as JudgedRun;
    const again = run.again().hash;
    this.assert(
      again === run.hash,
      `expected a second run to end with the hash ${run.hash}, but it ended with ${again}`,
      'expected a second run to end with another hash',
      run.hash,
      again,
    );
  });

  const holds = (assertion: Chai.AssertionStatic, name: string): void => {
    const { verdict, message } = property(utils.flag(assertion, 'object') as JudgedRun, name);
    if (utils.flag(assertion, 'negate') === true && verdict !== 'held' && verdict !== 'violated')
      throw new chai.AssertionError(`expected ${name} to be violated, but it was never exercised: ${message}`);
    assertion.assert(
      verdict === 'held',
      `expected ${name} to hold, but ${message}`,
      `expected ${name} to be violated, but it held`,
      'held',
      verdict,
    );
  };
  Assertion.addMethod('hold', function (this: Chai.AssertionStatic, name: string) {
    holds(this, name);
  });
  Assertion.addMethod('indistinguishableFromPause', function (this: Chai.AssertionStatic) {
    holds(this, 'crash-is-pause');
  });

  Assertion.addMethod(
    'see',
    function (this: Chai.AssertionStatic, moment: Moment, options: { times?: number; before?: Moment; after?: Moment } = {}) {
      const { world } = utils.flag(this, 'object') as JudgedRun;
      const { times, ...others } = onlyKnown('see()', options, ['times', 'before', 'after']);
      const { count, problem } = seen(world.trace.events(), moment, others);
      const isRight = problem === undefined && (times === undefined ? count > 0 : count === times);
      const wanted = times === undefined ? '' : `${times} times `;
      this.assert(
        isRight,
        `expected the run to see ${momentText(moment)} ${wanted}but ${problem ?? `it came ${count} times`}`,
        `expected the run not to see ${momentText(moment)}, but it came ${count} times`,
        times ?? 1,
        count,
      );
    },
  );

  Assertion.addMethod('recoverFrom', function (this: Chai.AssertionStatic, plan: CrashImagePlan) {
    const { images, findings } = recoverFrom(utils.flag(this, 'object') as OpenLog, plan);
    const [first] = findings;
    const where = first === undefined ? '' : `power failed before ${first.at}, left ${first.image}: ${first.message}`;
    this.assert(
      findings.length === 0,
      `expected the log to recover from every crash image, but from ${findings.length} of ${images} it did not; ${where}`,
      `expected the log not to recover from some crash image, but it recovered from all ${images}`,
      0,
      findings.length,
    );
  });

  Assertion.addMethod('replay', function (this: Chai.AssertionStatic, options: { readonly height?: number } = {}) {
    const { run, name } = utils.flag(this, 'object') as NodeOfRun;
    const { height: wanted } = onlyKnown('replay()', options, ['height']);
    const found = replays(run, name).filter(({ height }) => wanted === undefined || height === wanted);
    const where = wanted === undefined ? '' : ` height ${wanted}`;
    this.assert(
      found.length > 0,
      `expected ${name} to replay${where}, but it did not`,
      `expected ${name} not to replay${where}`,
      true,
      false,
    );
    utils.flag(this, 'replay', found.at(-1));
  });

  Assertion.addMethod('restoring', function (this: Chai.AssertionStatic, ...what: readonly Restorable[]) {
    const { run, name } = utils.flag(this, 'object') as NodeOfRun;
    const replay = utils.flag(this, 'replay') as Readonly<Record<string, unknown>>;
    const lost = property(run, 'replay-equivalence');
    this.assert(
      lost.verdict !== 'violated',
      `expected ${name} to restore what it had, but ${lost.message}`,
      `expected ${name} to lose something`,
      'held',
      lost.verdict,
    );
    const missing = what.filter((one) => Number(replay[counted[one]] ?? 0) === 0);
    this.assert(
      missing.length === 0,
      `expected ${name}'s replay to restore ${missing.join(', ')}, but there was none`,
      `expected ${name}'s replay to restore no ${what.join(', ')}`,
      what,
      replay,
    );
  });
};

/** How often a moment came; `problem`: in which way it stood wrong to the others. */
function seen(
  events: Iterable<RunEvent>,
  moment: Moment,
  { before, after }: { readonly before?: Moment; readonly after?: Moment },
): { readonly count: number; readonly problem: string | undefined } {
  let count = 0;
  let hasBefore = false;
  let hasAfter = after === undefined;
  let problem: string | undefined;
  for (const event of events) {
    const named = momentOf(event);
    if (named === undefined) continue;
    if (matchesExactly(moment, named)) {
      count += 1;
      if (hasBefore) problem ??= `it came after ${momentText(before as Moment)}`;
      if (!hasAfter) problem ??= `it came before ${momentText(after as Moment)}`;
    }
    if (before !== undefined && matchesExactly(before, named)) hasBefore = true;
    if (after !== undefined && matchesExactly(after, named)) hasAfter = true;
  }
  if (before !== undefined && !hasBefore) problem ??= `${momentText(before)} never came`;
  return { count, problem };
}

function hasDecided(events: Iterable<RunEvent>, node: string, height: number, withinMs = Number.POSITIVE_INFINITY): boolean {
  for (const event of events) {
    if (event.node !== node || event.type !== 'effect' || event.effect.type !== 'host.decide') continue;
    if (event.effect.height >= height && event.time <= withinMs * 1000) return true;
  }
  return false;
}

function replays(run: JudgedRun, node: string): readonly Readonly<Record<string, unknown>>[] {
  return [...run.world.trace.events()].flatMap((event) =>
    event.node === node && event.type === 'effect' && event.effect.type === 'observe' && event.effect.event === 'replay.end'
      ? [event.effect.detail]
      : [],
  );
}
