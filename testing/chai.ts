/**
 * The chai plugin, `lazurite/chai`: what a run must show, in the words of a test. No globals; synchronous, but for logs that are not. An assertion
 * on a run that did not happen as its scenario describes it fails with the complaints of that run, unless `despite` names them: a test that never saw
 * its case has tested nothing.
 */
/// <reference types="chai" preserve="true" />

import { complaintsOfAll } from '../campaigns/replay/run-twice.ts';
import { type Duration, milliseconds } from '../scenarios/duration.ts';
import { type Moment, momentText } from '../scenarios/moments.ts';
import { onlyKnown } from '../scenarios/options.ts';
import type { NodeOfRun, Run } from '../scenarios/runner.ts';
import { wrongHeight, wrongMoment, wrongProperty, wrongRestorable } from './arguments.ts';
import { awaited } from './awaited.ts';
import {
  type CrashImagePlan,
  type OpenAsyncLog,
  type OpenLog,
  type RecoverResult,
  recoverFrom,
  wrongPlan,
} from './recover-from.ts';
import { hasDecided, replays, seen } from './run-events.ts';
import { addLines, tokenOf } from './run-token.ts';
import { type Complaint, misuseOf, runIn, type SubjectKind, unexpectedIn } from './subject.ts';

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
      /** `lazurite run` would call the run as expected: it happened as its scenario is written, and the properties held that must hold. */
      asIntended(): Assertion;
      /** Expects these complaints of the run (a part of the text of each, or a pattern); the assertions that follow hold in spite of them. */
      despite(...complaints: readonly [Complaint, ...Complaint[]]): Assertion;
      /** A moment of the run: a number of times (default: at least once), before or after another moment. */
      see(moment: Moment, options?: { readonly times?: number; readonly before?: Moment; readonly after?: Moment }): Assertion;
      /** A log of your own, as a function that opens it, survives every crash image of the plan. `await` it where the log is asynchronous. */
      recoverFrom(plan: CrashImagePlan): Assertion & PromiseLike<void>;
      /** The node came back and replayed its log (of this height). */
      replay(options?: { readonly height?: number }): ReplayAssertion;
    }
    interface ReplayAssertion extends Assertion {
      restoring(...what: readonly [Restorable, ...Restorable[]]): ReplayAssertion;
    }
  }
}

const failed = new WeakMap<object, Run>();

/** The run that a failed assertion was about. */
export function runOf(error: unknown): Run | undefined {
  return typeof error === 'object' && error !== null ? failed.get(error) : undefined;
}

const counted: Readonly<Record<Restorable, string>> = { votes: 'votes', proposals: 'proposals', lock: 'locks', round: 'rounds' };

/** The plugin: `use(lazuriteChai)` once, and the assertions below are there. */
export const lazuriteChai: Chai.ChaiPlugin = (chai, utils) => {
  const refuse = (problem: string | undefined): void => {
    if (problem !== undefined) throw new chai.AssertionError(problem);
  };
  /** A method about one kind of subject. Its failure has the token of the run, and remembers the run, so that a fixture can keep it. */
  const method = <Arguments extends never[]>(
    kind: SubjectKind,
    name: string,
    judge: (this: Chai.AssertionStatic, ...args: Arguments) => unknown,
  ): void =>
    chai.Assertion.addMethod(name, function (this: Chai.AssertionStatic, ...args: unknown[]) {
      const about: unknown = utils.flag(this, 'object');
      refuse(misuseOf(kind, about));
      const run = runIn(about);
      try {
        return (judge as unknown as (this: Chai.AssertionStatic, ...all: unknown[]) => unknown).apply(this, args);
      } catch (error) {
        if (run === undefined || typeof error !== 'object' || error === null) throw error;
        if (!failed.has(error) && error instanceof Error) addLines(error, [`  token    ${tokenOf(run)}`]);
        failed.set(error, run);
        throw error;
      }
    });
  const despiteOf = (assertion: Chai.AssertionStatic): readonly Complaint[] =>
    (utils.flag(assertion, 'despite') as readonly Complaint[] | undefined) ?? [];
  /** A method about what happened in a run: it must have happened as it is written. */
  const about = <Arguments extends never[]>(
    kind: 'run' | 'node',
    name: string,
    judge: (this: Chai.AssertionStatic, ...args: Arguments) => void,
  ): void =>
    method(kind, name, function (this: Chai.AssertionStatic, ...args: Arguments) {
      const run = runIn(utils.flag(this, 'object')) as Run;
      refuse(unexpectedIn(run, run.notCarriedOut, despiteOf(this)));
      judge.apply(this, args);
    });

  const runOfThis = (assertion: Chai.AssertionStatic): Run => utils.flag(assertion, 'object') as Run;
  /** The events; a run that kept none would let a negated assertion hold. */
  const eventsOf = ({ world }: Run): ReturnType<Run['world']['trace']['events']> => {
    if (world.trace.length === 0) refuse('the run has kept no events; leave out `record: false`');
    return world.trace.events();
  };
  const holds = (assertion: Chai.AssertionStatic, name: string): void => {
    const found = runOfThis(assertion).properties.find((one) => one.name === name);
    const { verdict = 'off', message = 'it was never exercised' } = found ?? {};
    if (utils.flag(assertion, 'negate') === true && verdict !== 'held' && verdict !== 'violated')
      refuse(`expected ${name} to be violated, but it was never exercised: ${message}`);
    assertion.assert(
      verdict === 'held',
      `expected ${name} to hold, but ${message}`,
      `expected ${name} to be violated, but it held`,
      'held',
      verdict,
    );
  };

  about('run', 'agree', function () {
    holds(this, 'agreement');
  });
  about('run', 'hold', function (name: string) {
    refuse(wrongProperty(runOfThis(this), name));
    holds(this, name);
  });
  about('run', 'indistinguishableFromPause', function () {
    holds(this, 'crash-is-pause');
  });

  about('run', 'equivocate', function () {
    const found = runOfThis(this).properties.find(({ name }) => name === 'no-equivocation');
    const { verdict = 'off', message = 'it was never exercised' } = found ?? {};
    if (utils.flag(this, 'negate') === true && verdict !== 'held' && verdict !== 'violated')
      refuse(`expected the run not to equivocate, but nobody voted: ${message}`);
    this.assert(
      verdict === 'violated',
      'expected a node to equivocate, but none did',
      `expected nobody to equivocate, but ${message}`,
      'violated',
      verdict,
    );
  });

  about('run', 'decide', function (height: number, options: { readonly within?: Duration } = {}) {
    refuse(wrongHeight('decide()', height));
    const run = runOfThis(this);
    const { within: length } = onlyKnown('decide()', options, ['within']);
    const within = length === undefined ? undefined : milliseconds(length);
    const up = run.world.nodes.filter((name) => run.world.isUp(name));
    const late = up.filter((name) => !hasDecided(eventsOf(run), name, height, within));
    const when = within === undefined ? '' : ` within ${within} ms`;
    if (up.length === 0) refuse(`expected all to decide height ${height}${when}, but no node is up`);
    this.assert(
      late.length === 0,
      `expected all to decide height ${height}${when}, but ${late.join(', ')} did not`,
      `expected not all to decide height ${height}${when}`,
      height,
      late,
    );
  });

  about('run', 'deterministic', function () {
    const run = runOfThis(this);
    const again = run.again().hash;
    this.assert(
      again === run.hash,
      `expected a second run to end with the hash ${run.hash}, but it ended with ${again}`,
      'expected a second run to end with another hash',
      run.hash,
      again,
    );
  });

  about('run', 'see', function (moment: Moment, options: { times?: number; before?: Moment; after?: Moment } = {}) {
    const run = runOfThis(this);
    const { times, ...others } = onlyKnown('see()', options, ['times', 'before', 'after']);
    for (const one of [moment, ...Object.values(others)]) refuse(wrongMoment(run, one));
    const { count, problem } = seen(eventsOf(run), moment, others);
    const isRight = problem === undefined && (times === undefined ? count > 0 : count === times);
    const wanted = times === undefined ? '' : `${times} times `;
    this.assert(
      isRight,
      `expected the run to see ${momentText(moment)} ${wanted}but ${problem ?? `it came ${count} times`}`,
      `expected the run not to see ${momentText(moment)}, but it came ${count} times`,
      times ?? 1,
      count,
    );
  });

  method('run', 'asIntended', function () {
    const run = runOfThis(this);
    const problem = unexpectedIn(run, complaintsOfAll(run), despiteOf(this));
    this.assert(problem === undefined, problem ?? '', 'expected the run not to be as its scenario is written, but it is', [], []);
  });

  chai.Assertion.addMethod('despite', function (this: Chai.AssertionStatic, ...complaints: readonly Complaint[]) {
    const isRight =
      complaints.length > 0 && complaints.every((one) => one instanceof RegExp || (typeof one === 'string' && one !== ''));
    if (!isRight) refuse('despite() takes a part of the text of each complaint that is expected, or a pattern');
    utils.flag(this, 'despite', [...despiteOf(this), ...complaints]);
  });

  method('log', 'recoverFrom', function (plan: CrashImagePlan) {
    refuse(wrongPlan(plan));
    const judge = ({ images, findings, untested }: RecoverResult): void => {
      if (untested !== undefined) refuse(`nothing was tested: ${untested}`);
      const [first] = findings;
      const where = first === undefined ? '' : `power failed before ${first.at}, left ${first.image}: ${first.message}`;
      this.assert(
        findings.length === 0,
        `expected the log to recover from every crash image, but from ${findings.length} of ${images} it did not; ${where}`,
        `expected the log not to recover from some crash image, but it recovered from all ${images}`,
        0,
        findings.length,
      );
    };
    const result = recoverFrom(utils.flag(this, 'object') as OpenLog & OpenAsyncLog, plan) as
      | RecoverResult
      | Promise<RecoverResult>;
    if (!('then' in result)) return judge(result);
    // biome-ignore lint/suspicious/noThenProperty: a test awaits it
    return Object.assign(this, { then: awaited(result.then(judge)) });
  });

  about('node', 'replay', function (options: { readonly height?: number } = {}) {
    const { run, name } = utils.flag(this, 'object') as NodeOfRun;
    const { height: wanted } = onlyKnown('replay()', options, ['height']);
    if (wanted !== undefined) refuse(wrongHeight('replay()', wanted));
    eventsOf(run);
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

  about('node', 'restoring', function (...what: readonly Restorable[]) {
    const { run, name } = utils.flag(this, 'object') as NodeOfRun;
    const replay = utils.flag(this, 'replay') as Readonly<Record<string, unknown>> | undefined;
    refuse(wrongRestorable(what, Object.keys(counted)));
    if (replay === undefined)
      return refuse('restoring() comes after replay(): `expect(run.node("B")).to.replay().restoring("votes")`');
    const lost = run.properties.find((one) => one.name === 'replay-equivalence');
    if (lost?.verdict === 'violated' && utils.flag(this, 'negate') !== true)
      refuse(`expected ${name} to restore what it had, but ${lost.message}`);
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
