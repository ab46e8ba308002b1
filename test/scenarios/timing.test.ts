/** Timeouts, repetitions, statuses and value sync as a scenario sets them: for all, by node, by height. */
import { expect } from 'chai';
import type { Effect } from '../../core/effects.ts';
import { decides, event, type Run, type Scenario, scenario } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const powers = { A: 1, B: 1, C: 1, D: 1 };
const four = () => scenario('four', powers);
const recorded = (of: Scenario): Run => of.run({ record: true });

interface Sent {
  readonly timeMs: number;
  readonly node: string;
  readonly effect: Effect;
}

/** Effects of a type, with their times. */
function effects(run: Run, type: Effect['type']): readonly Sent[] {
  return [...run.world.trace.events()].flatMap((seen) =>
    seen.type === 'effect' && seen.effect.type === type
      ? [{ timeMs: seen.time / 1000, node: seen.node, effect: seen.effect }]
      : [],
  );
}

function timers(run: Run, node: string, timer: string): readonly number[] {
  return effects(run, 'timer.set').flatMap((one) =>
    one.node === node && one.effect.type === 'timer.set' && one.effect.timer === timer ? [one.effect.delay] : [],
  );
}

function sent(run: Run, type: string): readonly (Sent & { readonly data: Readonly<Record<string, unknown>> })[] {
  return effects(run, 'transmit').flatMap((one) =>
    one.effect.type === 'transmit' && one.effect.data.type === type
      ? [{ ...one, data: one.effect.data as unknown as Readonly<Record<string, unknown>> }]
      : [],
  );
}

describe('timeouts', () => {
  it('are as the scenario sets them, and grow with each round', () => {
    const run = recorded(
      four()
        .byzantine('A', 'silent')
        .proposer(1, 0, 'A')
        .proposer(1, 1, 'A')
        .timeouts({ propose: '1s', prevote: 200, precommit: 300, growth: { propose: 70, prevote: 10 } })
        .expect(decides(3)),
    );
    expect(run.complaints).to.deep.equal([]);
    expect(timers(run, 'B', 'propose/0')[0]).to.equal(1000);
    expect(timers(run, 'B', 'propose/1')[0]).to.equal(1070);
    expect(timers(run, 'B', 'precommit/0')[0]).to.equal(300);
    expect(timers(run, 'B', 'precommit/1')[0]).to.equal(350);
  });

  it('differ by node and by height, and what is left out stays', () => {
    const run = recorded(
      four()
        .timeouts({ propose: '2s' }, { nodes: ['B'] })
        .timeouts({ propose: 700, growth: 5 }, { from: 3 })
        .timeouts({ rebroadcast: '50ms' }, { nodes: ['C'], from: 4 })
        .until({ height: 6 }),
    );
    const proposed = (node: string): readonly number[] => timers(run, node, 'propose/0').slice(0, 4);
    expect(proposed('A')).to.deep.equal([300, 300, 700, 700]);
    expect(proposed('B')).to.deep.equal([2000, 2000, 700, 700]);
    expect([...new Set(timers(run, 'C', 'rebroadcast'))]).to.deep.equal([500, 50]);
    expect([...new Set(timers(run, 'D', 'rebroadcast'))]).to.deep.equal([500]);
  });

  it('are part of what a log was written under: the same node comes back to its height', () => {
    const run = four()
      .timeouts({ propose: '600ms' }, { nodes: ['B'], from: 3 })
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { height: 3, type: 'prevote' }), { as: 'the vote' })
          .crash({ after: 'wal.flush' })
          .restart({ after: '20ms' })
          .expect(event('publish', { height: 3, type: 'prevote' }), { sameAs: 'the vote', within: '1s' }),
      )
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.verdict).to.equal('held');
  });

  it('are known to `termination`: slow ones of a single node are no violation', () => {
    const slow = four()
      .byzantine('A', 'silent')
      .proposer(1, 0, 'A')
      .timeouts({ propose: '30s' }, { nodes: ['B', 'C'] })
      .until({ time: '28s' })
      .run();
    expect(slow.properties.find(({ name }) => name === 'termination')?.verdict).to.not.equal('violated');
    const usual = four().byzantine('A', 'silent').byzantine('B', 'silent').until({ time: '28s' }).run();
    expect(usual.properties.find(({ name }) => name === 'termination')?.verdict).to.equal('undecided');
  });
});

describe('statuses', () => {
  it('follow a new interval as soon as its height has come, so that a node that lags is told', () => {
    const story = four()
      .timeouts({ status: '10m' })
      .timeouts({ status: 400 }, { from: 2 })
      .fault({ time: 5 }, { type: 'kill', nodes: ['D'], restartMs: 300 })
      .expect(decides(12, { within: '30s' }));
    const run = recorded(story);
    expect(run.complaints).to.deep.equal([]);
    expect(run.verdict).to.equal('held');
    expect(timers(run, 'A', 'status').slice(0, 2)).to.deep.equal([600_000, 400]);
  });

  it('come so often, and on each decision where that is said', () => {
    const run = recorded(
      four()
        .timeouts({ status: '100ms' }, { nodes: ['A'] })
        .timeouts({ statusOnDecision: true }, { nodes: ['B'] })
        .until({ time: '1s' }),
    );
    const count = (node: string): number => sent(run, 'status').filter((one) => one.node === node).length;
    expect(count('A')).to.equal(9);
    expect(count('C')).to.equal(2);
    expect(count('B')).to.be.greaterThan(20);
    const told = sent(run, 'status').filter(({ node }) => node === 'B');
    expect(told.slice(0, 5).map(({ data }) => data['height'])).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('that are rare give a node that was away its time', () => {
    const run = four()
      .timeouts({ status: '15s' })
      .node('B', (b) =>
        b
          .waitUntil(event('height.start', { height: 2 }))
          .kill()
          .restart({ after: '1s' }),
      )
      .until({ time: '14s' })
      .run();
    expect(run.properties.find(({ name }) => name === 'termination')?.verdict).to.not.equal('violated');
  });
});

describe('value sync', () => {
  const late = () => four().node('D', (d) => d.startsLate({ after: '2s' }));

  it('can be off: nobody asks, nobody serves, and who is left behind owes nothing', () => {
    const run = recorded(late().sync('off').until({ time: '20s' }));
    for (const type of ['status', 'sync.request', 'sync.response']) expect(sent(run, type), type).to.deep.equal([]);
    expect(run.world.position('D').height).to.equal(1);
    expect(run.world.position('A').height).to.be.greaterThan(20);
    expect(run.properties.find(({ name }) => name === 'termination')?.verdict).to.equal('held');
    expect(run.complaints).to.deep.equal([]);
  });

  it('that is off may leave too little power: that is told, and no violation', () => {
    const three = scenario('three', { A: 1, B: 1, C: 1 })
      .sync('off')
      .fault(
        { ...event('locked', { height: 2 }), node: 'C' },
        { type: 'partition', groups: [['A', 'B'], ['C']], oneWay: true, forMs: 5000 },
      )
      .until({ time: '20s' })
      .run();
    const { verdict, message } = three.properties.find(({ name }) => name === 'termination') ?? {};
    expect(verdict).to.equal('undecided');
    expect(message).to.contain('left behind');
  });

  it('asks for so many heights at once, by so many requests at once', () => {
    const run = recorded(late().sync({ batch: 3, parallel: 4 }).expect(decides(10)));
    expect(run.complaints).to.deep.equal([]);
    const asked = sent(run, 'sync.request').filter(({ node }) => node === 'D');
    const together = asked.slice(0, 4);
    expect(new Set(together.map(({ timeMs }) => timeMs)).size).to.equal(1);
    expect(together.map(({ data }) => [data['height'], data['count']])).to.deep.equal([
      [1, 3],
      [4, 3],
      [7, 3],
      [10, 3],
    ]);
  });

  it('spreads several requests over the peers that are ahead, and asks each only for what it has', () => {
    const run = recorded(late().sync({ batch: 2, parallel: 3 }).expect(decides(30)));
    expect(run.complaints).to.deep.equal([]);
    const asked = sent(run, 'sync.request').filter(({ node }) => node === 'D');
    const peersAt = (timeMs: number): ReadonlySet<string | undefined> =>
      new Set(asked.filter((one) => one.timeMs === timeMs).map(({ effect }) => ('to' in effect ? effect.to[0] : undefined)));
    expect(Math.max(...asked.map(({ timeMs }) => peersAt(timeMs).size))).to.equal(3);
    const alone = recorded(late().sync({ batch: 2 }).expect(decides(30)));
    for (const { effect } of sent(alone, 'sync.request')) expect('to' in effect ? effect.to : []).to.have.lengthOf(1);
  });

  it('answers with no more bytes than it may, and with one decision at least', () => {
    const sizes = (maxBytes: number): readonly number[] => {
      const run = recorded(late().app({ valueBytes: 1000 }).sync({ maxBytes }).expect(decides(10)));
      expect(run.complaints).to.deep.equal([]);
      return sent(run, 'sync.response').map(({ data }) => (data['blocks'] as readonly unknown[]).length);
    };
    expect(Math.max(...sizes(100_000))).to.equal(8);
    expect([...new Set(sizes(4000))]).to.deep.equal([3]);
    expect([...new Set(sizes(10))]).to.deep.equal([1]);
  });
});

describe('timeouts and value sync in YAML', () => {
  it('are written and read again', () => {
    const data = four()
      .timeouts({ propose: '1s', growth: { propose: 5 }, statusOnDecision: true }, { nodes: ['A'], from: 2 })
      .timeouts({ growth: 10 })
      .sync('off').data;
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(JSON.parse(JSON.stringify(data)));
    const batches = four().sync({ batch: 2 }).data;
    expect(parseScenario(formatScenario(batches), 'x.yaml').sync).to.deep.equal({ batch: 2 });
  });

  it('are refused where they cannot be', () => {
    const told = (line: string): string => {
      try {
        return parseScenario(`scenario: x\nvalidators: { A: 1, B: 1, C: 1 }\n${line}\n`, 'x.yaml').name;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told('timeouts: [{ propose: 0 }]')).to.contain('x.yaml:3:').and.contain("'propose' must be longer than 0");
    expect(told('timeouts: [{ from: 3 }]')).to.contain('x.yaml:3:12: this rule changes nothing');
    expect(told('timeouts: [{ propose: 1s, nodes: [E] }]')).to.equal("x.yaml:3:35: no node is called 'E'; there are A, B, C");
    expect(told('sync: { batch: 17 }')).to.contain('x.yaml:3:').and.contain('at most 16');
    expect(told('protocol: raft\nsync: off')).to.contain('x.yaml:4:').and.contain('cannot be set');
    expect(() => four().timeouts({})).to.throw('timeouts(): this rule changes nothing');
    expect(() => four().timeouts({ prepose: 3 } as object)).to.throw("did you mean 'propose'?");
  });
});
