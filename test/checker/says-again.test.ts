/** After a replay every peer receives the own messages of the present height again. */
import { expect } from 'chai';
import { wrapActor } from '../../museum/wrap.ts';
import { brokenNode, event, type Run, runScenario, scenario } from '../../scenarios/index.ts';

const onlyToA = brokenNode('says-again-to-one-peer', {
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (message.type !== 'replay.end') return step;
      const effects = step.effects.map((effect) =>
        effect.type === 'tell' && effect.to === 'network'
          ? { ...effect, message: { ...effect.message, to: ['A'] } as typeof effect.message }
          : effect,
      );
      return { ...step, effects };
    }),
});

const killed = (validators: Readonly<Record<string, number>>) =>
  scenario('a node is killed', validators)
    .fault(
      { ...event('publish', { type: 'precommit', height: 2 }), node: Object.keys(validators)[1] ?? 'A' },
      { type: 'kill', nodes: [Object.keys(validators)[1] ?? 'A'], restartMs: 50 },
    )
    .until({ height: 5 });

const verdict = ({ properties }: Run): string | undefined => properties.find(({ name }) => name === 'says-again')?.verdict;

describe('says-again', () => {
  const four = killed({ A: 1, B: 1, C: 1, D: 1 });
  it('finds a node that tells one peer only', () => {
    expect(verdict(runScenario(four.data, { exhibit: onlyToA }))).to.equal('violated');
  });

  it('holds for the honest node, over a ring too, where it speaks to its neighbours only', () => {
    expect(verdict(runScenario(four.data))).to.equal('held');
    expect(verdict(runScenario(four.topology('ring').data))).to.equal('held');
  });

  it('owes nothing where there is nobody to hear it', () => {
    expect(verdict(runScenario(killed({ A: 1 }).data))).to.equal('undecided');
  });
});
