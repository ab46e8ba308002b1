/** A run says why it ended; a step that was not reached says what came nearest; two variants have two names. */
import { expect } from 'chai';
import { decides, event, height, type Run, ScenarioError, scenario } from '../../scenarios/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';

const head = 'scenario: x\nvalidators: { A: 1, B: 1, C: 1, D: 1 }\n';
const four = () => scenario('four', { A: 1, B: 1, C: 1, D: 1 });
const told = (run: Run): string => run.complaints.join('\n');

describe('two variants of one name', () => {
  it('are refused with line and column', () => {
    expect(() => parseScenario(`${head}variants:\n  - { name: one, wal: none }\n  - { name: one }\n`, 'x.yaml')).to.throw(
      ScenarioError,
      "x.yaml:5:13: variants 1 and 2 are both called 'one'; give each a name of its own",
    );
  });

  it('are refused in TypeScript', () => {
    expect(() => four().variants({ name: 'one' }, { name: 'two' }, { name: 'one' })).to.throw(
      ScenarioError,
      "scenario 'four': two variants are called 'one'",
    );
  });
});

describe('a decision that `until` does not wait for', () => {
  it('is a mistake', () => {
    for (const at of [5, 7])
      expect(() => parseScenario(`${head}until: { height: 5 }\nexpect:\n  - decides: ${at}\n`, 'x.yaml')).to.throw(
        `x.yaml:5:14: height ${at} is not decided when the run ends`,
      );
    expect(() => four().until({ height: 5 }).expect(decides(5)).run()).to.throw(ScenarioError, 'height 5 is not decided');
    expect(told(four().until({ height: 6 }).expect(decides(5)).run())).to.equal('');
  });
});

describe('a victim that is due back', () => {
  // The others decide a height in a few ms: they are done long before a second has passed.
  const quick = () => scenario('quick', { A: 30, B: 1, C: 30, D: 30, E: 30 }).network({ delay: '1ms' });
  const dies = () =>
    quick().fault({ ...event('decided', { height: 2 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 1000 });

  it('is waited for, and goes on for some heights', () => {
    const run = dies().run();
    expect(told(run)).to.equal('');
    expect(run.returns.map(({ node }) => node)).to.deep.equal(['B']);
    expect(run.properties.find(({ name }) => name === 'comes-back')?.verdict).to.equal('held');
    expect(run.ended).to.contain('had gone on');
  });

  it('is a complaint where the run ends before', () => {
    const run = dies().until({ time: '300ms' }).run();
    expect(told(run)).to.equal('B was not back when the run ended after 300 ms: its restart was still to come');
    expect(run.asExpected).to.equal(false);
  });
});

describe('a decision that is allowed more time than runs usually take', () => {
  it('is waited for', () => {
    const groups = [
      ['A', 'B'],
      ['C', 'D'],
    ];
    const run = four()
      .fault({ time: 0 }, { type: 'partition', groups, oneWay: false, forMs: 70_000 })
      .expect(decides(2, { within: '2m' }))
      .run();
    expect(told(run)).to.equal('');
  });
});

describe('the end of a run names its reason', () => {
  const cases: readonly (readonly [reason: RegExp, run: () => Run])[] = [
    [/^ended at 1000 ms: the time that `until` names$/, () => four().until({ time: '1s' }).run()],
    [/^ended at \d+ ms: every node that is up was at height 5, as `until` says$/, () => four().until({ height: 5 }).run()],
    [
      /: every node that is up was at height 2, round 0|: every node that is up was at height 2, as/,
      () => four().until({ height: 2 }).run(),
    ],
    [/^ended at \d+ ms: the scripts were done, and the nodes had gone on after them$/, () => four().run()],
    [/^ended at \d+ ms: the safety phase was over/, () => four().safetyPhase('100ms').run()],
    [
      /^given up at a standstill, after \d+ deliveries and \d+ ms; 0 of 1 voting power is up, 1 needed \(A is down\)$/,
      () =>
        scenario('alone', { A: 1 })
          .node('A', (a) => a.crash().stayDown())
          .run(),
    ],
    [
      /^given up at the limit of virtual time .*; 50 of 100 voting power is up, 67 needed \(A is down\)$/,
      () =>
        scenario('half of the power', { A: 50, B: 20, C: 20, D: 10 })
          .node('A', (a) => a.waitUntil(height(2)).crash().stayDown())
          .run({ record: false }),
    ],
    [
      /^ended at 2000 ms: .*; at most 2 of 4 voting power can hear one another, 3 needed$/,
      () =>
        four()
          .partition(
            [
              ['A', 'B'],
              ['C', 'D'],
            ],
            { at: { time: '100ms' } },
          )
          .until({ time: '2s' })
          .run(),
    ],
    [
      /; 1 of 3 voting power is up, 2 needed \(B is down, C is down\)$/,
      () =>
        scenario('raft', { A: 1, B: 1, C: 1 })
          .protocol('raft')
          .fault({ timeMs: 300 }, { type: 'kill', nodes: ['B', 'C'] })
          .until({ time: '2s' })
          .run(),
    ],
  ];
  for (const [reason, made] of cases) it(String(reason), () => expect(made().ended).to.match(reason));

  it('in the complaint of a run that was given up', () => {
    const run = scenario('alone', { A: 1, B: 1 })
      .node('A', (a) => a.crash().stayDown())
      .until({ height: 3 })
      .run();
    expect(told(run)).to.contain('1 of 2 voting power is up, 2 needed (A is down)');
  });
});

describe('a decision that did not come in time', () => {
  it('is reported with when it came, and the voting power that was missing then', () => {
    const away = four()
      .node('C', (c) => c.crash().restart({ after: '8s' }))
      .node('D', (d) => d.crash().restart({ after: '8s' }))
      .until({ time: '10s' });
    const run = away.expect(decides(5, { within: '4s', nodes: ['A'] })).run();
    expect(told(run)).to.match(
      /^A did not decide height 5 within 4000 ms: it decided it at 8\d{3} ms; at 4000 ms 2 of 4 voting power is up, 3 needed \(C is down, D is down\)$/,
    );
    // With enough voting power it was only slow.
    expect(
      told(
        four()
          .expect(decides(3, { within: '10ms', nodes: ['A'] }))
          .until({ height: 5 })
          .run(),
      ),
    ).to.match(/^A did not decide height 3 within 10 ms: it decided it at \d+ ms$/);
  });

  it('is reported with the last one that came', () => {
    const stopped = four()
      .node('C', (c) =>
        c
          .waitUntil(event('height.start', { height: 3 }))
          .crash()
          .stayDown(),
      )
      .node('D', (d) =>
        d
          .waitUntil(event('height.start', { height: 3 }))
          .crash()
          .stayDown(),
      );
    expect(
      told(
        stopped
          .expect(decides(9, { within: '1s', nodes: ['A'] }))
          .until({ time: '2s' })
          .run(),
      ),
    ).to.match(
      /^A did not decide height 9 within 1000 ms: its last decision was [23], at \d+ ms; at 1000 ms 2 of 4 voting power is up/,
    );
  });
});

describe('a decision of nodes that are all down', () => {
  it('has not come', () => {
    const dark = scenario('alone', { A: 1 })
      .node('A', (a) => a.crash().stayDown())
      .expect(decides(5));
    expect(told(dark.until({ time: '1s' }).run())).to.contain('A did not decide height 5 within 60000 ms, and is down');
    const named = four()
      .node('B', (b) => b.crash().stayDown())
      .expect(decides(5, { nodes: ['B'] }));
    expect(told(named.until({ time: '1s' }).run())).to.contain('B did not decide height 5 within 60000 ms, and is down');
  });
});

describe('a step that was not reached says what came nearest', () => {
  const until = { time: '1s' } as const;
  it('the moment whose fields differ least, and when', () => {
    const run = four()
      .node('B', (b) => b.waitUntil(event('vote.cast', { type: 'prevote', height: 500 })))
      .until(until)
      .run();
    expect(told(run)).to.match(
      /^B never reached step 1: waitUntil vote\.cast \(type prevote, height 500\); nearest: vote\.cast \(type prevote, height \d+\) of B at 9\d\d ms$/,
    );
    const first = four()
      .node('B', (b) => b.waitUntil(event('timeout', { height: 3, step: 'propose' })))
      .until(until)
      .run();
    expect(told(first)).to.match(/; no timeout came after 0 ms, and B is at height \d+, round 0$/);
  });

  it('how often a crash point came', () => {
    const run = four()
      .node('B', (b) => b.crash({ after: 'publish', nth: 100_000 }).restart())
      .until(until)
      .run();
    expect(told(run)).to.match(
      /^B never reached step 1: power after publish; B came to publish \d\d+ of 100000 times, and B is at height \d+, round 0$/,
    );
  });

  it('that the node is down', () => {
    const run = four()
      .fault({ timeMs: 100 }, { type: 'kill', nodes: ['B'] })
      .node('B', (b) => b.waitUntil(event('evidence')))
      .until(until)
      .run();
    expect(told(run)).to.equal('B never reached step 1: waitUntil evidence; no evidence came after 0 ms, and B is down');
  });
});
