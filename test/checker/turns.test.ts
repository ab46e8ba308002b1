/** Whose turn it is, worked out from outside: the same proposers as nodes have, and those that a table of the documents names. */
import { expect } from 'chai';
import { proposerOf } from '../../actors/tendermint/index.ts';
import { Dice } from '../../campaigns/fuzzing/dice.ts';
import { turnsIn } from '../../checker/tendermint/turns.ts';
import type { Setting } from '../../core/events.ts';
import { runScenario, type ScenarioData, scenario } from '../../scenarios/index.ts';
import { protocolNamed } from '../../scenarios/protocols.ts';

function settingOf(data: ScenarioData): Setting {
  const configurations = new Map([['A', protocolNamed(undefined).configuration(data, 'A')]]);
  return { nodes: ['A'], powers: () => new Map(), configurations };
}

describe('turns to propose', () => {
  it('go by power, evenly spread', () => {
    const turnOf = turnsIn(settingOf(scenario('uneven', { A: 3, B: 2, C: 1 }).data));
    expect([1, 2, 3, 4, 5, 6].map((height) => turnOf(height, 0)).join('')).to.equal('ABACBA');
    expect([0, 1, 2].map((round) => turnOf(2, round)).join('')).to.equal('BAC');
  });

  it('are those of the nodes, for drawn powers, tables and sets that change', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const dice = new Dice(seed, 'turns');
      const names = [...'ABCDEFG'].slice(0, dice.between(1, 7));
      const draw = (): Readonly<Record<string, number>> => Object.fromEntries(names.map((name) => [name, dice.between(1, 9)]));
      const { data } = scenario('drawn', draw());
      const from = dice.between(2, 6);
      const changing = { ...data, validatorSets: [{ from, powers: draw() }], proposers: { '3.1': names.at(-1) ?? 'A' } };
      const setting = settingOf(dice.below(2) === 0 ? changing : data);
      const { proposers, validatorSets } = setting.configurations.get('A') as {
        readonly proposers: Parameters<typeof proposerOf>[0];
        readonly validatorSets: readonly { readonly from: number; readonly validators: readonly (readonly [string, number])[] }[];
      };
      const turnOf = turnsIn(setting);
      for (let height = 1; height <= 12; height += 1)
        for (const round of [0, 1, 2, 40]) {
          const validators = validatorSets.findLast((set) => set.from <= height)?.validators ?? [];
          expect(turnOf(height, round)).to.equal(
            proposerOf(proposers, { validators }, height, round),
            `${seed} ${height}.${round}`,
          );
        }
    }
  });

  it('are nobody where nodes are configured with no such rule', () => {
    expect(turnsIn({ nodes: [], powers: () => new Map(), configurations: new Map() })(1, 0)).to.equal(undefined);
  });

  it('judge a vote for what somebody else had proposed: the node that takes it is red, and says whose turn it was', () => {
    const story = scenario('out of turn', { A: 1, B: 1, C: 1, D: 1 }).byzantine('D', 'out-of-turn').until({ height: 4 });
    const red = runScenario(story.data, { exhibit: 'proposer-unchecked' }).properties.find(
      ({ verdict }) => verdict === 'violated',
    );
    expect(red?.name).to.equal('justified-vote');
    expect(red?.message).to.contain('whose turn it was, had not proposed it');
    expect(runScenario(story.data).properties.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
  });
});
