/** The library reports what the command reports: no assertion passes on a run that did not happen as its scenario describes it. */
import { AssertionError, expect, use } from 'chai';
import { decides, event, type Run, replayEquivalence, scenario } from '../../scenarios/index.ts';
import { lazuriteChai } from '../../testing/chai.ts';

use(lazuriteChai);

const four = () => scenario('four', { A: 1, B: 1, C: 1, D: 1 });
const until = { time: '1s' } as const;

/** The words of the assertion that failed; the test fails where it passed. */
function failureOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    expect(error).to.be.instanceOf(AssertionError);
    return (error as Error).message;
  }
  throw new Error('the assertion passed');
}

describe('a run that did not happen as its scenario is written', () => {
  const runs: readonly (readonly [what: string, complaint: string, run: () => Run])[] = [
    [
      'a death that never struck',
      'B never reached step 1: power after publish',
      () =>
        four()
          .node('B', (b) => b.crash({ after: 'publish', nth: 100_000 }).restart())
          .until(until)
          .run(),
    ],
    [
      'a fault that never struck',
      'fault 1 (pause) never struck: evidence did not come',
      () => four().pause('B', event('evidence'), { for: '10ms' }).until(until).run(),
    ],
    [
      'a step that was not reached',
      'A never reached step 1: waitUntil evidence',
      () =>
        four()
          .node('A', (a) => a.waitUntil(event('evidence')))
          .until(until)
          .run(),
    ],
    [
      'an `expect` that was not met',
      'B: expect abstain.begin did not come within 100 ms',
      () =>
        four()
          .node('B', (b) => b.expect(event('abstain.begin'), { within: '100ms' }))
          .until(until)
          .run(),
    ],
    [
      'a decision that came late',
      'A did not decide height 5 within 1 ms',
      () =>
        four()
          .expect(decides(5, { within: '1ms' }))
          .until(until)
          .run(),
    ],
    [
      'a mark that was not reached',
      "the mark 'wal.torn-tail-cut' was never reached",
      () => four().mustReach('wal.torn-tail-cut').until(until).run(),
    ],
    [
      'a named property that was not exercised',
      'the scenario names replay-equivalence',
      () => four().expect(replayEquivalence()).until(until).run(),
    ],
    [
      'an end that leaves it undecided',
      'given up at a standstill',
      () =>
        scenario('alone', { A: 1 })
          .node('A', (a) => a.crash().stayDown())
          .run(),
    ],
    [
      'an expected failure that did not come',
      'write-ahead was expected to fail and did not',
      () =>
        four()
          .variants({ name: 'honest', expect: { fail: ['write-ahead'] } })
          .until(until)
          .run(),
    ],
  ];
  for (const [what, complaint, made] of runs)
    it(`fails every assertion, negated or not, with the complaint: ${what}`, () => {
      const run = made();
      expect(run.notCarriedOut.join('\n')).to.contain(complaint);
      const assertions: readonly (() => void)[] = [
        () => expect(run).to.agree(),
        () => expect(run).to.not.equivocate(),
        () => expect(run).to.hold('agreement'),
        () => expect(run).to.not.hold('agreement'),
        () => expect(run).to.decide(1),
        () => expect(run).to.not.decide(999),
        () => expect(run).to.not.see(event('crash')),
        () => expect(run).to.be.deterministic(),
        () => expect(run).to.be.indistinguishableFromPause(),
        () => expect(run.node('A')).to.not.replay(),
        () => expect(run).to.be.asIntended(),
      ];
      for (const assertion of assertions) expect(failureOf(assertion)).to.contain(complaint);
      expect(run).to.not.be.asIntended();
    });

  it('is accepted by a test that names the complaint, and by no other', () => {
    const run = four()
      .node('A', (a) => a.waitUntil(event('evidence')))
      .mustReach('node.halted')
      .until(until)
      .run();
    expect(run)
      .despite('A never reached step 1', /mark 'node\.halted'/)
      .to.agree();
    expect(failureOf(() => expect(run).despite('A never reached step 1').to.agree())).to.contain("the mark 'node.halted'");
    expect(failureOf(() => expect(run).despite('A never', 'the mark', 'B never').to.agree())).to.contain(
      'a complaint like B never',
    );
    expect(failureOf(() => expect(run).despite('').to.agree())).to.contain('takes a part of the text');
  });

  it('is no run in which a property is violated that the test is about', () => {
    const run = four().variants({ name: 'early', break: 'broadcast-before-flush' }).until(until).run();
    expect(run.complaints).to.have.lengthOf(1);
    expect(run).to.agree();
    expect(run).to.not.hold('write-ahead');
    expect(failureOf(() => expect(run).to.be.asIntended())).to.contain('write-ahead was violated');
  });
});

describe('asIntended() stands alone', () => {
  it('and sees what the command sees by further runs: a broken node that changed nothing, a run that is not repeated', () => {
    const idle = four().variants({ name: 'x', break: 'gone-log-made-anew' }).until(until).run();
    expect(failureOf(() => expect(idle).to.be.asIntended())).to.contain("the exhibit 'gone-log-made-anew' changed nothing");
    const unseeded = four().variants({ name: 'x', break: 'unseeded-choice' }).until(until).run();
    expect(failureOf(() => expect(unseeded).to.be.asIntended())).to.contain('determinism was violated');
    expect(four().until(until).run()).to.be.asIntended();
  });
});

describe('a failed assertion', () => {
  it('carries the token that the command prints for the same run', () => {
    const run = four().variants({ name: 'a' }, { name: 'b' }).until(until).run({ variant: 'b', seed: 9 });
    expect(failureOf(() => expect(run).to.equivocate())).to.match(/\n {2}token {4}t1\.[0-9A-F]{8}\.9\.1\.-\.-\.[0-9a-f]{4}$/);
  });
});

describe('misuse is told in a sentence', () => {
  const run = four().until(until).run();
  const untyped = (given: unknown) => expect(given);
  const arguments_ = <Result>(assertion: (...any: never[]) => Result, ...given: readonly unknown[]): Result =>
    (assertion as (...all: readonly unknown[]) => Result)(...given);
  const cases: readonly (readonly [what: string, words: string, act: () => unknown])[] = [
    ['a forgotten run()', "found the scenario 'four' itself; call its `run()`", () => untyped(four()).to.agree()],
    ['a function', 'found a function; give what it returns', () => untyped(four).to.agree()],
    ['a promise', 'found a promise; `await` it first', () => untyped(Promise.resolve(run)).to.agree()],
    ['nothing', 'found undefined', () => untyped(undefined).to.be.asIntended()],
    ['a node in place of its run', 'found node B of a run; give the run', () => untyped(run.node('B')).to.agree()],
    ['a run in place of a node', 'found a whole run', () => untyped(run).to.replay()],
    [
      'a property that is none',
      "no property is called 'agrement'; did you mean 'agreement'?",
      () => expect(run).to.not.hold('agrement'),
    ],
    ['a property of two runs', 'expect(run).to.be.deterministic()', () => expect(run).to.hold('determinism')],
    [
      'a height that is none',
      'a whole number from 1 on, and found undefined',
      () => arguments_((height) => expect(run).to.decide(height)),
    ],
    ['a height in quotes', "and found '5'", () => arguments_((height) => expect(run).to.decide(height), '5')],
    [
      'a moment that is none',
      "takes what `event(...)` gives, and found 'crash'",
      () => arguments_((moment) => expect(run).to.not.see(moment), 'crash'),
    ],
    [
      'an event that nobody reports',
      "did you mean 'vote.cast'?",
      () => arguments_((where) => expect(run).to.not.see(where), { event: 'vote.csat', where: {} }),
    ],
    [
      'an option that is none',
      "see() has no 'time'",
      () => arguments_((options) => expect(run).to.see(event('crash'), options), { time: 1 }),
    ],
  ];
  for (const [what, words, act] of cases) it(what, () => expect(failureOrErrorOf(act)).to.contain(words));

  it('restoring() without a word, with a wrong one, or without replay()', () => {
    const back = four()
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { height: 2 }))
          .crash({ after: 'publish' })
          .restart(),
      )
      .run();
    const replayed = expect(back.node('B')).to.replay();
    expect(failureOf(() => arguments_((what) => replayed.restoring(what), 'lokc'))).to.contain("did you mean 'lock'?");
    const alone = expect(back.node('B')) as unknown as Chai.ReplayAssertion;
    expect(failureOf(() => alone.restoring('lock'))).to.contain('comes after replay()');
    expect(failureOf(() => (replayed.restoring as () => unknown)())).to.contain('takes what must be restored');
  });

  it('a run that kept no events', () => {
    const bare = four().until(until).run({ record: false });
    expect(failureOf(() => expect(bare).to.not.see(event('crash')))).to.contain('kept no events');
  });

  it('a decision of nobody, where all nodes are down', () => {
    const dark = scenario('alone', { A: 1 })
      .node('A', (a) => a.crash().stayDown())
      .until(until)
      .run();
    expect(failureOf(() => expect(dark).to.decide(1))).to.contain('no node is up');
  });

  function failureOrErrorOf(act: () => unknown): string {
    try {
      act();
    } catch (error) {
      expect(error).to.not.be.instanceOf(TypeError);
      return (error as Error).message;
    }
    throw new Error('it passed');
  }
});
