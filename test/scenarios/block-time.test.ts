/** Values that name the time at which they were made, on machines whose clocks are wrong or set back. */
import { expect } from 'chai';
import { chainApplication, timedChain } from '../../actors/tendermint/index.ts';
import { drawnCase } from '../../campaigns/index.ts';
import { decides, event, never, runScenario, type ScenarioData, scenario } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';
import { seen } from './faults-seen.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };
const timed = timedChain(chainApplication(16));

describe('block times', function () {
  this.timeout(120_000);

  it('are those of the clock, or just after the block before if the clock says less', () => {
    const at = (time: number, clock: number) =>
      (timed.answer({ height: 4, digest: 0, time }, { height: 5, round: 0 }, 'B.1', undefined, clock) as { value: string }).value;
    expect(at(1000, 1500)).to.equal('v5.0-B.1@1500');
    expect(at(1000, 1000)).to.equal('v5.0-B.1@1001');
    expect(at(1000, 0)).to.equal('v5.0-B.1@1001');
  });

  it('make a value invalid that is not later than the block before', () => {
    const state = { height: 4, digest: 0, time: 1000 };
    const validity = (clock: number) => {
      const { value, data } = chainApplication(16).answer(state, { height: 5, round: 0 }, `B.1@${clock}`) as never as {
        value: string;
        data: Uint8Array;
      };
      const proposal = { type: 'proposal', height: 5, round: 0, value, data, polRound: -1, proposer: 'B' } as never;
      return (timed.judge(state, proposal) as { readonly validity?: boolean }).validity;
    };
    expect([1001, 1000, 999].map(validity)).to.deep.equal([true, false, false]);
    expect(timed.execute(state, { height: 5, value: 'v5.0-B.1@1001' }).time).to.equal(1001);
  });

  it('are compared when the block before is executed, also where the proposal came earlier', () => {
    const story = scenario('a node that is late', four)
      .blockTime({ clocks: { B: { back: '60m' } } })
      .proposer(3, 0, 'B')
      .fault({ time: 0 }, { type: 'rule', to: ['D'], where: { type: 'precommit', height: 2 }, fate: { afterMs: 60 } })
      .until({ height: 4 });
    const run = runScenario(story.data, { exhibit: 'block-time-from-clock', record: true });
    const cast = seen(run, 'vote.cast', { node: 'D', height: 3 });
    const [made] = seen(run, 'proposal.local', { node: 'B', height: 3, round: 0 });
    expect(made?.detail['value']).to.match(/^v3\.0-B\.\d+@1$/);
    expect(cast.length).to.be.greaterThan(0);
    expect(cast.map(({ detail }) => detail['value'])).to.not.include(made?.detail['value']);
  });

  it('hold where a clock is set back over a restart: the node proposes again, and is not refused', () => {
    const run = scenario('set back', four)
      .blockTime({ clocks: { B: { life: 1, back: '60m' } } })
      .fault({ ...event('height.start', { height: 3 }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 50 })
      .expect(decides(12), never(event('round.start', { round: 1 }), { from: '1s' }))
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.properties.find(({ name }) => name === 'block-time')).to.deep.equal({ name: 'block-time', verdict: 'held' });
  });

  it('hold in drawn environments with wrong clocks', () => {
    const { data } = scenario('four validators', four);
    for (let seed = 1; seed <= 40; seed += 1) {
      const drawn = drawnCase.environments(data, seed);
      const [name = ''] = Object.keys(drawn.validators);
      const run = runScenario({
        ...drawn,
        blockTime: { clocks: { [name]: { life: seed % 2, byMs: seed % 3 === 0 ? 5000 : -5000 } } },
      });
      expect(run.verdict, `seed ${seed}: ${run.complaints.join('; ')}`).to.equal('held');
    }
  });

  it('are the same in TypeScript and in YAML, and say what changes nothing', () => {
    const { data } = scenario('x', four).blockTime({ clocks: { B: { life: 1, back: '60m' }, C: { ahead: '2s' } } });
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(JSON.parse(JSON.stringify(data)) as ScenarioData);
    const told =
      (options: string, protocol = 'tendermint') =>
      () =>
        parseScenario(`scenario: x\nprotocol: ${protocol}\nvalidators: { A: 1, B: 1 }\nblockTime: ${options}\n`, 'x.yaml');
    expect(told('{}')().blockTime).to.deep.equal({ clocks: {} });
    expect(told('{ clocks: { B: { life: 1 } } }')).to.throw('this clock is right; give `back` or `ahead`, and not both');
    expect(told('{ clocks: { X: { back: 1s } } }')).to.throw("'X'");
    expect(told('{}', 'raft')).to.throw('values of raft name no time');
  });
});
