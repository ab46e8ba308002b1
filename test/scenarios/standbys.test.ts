/** Keys apart from nodes: a further machine that holds the key of a validator, with a log of its own or with a copy of the validator's disk. */
import { expect } from 'chai';
import { decides, event, scenario } from '../../scenarios/index.ts';
import { scenarioSource } from '../../scenarios/print.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const four = () => scenario('four', { A: 1, B: 1, C: 1, D: 1 }).standby('B2', { key: 'B' });
const three = () => scenario('three', { A: 1, B: 1, C: 1 }).standby('B2', { key: 'B' });
const whenBIsGone = { at: event('crash'), node: 'B' } as const;

describe('two machines with one key', () => {
  it('are no honest validator: votes count by key, and the key votes twice', () => {
    const run = four().until({ height: 4 }).run();
    expect(run.complaints.filter((complaint) => complaint.startsWith('no-equivocation was violated'))).to.have.length(1);
    expect(run.complaints.join()).to.match(/the key of B, here on B2?, sent .* and then .* at height \d+, round 0/);
  });

  it('are one validator where one of them has the disk of the other, which is gone', () => {
    const moved = three()
      .node('B', (b) =>
        b
          .waitUntil(event('publish', { type: 'prevote', height: 3 }), { as: 'the vote' })
          .crash()
          .stayDown(),
      )
      .node('B2', (b2) =>
        b2
          .startsLate({ ...whenBIsGone, diskOf: 'B' })
          .expect(event('publish', { type: 'prevote', height: 3 }), { sameAs: 'the vote', within: '1s' }),
      )
      .expect(decides(8, { nodes: ['A', 'B2', 'C'], within: '10s' }));
    const run = moved.run();
    expect(run.complaints).to.deep.equal([]);
    // The copy is judged by what the other machine had acknowledged, and not as a disk of its own.
    for (const name of ['write-ahead', 'replay-equivalence', 'crash-is-pause', 'integrity', 'no-equivocation', 'termination'])
      expect(run.properties.find((one) => one.name === name)?.verdict, name).to.equal('held');
    const broken = moved.variants({ name: 'no-fsync', break: 'no-fsync' }).run();
    expect(broken.complaints.join()).to.contain('replay-equivalence was violated: B2 came back at height 3 with 0 frames');
  });

  it('vote twice where the key moves without its disk', () => {
    const run = three()
      .node('B', (b) =>
        b
          .waitUntil(event('decided', { height: 3 }))
          .crash()
          .stayDown(),
      )
      .node('B2', (b2) => b2.startsLate(whenBIsGone))
      .until({ time: '3s' })
      .run();
    expect(run.complaints.join()).to.match(/no-equivocation was violated: the key of B, here on B2, sent/);
  });

  it('have their power once: with one of the other two down nobody decides, and the run says why', () => {
    const run = scenario('two of three', { A: 1, B: 1, C: 1 })
      .standby('B2', { key: 'B' })
      .standby('B3', { key: 'B' })
      .node('B2', (b2) => b2.neverStarts())
      .node('B3', (b3) => b3.neverStarts())
      .node('C', (c) =>
        c
          .waitUntil(event('decided', { height: 2 }))
          .crash()
          .stayDown(),
      )
      .until({ time: '14s' })
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.standstills.map(({ missing }) => missing).join()).to.contain('2 of 3 voting power is up, 3 needed');
  });

  it('owe nothing that is signed with their key where one of them lies', () => {
    const run = four()
      .byzantine('B2', 'both-votes')
      .expect(decides(4, { nodes: ['A', 'C', 'D'], within: '20s' }))
      .run();
    expect(run.complaints).to.deep.equal([]);
  });

  it('are known to their peers by the key: one that lost its log is answered', () => {
    const run = scenario('a standby that is wiped', { A: 1, B: 1, C: 1, D: 1 })
      .standby('D2', { key: 'D' })
      .wal({ onCorrupt: 'abstain' })
      .node('D', (d) =>
        d
          .waitUntil(event('decided', { height: 2 }))
          .crash()
          .stayDown(),
      )
      .node('D2', (d2) =>
        d2
          .startsLate({ at: event('crash'), node: 'D', diskOf: 'D' })
          .waitUntil(event('decided', { height: 5 }))
          .crash()
          .wipe()
          .restart({ after: '100ms' })
          .expect(event('abstain.until'), { within: '2s' })
          .expect(event('abstain.end'), { within: '5s' }),
      )
      .run();
    expect(run.complaints).to.deep.equal([]);
  });
});

describe('keys apart from nodes in a file', () => {
  const moved = three().node('B2', (b2) => b2.startsLate({ ...whenBIsGone, diskOf: 'B' }));
  const late = three().node('B2', (b2) => b2.startsLate({ after: '1s', diskOf: 'B' }));

  it('are written and read again, in YAML and in TypeScript', () => {
    for (const { data } of [moved, late]) {
      expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(data);
      const source = scenarioSource(data);
      expect(source).to.contain(".standby('B2', { key: 'B' })").and.to.contain("diskOf: 'B'");
    }
  });

  it('are refused with their place where they cannot be', () => {
    const head = 'scenario: x\nvalidators: { A: 1, B: 1 }\n';
    const told = (yaml: string): string => {
      try {
        parseScenario(`${head}${yaml}`, 'x.yaml');
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(told('standbys: { A2: { key: E } }\n')).to.match(/^x\.yaml:3:24: 'E' is no validator/);
    expect(told('standbys: { A: { key: B } }\n')).to.match(/^x\.yaml:3:13: A is in the cast already/);
    expect(told('standbys: { A2: { key: A } }\nproposers: { "1.0": A2 }\n')).to.contain('A2 proposes as A, whose key it holds');
    expect(told('protocol: raft\nstandbys: { A2: { key: A } }\n')).to.contain('nodes of raft have no keys');
    expect(told('nodes: { A: [{ startsLate: { after: 1s, diskOf: A } }] }\n')).to.contain('A has its own disk anyway');
    expect(told('nodes: { A: [{ startsLate: { after: 1s, diskOf: F } }] }\n')).to.contain("'F'");
    expect(() =>
      four()
        .standby('C2', { key: 'F' as 'A' })
        .run(),
    ).to.throw("no node is called 'F'");
  });
});
