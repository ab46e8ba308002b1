/** An application that is slow, proposes nothing, calls values invalid, or fails: by node, height, round and life. */
import { expect } from 'chai';
import { decides, event, never, scenario } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';
import { four, seen } from './faults-seen.ts';

const story = () => scenario('an application of its own', four);

describe('an application', () => {
  it('calls values invalid: the node, which is correct, prevotes nil there and nowhere else', () => {
    const run = story()
      .proposer(3, 0, 'A')
      .proposer(4, 0, 'A')
      .application('calls-invalid', { nodes: ['B'], heights: 3 })
      .node('B', (b) =>
        b
          .expect(event('vote.cast', { type: 'prevote', height: 3, round: 0, value: null }))
          .expect(event('decided', { height: 3 }), { within: '5s' }),
      )
      .expect(decides(6), never(event('vote.cast', { type: 'prevote', height: 4, value: null })))
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.world.observer.isFaulty('B')).to.equal(false);
    expect(run.verdict).to.equal('held');
  });

  it('calls values invalid at all nodes for two rounds: both end in nil, and a crash in the second is replayed', () => {
    const run = story()
      .application('calls-invalid', { heights: 2, rounds: [0, 1] })
      .node('B', (b) =>
        b
          .waitUntil(event('round.start', { height: 2, round: 1 }))
          .kill()
          .restart({ after: '2s' })
          .expect(event('replay.begin', { height: 2 }), { within: '1s' }),
      )
      .expect(decides(5), never(event('decided', { height: 2, round: 0 })))
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(seen(run, 'decided', { height: 2 })[0]?.detail['round']).to.be.at.least(2);
  });

  it('changes its mind over a restart: by life', () => {
    const told = (lives: number) =>
      story()
        .application('calls-invalid', { nodes: ['B'], lives })
        .node('B', (b) =>
          b
            .waitUntil(event('height.start', { height: 2 }))
            .kill()
            .restart({ after: '1s' })
            .waitUntil(event('decided', { height: 30 })),
        )
        .run();
    const nils = (lives: number, life: number): number =>
      seen(told(lives), 'vote.cast', { node: 'B', type: 'prevote', life }).filter(({ detail }) => detail['value'] === null)
        .length;
    expect(nils(1, 0)).to.equal(0);
    expect(nils(1, 1)).to.be.greaterThan(2);
    expect(nils(0, 1)).to.equal(0);
  });

  it('proposes nothing: its round is lost, and the next proposer is heard', () => {
    const run = story()
      .proposer(2, 0, 'B')
      .application('proposes-nothing', { nodes: ['B'], heights: 2 })
      .expect(
        decides(5),
        never(event('proposal.local', { height: 2, round: 0 })),
        never(event('decided', { height: 2, round: 0 })),
      )
      .node('B', (b) => b.expect(event('timeout', { step: 'propose', height: 2 })))
      .run();
    expect(run.complaints).to.deep.equal([]);
  });

  it('fails as it executes a decision: the node stops, and comes back to the height that it had decided', () => {
    const run = story()
      .application('fails', { nodes: ['B'], heights: 3, lives: 0 })
      .node('B', (b) =>
        b
          .untilStopped({ within: '2s' })
          .restart({ after: '200ms' })
          .expect(event('replay.begin', { height: 3 }), { within: '1s' })
          .expect(event('height.start', { height: 4 }), { within: '1s' }),
      )
      .expect(decides(8))
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.incidents.map(({ node, code }) => [node, code])).to.deep.equal([['B', 'APPLICATION_FAILED']]);
  });

  it('is slow: with what it is asked, and only with that', () => {
    const at = (of: readonly ('propose' | 'judge' | 'commit')[]) => {
      const run = story()
        .proposer(1, 0, 'B')
        .application('slow', { nodes: ['B'], by: '70ms', of })
        .expect(decides(4))
        .run();
      expect(run.complaints).to.deep.equal([]);
      const timeOf = (name: string): number => (seen(run, name, { node: 'B', height: 1 })[0]?.time ?? 0) / 1000;
      return {
        proposed: timeOf('proposal.local'),
        next: (seen(run, 'height.start', { node: 'B', height: 2 })[0]?.time ?? 0) / 1000,
      };
    };
    const [quick, proposing, committing] = [at(['judge']), at(['propose']), at(['commit'])];
    expect(proposing.proposed - quick.proposed).to.equal(70);
    expect(committing.proposed).to.equal(quick.proposed);
    expect(committing.next - quick.next).to.equal(70);
  });

  it('that is slow is known to `termination`', () => {
    const run = story().application('slow', { by: '3s' }).until({ time: '40s' }).run();
    expect(run.properties.find(({ name }) => name === 'termination')?.verdict).to.not.equal('violated');
  });
});

describe('an application in YAML', () => {
  it('is written and read again, and refused where it means nothing', () => {
    const { data } = story()
      .application('slow', { by: '1s', of: ['commit'] })
      .application('fails', { nodes: ['A'], heights: [2, 3], lives: { from: 1 } });
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(JSON.parse(JSON.stringify(data)));
    const told = (rule: string): string => {
      try {
        return parseScenario(`scenario: x\nvalidators: { A: 1, B: 1, C: 1 }\napplication: [${rule}]\n`, 'x.yaml').name;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told('{ does: slow }')).to.equal("x.yaml:3:15: 'slow' says by how much: `by: 200ms`");
    expect(told('{ does: slow, by: 0 }')).to.equal("x.yaml:3:33: 'by' is 0: nothing would be slower");
    expect(told('{ does: fails, by: 1s }')).to.contain("only 'slow' has 'by'");
    expect(told('{ does: fails, nodes: [E] }')).to.contain("no node is called 'E'");
    expect(told('{ does: failss }')).to.contain("'fails'");
  });
});
