/** A fault that did nothing is not green: what can never act is refused with its place, and what turned out to do nothing is a complaint. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fuzz, fuzzCase } from '../../campaigns/index.ts';
import { event, type Fault, runScenario, ScenarioError, scenario, type Trigger } from '../../scenarios/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';
import { command } from '../apps/cli/command-run.ts';

const head = 'scenario: x\nvalidators: { A: 1, B: 1, C: 1, D: 1 }\n';
const four = () => scenario('four', { A: 1, B: 1, C: 1, D: 1 });

function mistake(text: string): string {
  try {
    parseScenario(head + text, 'x.yaml');
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return 'none';
}

describe('what can never act is refused, with line and column', () => {
  const faults: readonly (readonly [fault: string, words: string])[] = [
    ['{ type: crash, nodes: [] }', 'this crash can do nothing: it names no node'],
    ['{ type: kill, nodes: [], restartMs: 5 }', 'this kill can do nothing: it names no node'],
    ['{ type: partition, groups: [], oneWay: false }', 'give at least two, each with a node'],
    ['{ type: partition, groups: [[A, B, C, D]], oneWay: false }', 'give at least two, each with a node'],
    ['{ type: partition, groups: [[A], []], oneWay: true }', 'give at least two, each with a node'],
    ['{ type: partition, groups: [[A, B], [B]], oneWay: false }', 'B is in two groups, or twice in one'],
    ['{ type: partition, groups: [[A], [B]], oneWay: false, forMs: 0 }', "'forMs' is 0"],
    ['{ type: partition, groups: [[A], [B]], oneWay: false, flapMs: 0 }', "'flapMs' is 0"],
    ['{ type: pause, node: B, forMs: 0 }', "'forMs' is 0: it would be over when it begins"],
    ['{ type: drift, node: B, perMille: 0 }', 'its clock is right without it'],
    ['{ type: weather, link: {}, forMs: 100 }', 'its links are as they are without it'],
    ['{ type: weather, link: { loss: 0, duplicate: 0 }, forMs: 100 }', 'its links are as they are without it'],
    ['{ type: weather, link: { loss: 0.0001 }, forMs: 100 }', 'its links are as they are without it'],
    ['{ type: weather, link: { loss: 0.1 }, forMs: 0 }', "'forMs' is 0"],
    ['{ type: slow-fsync, node: B, byMs: 0, forMs: 10 }', "'byMs' is 0: nothing would be slower"],
    ['{ type: slow-fsync, node: B, byMs: 10, forMs: 0 }', "'forMs' is 0"],
    ['{ type: lost-tail, node: B, bytes: 0 }', "'bytes' is 0: nothing would be lost"],
    ['{ type: old-snapshot, node: B, afterMs: 0 }', "'afterMs' is 0"],
  ];
  for (const [fault, words] of faults)
    it(fault, () => {
      const told = mistake(`faults:\n  - { at: { time: 100ms }, fault: ${fault} }\n`);
      expect(told).to.match(/^x\.yaml:4:\d+: /);
      expect(told).to.contain(words);
    });

  const others: readonly (readonly [what: string, yaml: string, words: string])[] = [
    [
      'a fault after the end',
      'until: { time: 1s }\nfaults:\n  - { at: { time: 1s }, fault: { type: kill, nodes: [B] } }\n',
      'x.yaml:5:11: the run ends at 1000 ms',
    ],
    [
      'a fault after the safety phase',
      'safetyPhase: 1s\nfaults:\n  - { at: { time: 2s }, fault: { type: kill, nodes: [B] } }\n',
      'x.yaml:5:11: the safety phase ends at 1000 ms',
    ],
    [
      'a death without the node of its crash point',
      'faults:\n  - { at: { node: A, site: publish, phase: after, nth: 1 }, fault: { type: kill, nodes: [B] } }\n',
      'at a crash point of A, A dies; name it in `nodes: [A]`',
    ],
    [
      'a crash point of nobody',
      'faults:\n  - { at: { point: "Q@1.0/publish~1:after" }, fault: { type: kill, nodes: [A] } }\n',
      "no node is called 'Q'",
    ],
    [
      'a pause at a crash point',
      'faults:\n  - { at: { node: A, site: publish, phase: after, nth: 1 }, fault: { type: pause, node: A, forMs: 5 } }\n',
      'a pause cannot wait for a crash point',
    ],
    ['a node that is cut off for no time', 'nodes:\n  B:\n    - isolate: { for: 0 }\n', "x.yaml:5:23: 'for' is 0"],
    ['an end before the beginning', 'until: { time: 0 }\n', 'x.yaml:3:16: the run would end before anything happens'],
    ['an end at height 0', 'until: { height: 0 }\n', 'heights begin at 1'],
    ['a safety phase of no time', 'safetyPhase: 0\n', 'no fault would strike'],
    ['a decision of height 0', 'expect:\n  - decides: 0\n', 'x.yaml:4:14: heights begin at 1, and this is 0'],
    ['a decision of nobody', 'expect:\n  - agreement\n  - { decides: 3, nodes: [] }\n', 'x.yaml:5:26: no node is named'],
    [
      'a time without decisions that is over at once',
      'expect:\n  - decidesNothing: { until: 0 }\n',
      'it ends at 0 ms, and begins at 0 ms',
    ],
    [
      'a named property that no variant judges',
      'variants: [{ name: x, wal: none }]\nexpect: [write-ahead]\n',
      'x.yaml:4:10: write-ahead is judged in no variant',
    ],
  ];
  for (const [what, yaml, words] of others) it(what, () => expect(mistake(yaml)).to.contain(words));

  it('also where TypeScript says it', () => {
    expect(() => four().fault({ timeMs: 5 }, { type: 'kill', nodes: [] })).to.throw(
      ScenarioError,
      'can do nothing: it names no node',
    );
    expect(() => four().until({ time: 0 }).run()).to.throw(ScenarioError, 'the run would end before anything happens');
    expect(() => four().drift('B', 0).run()).to.throw(ScenarioError, 'its clock is right without it');
  });

  it('but not what ends a fault, or makes bad links good', () => {
    expect(
      mistake(
        'faults:\n  - { at: { time: 9ms }, fault: { type: drift, node: B, perMille: 90 } }\n  - { at: { time: 90ms }, fault: { type: drift, node: B, perMille: 0 } }\n',
      ),
    ).to.equal('none');
    expect(
      mistake('network: { loss: 0.1 }\nfaults:\n  - { at: { time: 9ms }, fault: { type: weather, link: {}, forMs: 5 } }\n'),
    ).to.equal('none');
  });
});

describe('a fault that did nothing in this run is a complaint', () => {
  const down: readonly [Trigger, Fault] = [{ timeMs: 100 }, { type: 'crash', nodes: ['B'], restartMs: 60_000 }];
  const late: Trigger = { timeMs: 200 };
  const cases: readonly (readonly [what: string, words: string, ...plan: readonly (readonly [Trigger, Fault])[]])[] = [
    [
      'a kill of a node that is down',
      'fault 2 (kill) did nothing: B was down already',
      down,
      [late, { type: 'kill', nodes: ['B'] }],
    ],
    [
      'a power loss of nodes that are down',
      'fault 2 (crash) did nothing: B was down already',
      down,
      [late, { type: 'crash', nodes: ['B'] }],
    ],
    [
      'a pause of a node that is down',
      'fault 2 (pause) did nothing: B was down',
      down,
      [late, { type: 'pause', node: 'B', forMs: 90 }],
    ],
    [
      'a pause of a node that is paused',
      'fault 2 (pause) did nothing: B was paused already',
      [{ timeMs: 100 }, { type: 'pause', node: 'B', forMs: 300 }],
      [late, { type: 'pause', node: 'B', forMs: 90 }],
    ],
    [
      'a pause in which nothing came',
      'fault 1 (pause) did nothing: nothing came for B meanwhile',
      [{ timeMs: 105.5 }, { type: 'pause', node: 'B', forMs: 0.001 }],
    ],
    [
      'a drifting clock of a dead node',
      'fault 2 (drift) did nothing: B set no timer after it',
      down,
      [late, { type: 'drift', node: 'B', perMille: 100 }],
    ],
    [
      'a timer of a dead node',
      'fault 2 (timer) did nothing: B had no such timer armed',
      down,
      [late, { type: 'timer', node: 'B' }],
    ],
    [
      'a slow disk of a dead node',
      'fault 2 (slow-fsync) did nothing: B synced nothing meanwhile',
      down,
      [late, { type: 'slow-fsync', node: 'B', byMs: 9, forMs: 90 }],
    ],
    [
      'a lying disk of a dead node',
      'fault 2 (fsync-lies) did nothing: B synced nothing',
      down,
      [late, { type: 'fsync-lies', node: 'B' }],
    ],
    [
      'a write that fails on the disk of a dead node',
      'fault 2 (write-fails) did nothing: the disk of B did not come to it',
      down,
      [late, { type: 'write-fails', node: 'B', code: 'ENOSPC', written: 0, file: 'wal', restartMs: 5 }],
    ],
    [
      'a sync that fails on the disk of a dead node',
      'fault 2 (fsync-fails) did nothing: the disk of B did not come to it',
      down,
      [late, { type: 'fsync-fails', node: 'B', fileSystem: 'ext4', file: 'wal', restartMs: 5 }],
    ],
    [
      'a write that is lost on the disk of a dead node',
      'fault 2 (lost-write) did nothing: the disk of B did not come to it',
      down,
      [late, { type: 'lost-write', node: 'B' }],
    ],
    [
      'a death armed on a dead node',
      'fault 2 (kill) never struck: B after segment.create was not reached',
      down,
      [
        { node: 'B', site: 'segment.create', phase: 'after', nth: 900 },
        { type: 'kill', nodes: ['B'] },
      ],
    ],
    [
      'a partition that is over before anybody speaks',
      'fault 1 (partition) did nothing: nothing was sent from one group',
      [{ timeMs: 0 }, { type: 'partition', groups: [['A'], ['B']], oneWay: false, forMs: 0.001 }],
    ],
    [
      'a partition between a node that is down and the others',
      'fault 2 (partition) did nothing: nothing was sent from one group',
      down,
      [{ timeMs: 200 }, { type: 'partition', groups: [['B'], ['A', 'C', 'D']], oneWay: false, forMs: 700 }],
    ],
    [
      'bad weather while nobody speaks',
      'fault 1 (weather) did nothing: nothing was sent meanwhile',
      [{ timeMs: 0 }, { type: 'weather', link: { loss: 0.5 }, forMs: 0.001 }],
    ],
    [
      'a message that is never sent',
      'fault 1 (message) did nothing: no such message was sent',
      [{ timeMs: 0 }, { type: 'message', from: 'A', to: 'B', nth: 90_000, fate: 'lost' }],
    ],
    [
      'damage that nobody comes back to',
      'fault 1 (wipe) did nothing: the run ended before B was started again',
      [{ timeMs: 900 }, { type: 'wipe', node: 'B' }],
    ],
    [
      'a copy that is not put back',
      'fault 1 (old-snapshot) did nothing: the run ended before it was put back',
      [{ timeMs: 900 }, { type: 'old-snapshot', node: 'B', afterMs: 500 }],
    ],
    [
      'a torn sector without a loss of power',
      'fault 1 (unsafe-overwrite) did nothing: B did not lose power',
      [{ timeMs: 100 }, { type: 'unsafe-overwrite', node: 'B' }],
    ],
  ];
  for (const [what, words, ...plan] of cases)
    it(what, () => {
      const story = plan.reduce((sum, [trigger, fault]) => sum.fault(trigger, fault), four().until({ time: '1s' }));
      const run = runScenario(story.data);
      expect(run.complaints.join('\n')).to.contain(words);
      expect(run.asExpected).to.equal(false);
      expect(run.notCarriedOut).to.deep.equal(run.complaints);
    });

  it('also with a safety phase, which lifts what still waits', () => {
    const run = four()
      .fault({ timeMs: 100 }, { type: 'crash', nodes: ['B'], restartMs: 900 })
      .fault({ timeMs: 200 }, { type: 'write-fails', node: 'B', code: 'EIO', written: 0, file: 'wal', restartMs: 5 })
      .fault({ node: 'B', site: 'publish', phase: 'after', nth: 900 }, { type: 'kill', nodes: ['B'] })
      .safetyPhase('500ms')
      .run({ record: false });
    expect(run.complaints).to.deep.equal([
      'fault 2 (write-fails) did nothing: the disk of B did not come to it (the safety phase is over)',
      'fault 3 (kill) never struck: B after publish was not reached (the safety phase is over)',
    ]);
  });

  it('so are steps of a script', () => {
    const told = (run: { readonly complaints: readonly string[] }): string => run.complaints.join('\n');
    const cutOff = scenario('alone', { A: 1 }).node('A', (a) => a.isolate());
    expect(told(cutOff.until({ time: '1s' }).run())).to.contain(
      'A, step 1: isolate did nothing: nothing was sent to it or by it',
    );
    const short = four().node('B', (b) => b.isolate({ for: 0.001 }).waitUntil(event('height.start', { height: 2 })));
    expect(told(short.run())).to.contain('B, step 1: isolate did nothing');
    const idle = four().node('B', (b) => b.waitUntil(event('height.start', { height: 3 })).failFsync());
    expect(told(idle.until({ height: 3 }).run())).to.contain('B, step 2: failFsync did nothing: its log was not synced after it');
    const killed = four()
      .fault({ timeMs: 100 }, { type: 'kill', nodes: ['B'] })
      .node('B', (b) => b.waitUntil(event('kill')).kill().stayDown());
    expect(told(killed.until({ time: '1s' }).run())).to.contain('B, step 2: kill did nothing: it was down already');
  });

  it('but a fault that does something is none', () => {
    const run = four()
      .fault({ timeMs: 100 }, { type: 'partition', groups: [['A'], ['B']], oneWay: false, forMs: 100 })
      .fault({ timeMs: 300 }, { type: 'pause', node: 'B', forMs: 100 })
      .fault({ timeMs: 500 }, { type: 'weather', link: { delay: 20 }, forMs: 100 })
      .fault({ timeMs: 600 }, { type: 'slow-fsync', node: 'B', byMs: 9, forMs: 100 })
      .fault({ timeMs: 700 }, { type: 'drift', node: 'B', perMille: 100 })
      .fault({ timeMs: 800 }, { type: 'kill', nodes: ['A', 'B'], restartMs: 10 })
      .until({ time: '2s' })
      .run({ record: false });
    expect(run.complaints).to.deep.equal([]);
    expect(run.idleFaults).to.deep.equal([]);
  });
});

describe('a drawn fault may do nothing', () => {
  it('and is counted', () => {
    const { faults, idleFaults } = fuzz(four(), { runs: 12, seed: 1 });
    expect(faults).to.be.greaterThan(20);
    expect(idleFaults).to.be.greaterThan(0).and.lessThan(faults);
    const drawn = fuzzCase(four().data, 1);
    expect(drawn.isDrawn).to.equal(true);
    expect(runScenario(drawn).notCarriedOut).to.deep.equal([]);
  });
});

describe('the command', () => {
  it('gives exit 1 and says so; and refuses an end before the beginning', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-vain-'));
    try {
      const file = join(folder, 'down.yaml');
      const kill = '{ type: kill, nodes: [B], restartMs: 1000 }';
      const text = `${head}faults:\n  - { at: { time: 100ms }, fault: ${kill} }\n  - { at: { time: 200ms }, fault: ${kill} }\nexpect: [lock-discipline]\n`;
      writeFileSync(file, text);
      const lazurite = (...args: readonly string[]) =>
        spawnSync(process.execPath, [...command, ...args], {
          encoding: 'utf8',
          env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
        });
      const { status, stdout } = lazurite('run', file);
      expect(stdout).to.contain('! fault 2 (kill) did nothing: B was down already');
      // It is undecided as well; that a fault did nothing weighs more.
      expect(stdout).to.contain('! the scenario names lock-discipline, which was not exercised');
      expect(status).to.equal(1);
      const end = lazurite('run', file, '--until', '0s');
      expect(end.status).to.equal(2);
      expect(end.stderr).to.contain('the run would end before anything happens');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
