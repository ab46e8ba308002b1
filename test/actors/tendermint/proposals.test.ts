/** A proposal whose polka round is not below its own: nobody prevotes for it, and it names the value all the same (lines 36 and 49). */
import { expect } from 'chai';
import { type TendermintConfig, type TendermintInput, tendermint } from '../../../actors/tendermint/index.ts';

const names = ['a', 'b', 'c', 'd'];
const config: TendermintConfig = {
  self: 'c',
  hasKey: true,
  validatorSets: [{ from: 1, validators: names.map((name) => [name, 1]) }],
  proposers: { rule: 'rotate', table: {} },
  timeouts: { propose: 1, prevote: 1, precommit: 1, perRound: 0 },
  rebroadcastMs: 1,
  scheme: 'none',
};
const definition = tendermint(config);
const place = { height: 1, round: 0, value: 'X', signature: new Uint8Array(0) };
const odd: TendermintInput = { ...place, type: 'proposal', data: new Uint8Array(0), polRound: 2, proposer: 'a', validity: true };
const elapsed: TendermintInput = { type: 'timeout', kind: 'propose', round: 0 };

function votes(voteType: 'prevote' | 'precommit'): readonly TendermintInput[] {
  return ['a', 'b', 'd'].map((validator) => ({ ...place, type: 'vote', voteType, validator }));
}

/** What the node says and decides, with the state that it comes to. */
function play(...inputs: readonly TendermintInput[]): { readonly said: readonly string[]; readonly locked: unknown } {
  let state = definition.step(definition.start(config), definition.begin(config, 1)).state;
  const said: string[] = [];
  for (const input of inputs) {
    if (definition.admit(state, input) === 'drop') continue;
    const next = definition.step(state, input);
    state = next.state;
    for (const output of next.outputs) {
      if (output.type === 'say' && output.message.type === 'vote')
        said.push(`${output.message.voteType} ${output.message.value}`);
      if (output.type === 'finish') said.push('decides');
    }
  }
  return { said, locked: state.core.locked };
}

describe('a proposal whose polka round is not below its own', () => {
  it('gets no prevote', () => {
    expect(play(odd).said).to.deep.equal([]);
  });

  it('is locked when a quorum prevotes for its value', () => {
    const { said, locked } = play(odd, elapsed, ...votes('prevote'));
    expect(said).to.deep.equal(['prevote null', 'precommit X']);
    expect(locked).to.deep.equal({ round: 0, value: 'X' });
  });

  it('is decided when a quorum precommits its value', () => {
    expect(play(odd, ...votes('precommit')).said).to.deep.equal(['decides']);
  });
});
