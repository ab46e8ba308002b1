/** Lies at a time: only at some heights and rounds, about some messages, before some peers; elsewhere the node says the truth. */
import { expect } from 'chai';
import { decides, event, never, type Run, scenario } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';
import { four, type Seen, seen } from './faults-seen.ts';

const story = () => scenario('liars', four);
const heard = (run: Run, by: string, type: string): readonly Seen[] =>
  seen(run, 'arrived', { node: by, actor: 'network', from: 'D' }).filter(({ detail }) => detail['type'] === type);

describe('a lie', () => {
  it('has its heights and rounds', () => {
    const run = story()
      .proposer(3, 0, 'A')
      .proposer(5, 0, 'A')
      .byzantine('D', 'prevote-nil', { heights: [3, 4], rounds: 0 })
      .expect(decides(8, { nodes: ['A', 'B', 'C'] }))
      .run();
    expect(run.complaints).to.deep.equal([]);
    const nils = heard(run, 'A', 'prevote').filter(({ detail }) => detail['value'] === null);
    expect([...new Set(nils.map(({ detail }) => detail['height']))]).to.deep.equal([3, 4]);
    expect(heard(run, 'A', 'prevote').filter(({ detail }) => Number(detail['height']) > 4)).to.have.lengthOf.at.least(4);
  });

  it('has its kinds: votes are dropped and proposals are not, and the other way round', () => {
    const votes = story()
      .byzantine('D', 'silent', { kinds: ['prevote', 'precommit'] })
      .expect(decides(8, { nodes: ['A', 'B', 'C'] }))
      .run();
    expect(votes.complaints).to.deep.equal([]);
    expect(heard(votes, 'A', 'prevote').concat(heard(votes, 'A', 'precommit'))).to.deep.equal([]);
    expect(heard(votes, 'A', 'proposal')).to.have.lengthOf.at.least(2);
    const proposals = story()
      .byzantine('D', 'silent', { kinds: ['proposal'] })
      .expect(decides(8, { nodes: ['A', 'B', 'C'] }))
      .run();
    expect(heard(proposals, 'A', 'proposal')).to.deep.equal([]);
    expect(heard(proposals, 'A', 'prevote')).to.have.lengthOf.at.least(2);
  });

  it('has its hearers: the others hear the truth', () => {
    const run = story()
      .byzantine('D', 'two-votes', { to: ['B'], heights: { from: 2 } })
      .until({ height: 6 })
      .run();
    const nil = (by: string): readonly unknown[] =>
      heard(run, by, 'prevote')
        .filter(({ detail }) => detail['value'] === null)
        .map(({ detail }) => detail['height']);
    expect(nil('A')).to.deep.equal([]);
    expect(nil('C')).to.deep.equal([]);
    expect(nil('B')).to.include.members([2, 3, 4]);
    expect(nil('B')).to.not.include(1);
    const late = story()
      .byzantine('D', 'late', { to: ['B'] })
      .until({ time: '1s' })
      .run();
    const first = (by: string): number => heard(late, by, 'prevote')[0]?.time ?? 0;
    expect(first('B') - first('A')).to.equal(500_000);
  });

  it('of several the first that fits is told', () => {
    const run = story()
      .byzantine('D', 'silent', { heights: 2 })
      .byzantine('D', 'precommit-nil', { heights: [2, 3] })
      .until({ height: 6 })
      .run();
    const at = (height: number): readonly unknown[] =>
      heard(run, 'A', 'precommit')
        .filter(({ detail }) => detail['height'] === height)
        .map(({ detail }) => detail['value']);
    expect(at(2)).to.deep.equal([]);
    expect(at(3)).to.deep.equal([null]);
    expect(String(at(4)[0])).to.match(/^v4/);
  });

  it('is amnesia at some rounds only', () => {
    const run = story().byzantine('B', 'amnesia', { heights: 3 }).until({ height: 5 }).run();
    const lockAt = (height: number): unknown => {
      const locked = seen(run, 'locked', { node: 'B', height })[0];
      const state = run.at(locked?.index ?? 0).state('B', 'consensus') as { inner: { core: { locked?: unknown } } };
      return state.inner.core.locked;
    };
    expect(lockAt(2)).to.not.equal(undefined);
    expect(lockAt(3)).to.equal(undefined);
  });

  it('keeps evidence where both sides hear both votes', () => {
    const run = story()
      .byzantine('D', 'both-votes', { heights: 3 })
      .expect(never(event('evidence', { height: 2 })), decides(6, { nodes: ['A', 'B', 'C'] }))
      .node('A', (a) => a.expect(event('evidence', { kind: 'prevote', height: 3, validator: 'D' }), { within: '5s' }))
      .run();
    expect(run.complaints).to.deep.equal([]);
  });

  it('that each side hears with votes to match breaks agreement with half of the power, and not with less than a third', () => {
    const split = (a: number) =>
      scenario('two stories', { A: a, B: 3, C: 3 })
        .proposer(1, 0, 'A')
        .byzantine('A', 'two-faced', { to: ['C'] })
        .partition([['B'], ['C']], { for: '500ms' })
        .until({ time: '5s' })
        .run()
        .properties.find(({ name }) => name === 'agreement')?.verdict;
    expect(split(7)).to.equal('violated');
    expect(split(2)).to.equal('held');
  });
});

describe('lies in YAML', () => {
  it('are written and read again, a role alone as before', () => {
    const { data } = story()
      .byzantine('A', 'silent')
      .byzantine('B', 'two-votes', { heights: [2, 3], to: ['C'] })
      .byzantine('C', 'late', { rounds: { from: 1 } })
      .byzantine('C', 'silent', { kinds: ['proposal'] });
    expect(data.byzantine['A']).to.equal('silent');
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(JSON.parse(JSON.stringify(data)));
  });

  it('are refused with their place', () => {
    const told = (lies: string): string => {
      try {
        return parseScenario(`scenario: x\nvalidators: { A: 1, B: 1, C: 1 }\nbyzantine:\n  A: ${lies}\n`, 'x.yaml').name;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told('silnt')).to.equal("x.yaml:4:6: no role is called 'silnt'; did you mean 'silent'?");
    expect(told('{ role: silent, to: [E] }')).to.equal("x.yaml:4:27: no node is called 'E'; there are A, B, C");
    expect(told('{ role: silent, heights: [4, 3] }')).to.contain('end before they begin');
    expect(told('{ role: amnesia, kinds: [prevote] }')).to.contain('x.yaml:4:').and.contain('heights and rounds only');
    expect(told('{ role: two-proposals, kinds: [prevote] }')).to.contain("'two-proposals' lies about proposal only");
    expect(told('[{ role: silent }, { role: lat }]')).to.equal("x.yaml:4:33: no role is called 'lat'; did you mean 'late'?");
    expect(() => story().byzantine('A', 'silent', { to: [] })).to.throw('no node would receive this lie');
  });
});
