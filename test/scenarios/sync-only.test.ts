/** Full nodes whose consensus is switched off: what they receive and send, how they recover, and scenarios that would be green and prove nothing. */
import { expect } from 'chai';
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { enumerateCrashpoints } from '../../campaigns/index.ts';
import { reductions } from '../../campaigns/shrinking/reductions.ts';
import { decides, event, never, type Run, type Scenario, scenario } from '../../scenarios/index.ts';
import { scenarioSource } from '../../scenarios/print.ts';
import { mistakesIn } from '../../scenarios/validate.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const three = () => scenario('sync only', { A: 1, B: 1, C: 1 });
const powers = { A: 1, B: 1, C: 1 };

/** The types of all messages that reach the node from others, and of all that it sends. */
function spoken(run: Run, node: string): { readonly heard: readonly string[]; readonly said: readonly string[] } {
  const heard = new Set<string>();
  const said = new Set<string>();
  for (const one of run.world.trace.events()) {
    if (one.node !== node) continue;
    if (one.type === 'deliver' && one.actor === 'network' && run.world.nodes.includes(one.from)) heard.add(one.message.type);
    if (one.type === 'effect' && one.effect.type === 'transmit') said.add(one.effect.data.type);
  }
  return { heard: [...heard].sort(), said: [...said].sort() };
}

const timersOf = (run: Run, node: string): readonly string[] => [
  ...new Set(
    [...run.world.trace.events()].flatMap((one) =>
      one.node === node && one.type === 'effect' && one.effect.type === 'timer.set' ? [one.effect.timer] : [],
    ),
  ),
];

describe('a full node without consensus', () => {
  it('hears and says nothing but value sync, arms no timer of consensus, and decides all the same', () => {
    const run = three().syncOnly('F').expect(decides(6)).run();
    expect(run.complaints).to.deep.equal([]);
    expect(spoken(run, 'F')).to.deep.equal({
      heard: ['status', 'sync.response'],
      said: ['status', 'sync.request'],
    });
    expect(timersOf(run, 'F')).to.deep.equal(['status']);
  });

  it('is told apart from a full node with consensus', () => {
    const deaf = <Names extends string>(of: Scenario<Names>): Run =>
      of.expect(decides(6), never(event('received'), { nodes: ['F'] as Names[] })).run();
    expect(deaf(three().syncOnly('F')).complaints).to.deep.equal([]);
    expect(deaf(three().fullNodes('F')).complaints[0]).to.match(/none of F reports received.*F reported received/);
  });

  it('takes no vote and no certificate that a liar sends to it', () => {
    const run = three()
      .syncOnly('F')
      .byzantine('C', 'false-bytes')
      .expect(decides(4, { nodes: ['F'] }))
      .run();
    expect(run.properties.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
    expect(run.complaints).to.deep.equal([]);
  });

  it('recovers from its block store at every crash point, with every image of the disk', () => {
    const { cells } = enumerateCrashpoints(crashpointsPlan(three().syncOnly('F').data, { nodes: ['F'], heights: '1-2' }));
    expect(cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
    expect(cells.length).to.be.greaterThan(20);
  });

  it('serves its blocks: a node that knows no other peer follows it', () => {
    const cut = three()
      .syncOnly('F', 'G')
      .partition([['A', 'B', 'C'], ['G']]);
    const run = cut.expect(decides(6, { nodes: ['G'] })).run();
    expect(run.complaints).to.deep.equal([]);
    expect(spoken(run, 'F').said).to.include('sync.response');
  });

  it('is owed nothing by a validator that comes back and sends its votes again', () => {
    const run = three()
      .syncOnly('F')
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { height: 2 }))
          .crash({ after: 'publish' })
          .restart({ after: '20ms' }),
      )
      .expect(decides(6))
      .run();
    expect(run.properties.find(({ name }) => name === 'says-again')?.verdict).to.equal('held');
  });

  it('forwards nothing in a ring', () => {
    const run = scenario('ring', { A: 1, B: 1, C: 1, D: 1 }).topology('ring').syncOnly('F').expect(decides(6)).run();
    expect(run.complaints).to.deep.equal([]);
    const relays = [...run.world.trace.events()].filter(
      (one) => one.type === 'effect' && one.effect.type === 'transmit' && one.effect.site === 'relay',
    );
    expect(new Set(relays.map(({ node }) => node)).has('F')).to.equal(false);
    expect(relays.length).to.be.greaterThan(0);
  });

  it('is the same in YAML and in TypeScript, whether it is named as a full node too or not', () => {
    for (const { data } of [
      three().syncOnly('F'),
      three().fullNodes('F', 'G').syncOnly('F'),
      three().fullNodes('G').syncOnly('F'),
    ]) {
      expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(data);
      expect(scenarioSource(data)).to.contain(".syncOnly('F')");
    }
    expect(scenarioSource(three().fullNodes('F', 'G').syncOnly('F').data)).to.contain(".fullNodes('F', 'G')");
    expect(scenarioSource(three().syncOnly('F').data)).not.to.contain('fullNodes');
  });

  it('can be replaced by an ordinary one, or be removed, when a failure is shrunk', () => {
    const smaller = reductions.flatMap((kind) => [...kind(three().syncOnly('F', 'G').data)]);
    expect(smaller.some(({ syncOnly }) => syncOnly === undefined)).to.equal(true);
    for (const { fullNodes, syncOnly = [] } of smaller) expect(fullNodes).to.include.members([...syncOnly]);
  });

  it('is refused where it would decide nothing, or never vote', () => {
    const texts = (written: object): readonly string[] =>
      mistakesIn({ scenario: 'x', validators: powers, ...written }).mistakes.map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      );
    expect(texts({ syncOnly: ['F'] })).to.deep.equal([]);
    expect(texts({ syncOnly: ['F'], sync: 'off' })[0]).to.match(/^syncOnly: value sync is off/);
    expect(texts({ syncOnly: ['A'] })[0]).to.match(/^syncOnly\.0: A has a key/);
    expect(texts({ syncOnly: ['F', 'F'] })).to.deep.equal(['syncOnly.1: F is named twice']);
    expect(texts({ syncOnly: ['F'], protocol: 'raft' }).join(' ')).to.contain('no value sync');
  });
});
