/** What a height or a round means: exactly this one where it is expected, "at or past" where it is waited for. And what must not come. */
import { expect, use } from 'chai';
import { decides, decidesNothing, event, exactly, from, never, scenario, type Up } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';
import { lazuriteChai } from '../../testing/chai.ts';

use(lazuriteChai);

const four = () => scenario('four', { A: 1, B: 1, C: 1, D: 1 });
const third = { A: 1, B: 1, C: 1 };

describe('a height or a round', () => {
  it('is exact in `expect`: a later one does not do', () => {
    const late = four().node('B', (b) =>
      b.waitUntil(event('height.start', { height: 4 })).expect(event('vote.cast', { height: 3 }), { within: '1s' }),
    );
    expect(late.run().complaints).to.deep.equal(['B: expect vote.cast (height 3) did not come within 1000 ms']);
  });

  it('says with `from` that a later one will do, and with `exactly` that none will', () => {
    const later = four().node('B', (b) =>
      b.waitUntil(event('height.start', { height: 4 })).expect(event('vote.cast', { height: from(3) }), { within: '1s' }),
    );
    expect(later.run().complaints).to.deep.equal([]);
    const gone = four().node('B', (b) =>
      b.waitUntil(event('height.start', { height: 4 })).waitUntil(event('vote.cast', { height: exactly(3) }), { within: '1s' }),
    );
    expect(gone.run().complaints).to.deep.equal(['B: waitUntil vote.cast (height exactly 3) did not come within 1000 ms']);
  });

  it('is "at or past" in a trigger, and of a later height any round is past', () => {
    const run = scenario('late', { A: 1, B: 1, C: 1, D: 1 })
      .fault({ ...event('vote.cast', { height: 3, round: 1 }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 100 })
      .run();
    expect(run.deaths).to.have.length(1);
  });

  it('is exact in `see`', () => {
    const run = four()
      .node('B', (b) =>
        b
          .waitUntil(event('height.start', { height: 2 }))
          .crash({ after: 'publish' })
          .restart({ after: '2s' }),
      )
      .run();
    expect(run).to.not.see(event('vote.cast', { type: 'precommit', height: 999 }));
    expect(run).to.see(event('replay.begin', { height: 2 }), { times: 1 });
    expect(run).to.not.see(event('replay.begin', { height: 1 }));
    expect(run).to.see(event('replay.begin', { height: from(1) }), { times: 1 });
  });

  it('counts in `sameAs`: nil at one height is not nil at another', () => {
    const nils = scenario('nil', third)
      .byzantine('A', 'silent')
      .byzantine('C', 'silent')
      .until({ time: '3s' })
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { type: 'prevote', round: exactly(0) }), { as: 'the vote' })
          .expect(event('vote.cast', { type: 'prevote', height: 2 }), { sameAs: 'the vote', within: '1s' }),
      );
    expect(nils.run().complaints.join()).to.contain('did not come');
    const other = four().node('B', (b) =>
      b
        .waitUntil(event('height.start', { height: 1 }), { as: 'the height' })
        .expect(event('height.start', { height: 2 }), { sameAs: 'the height' }),
    );
    expect(other.run().complaints).to.deep.equal([
      "B: expect height.start (height 2) was undefined, and 'the height' was undefined at height 1",
    ]);
  });
});

describe('what must not come', () => {
  it('is a complaint when it comes: in a script, for a while', () => {
    const told = (forMs: number) =>
      four()
        .node('B', (b) =>
          b.waitUntil(event('height.start', { height: 2 })).never(event('decided', { height: 4 }), { for: forMs }),
        )
        .run().complaints;
    expect(told(20)).to.deep.equal([]);
    expect(told(2000)).to.deep.equal(['B: never decided (height 4) for 2000 ms, and it came']);
  });

  it('has a time that ends where nothing happens, as what must come in time has', () => {
    // Nothing happens between the beginning of the height and the timeout, 300 ms later.
    const told = (script: (a: Up) => Up) =>
      scenario('nobody proposes', { A: 1 })
        .application('proposes-nothing', { heights: 1, rounds: 0 })
        .node('A', (a) => script(a.waitUntil(event('height.start', { height: 1 }))))
        .run().complaints;
    const timeout = event('timeout', { step: 'propose' });
    expect(told((a) => a.never(timeout, { for: '290ms' }).expect(timeout, { within: '20ms' }))).to.deep.equal([]);
    expect(told((a) => a.expect(timeout, { within: '290ms' }))).to.deep.equal([
      'A: expect timeout (step propose) did not come within 290 ms',
    ]);
  });

  it('is a complaint when it comes: in the whole run, at any node or at the named ones', () => {
    const crashed = four().node('B', (b) =>
      b
        .waitUntil(event('height.start', { height: 2 }))
        .crash()
        .restart(),
    );
    const complaints = (check: ReturnType<typeof never>): readonly string[] => crashed.expect(check).run().complaints;
    expect(complaints(never(event('restart'), { nodes: ['A', 'C'] }))).to.deep.equal([]);
    expect(complaints(never(event('restart')))[0]).to.match(/^nobody reports restart, but B reported restart at \d+ ms$/);
    expect(complaints(never(event('restart'), { until: '20ms' }))).to.deep.equal([]);
    expect(complaints(never(event('decided', { height: 2 }), { from: '3s', until: '4s' })).join()).to.equal('');
  });

  it('lets a stall be claimed: nobody decides anything, and a decision is a complaint', () => {
    const two = scenario('two of four are silent', { A: 1, B: 1, C: 1, D: 1 })
      .byzantine('A', 'silent')
      .byzantine('B', 'silent')
      .expect(decidesNothing({ until: '20s' }));
    const run = two.run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.world.now).to.be.at.least(20_000_000);
    expect(
      four()
        .expect(decidesNothing({ until: '1s' }))
        .run().complaints[0],
    ).to.match(/decided height 1 at \d+ ms$/);
  });

  it('has not been shown by a run that is over before', () => {
    const short = four()
      .until({ time: '1s' })
      .expect(never(event('stopped'), { until: '2s' }));
    expect(short.run().complaints).to.deep.equal(['nobody reports stopped until 2000 ms, but the run was over at 1000 ms']);
  });

  it('can be expected to fail, by its name', () => {
    const run = four()
      .expect(never(event('decided', { height: 3 }), { as: 'nothing at 3' }), decides(5))
      .variants({ name: 'as it is', expect: { fail: [], steps: ['nothing at 3'] } })
      .run();
    expect(run.complaints).to.deep.equal([]);
  });
});

describe("another node's moment, and a late start", () => {
  it('is waited for by a node that is up, and by one that is down', () => {
    const run = four()
      .node('B', (b) =>
        b
          .waitUntil(event('decided', { height: 2 }), { node: 'A' })
          .crash()
          .waitUntil(event('decided', { height: 5 }), { node: 'A' })
          .restart({ after: 0 })
          .expect(event('decided', { height: 5 }), { within: '5s' }),
      )
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run).to.see(event('crash'), { after: event('decided', { height: 2 }), before: event('decided', { height: 5 }) });
  });

  it('is no death: a node that starts late, at a time or at a height, and one that never starts', () => {
    const late = four()
      .node('B', (b) => b.startsLate({ after: '10s' }).expect(event('height.start', { height: 1 }), { within: '100ms' }))
      .expect(decides(5, { within: '15s' }))
      .run();
    expect(late.complaints).to.deep.equal([]);
    expect(late.deaths).to.deep.equal([]);
    expect(late.world.life('B')).to.equal(0);
    const atHeight = four()
      .node('B', (b) =>
        b.startsLate({ at: event('decided', { height: 5 }) }).expect(event('decided', { height: 5 }), { within: '3s' }),
      )
      .run();
    expect(atHeight.complaints).to.deep.equal([]);
    expect(atHeight.deaths).to.deep.equal([]);
    const never3 = four()
      .node('B', (b) => b.neverStarts())
      .expect(decides(5))
      .run();
    expect(never3.complaints).to.deep.equal([]);
    expect(never3.world.isUp('B')).to.equal(false);
    expect(never3.world.life('B')).to.equal(-1);
  });

  it('counts in `termination`: without the one that starts late nobody goes on, and that is no violation', () => {
    const run = scenario('three', third)
      .node('C', (c) => c.startsLate({ after: '20s' }))
      .until({ time: '20100ms' })
      .run();
    expect(run.properties.find(({ name }) => name === 'termination')?.verdict).to.not.equal('violated');
  });

  it('is still judged by `comes-back`: a late node that stops for no reason is a finding', () => {
    const run = four()
      .node('B', (b) =>
        b
          .startsLate({ after: '1s' })
          .waitUntil(event('height.start', { height: 5 }))
          .kill()
          .restart(),
      )
      .run();
    expect(run.properties.find(({ name }) => name === 'comes-back')?.verdict).to.equal('held');
  });
});

describe('these words in YAML', () => {
  const story = four()
    .node('B', (b) =>
      b
        .startsLate({ at: event('decided', { height: 3 }), node: 'A' })
        .expect(event('decided', { height: from(3) }), { node: 'C' }),
    )
    .node('C', (c) => c.never(event('decided', { height: 9 }), { for: '1ms', as: 'not yet' }))
    .node('D', (d) => d.neverStarts())
    .expect(never(event('stopped'), { nodes: ['A'], until: '1s' }), decidesNothing({ until: '1ms' }));

  it('are written and read again', () => {
    const text = formatScenario(story.data);
    expect(text).to.contain('neverStarts').and.contain('startsLate').and.contain('decidesNothing');
    expect(parseScenario(text, 'x.yaml')).to.deep.equal(JSON.parse(JSON.stringify(story.data)));
  });

  it('are refused with their place where they cannot be', () => {
    const text = `scenario: x
validators: { A: 1, B: 1, C: 1, D: 1 }
nodes:
  B:
    - crash:
    - waitUntil: { event: decided }
    - startsLate: { after: 1s }
  C:
    - expect: { event: decided, where: { height: { from: x } }, node: A }
  D:
    - expect: { event: decided, node: E }
expect:
  - never: { event: decidedd }
`;
    const told = (() => {
      try {
        return String(parseScenario(text, 'x.yaml').name);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(told).to.contain('x.yaml:9:');
    const next = (() => {
      try {
        return String(parseScenario(text.replace('{ from: x }', '{ from: 2 }'), 'x.yaml').name);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(next.split('\n')).to.deep.equal([
      'x.yaml:6:18: B is down here and reports nothing: `restart` it, or name the other `node` whose event it waits for',
      'x.yaml:7:19: `startsLate` is the first step of a script, or none',
      "x.yaml:11:39: no node is called 'E'; there are A, B, C, D",
      "x.yaml:13:21: no event is called 'decidedd'; did you mean 'decided'?",
    ]);
  });
});
