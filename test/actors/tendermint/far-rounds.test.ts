/** Votes of rounds far ahead: bounded, unlogged, and never forgotten once a third is together. */
import { expect } from 'chai';
import {
  type TendermintConfig,
  type TendermintInput,
  type TendermintState,
  tendermint,
  type Vote,
} from '../../../actors/tendermint/index.ts';
import { differingFields } from '../../../checker/deep-equal.ts';

const config: TendermintConfig = {
  self: 'A',
  hasKey: true,
  validatorSets: [
    {
      from: 1,
      validators: [
        ['A', 1],
        ['B', 1],
        ['C', 1],
        ['D', 1],
      ],
    },
  ],
  proposers: { rule: 'rotate', table: {} },
  timeouts: { propose: 1, prevote: 1, precommit: 1, perRound: 0 },
  rebroadcastMs: 1,
  scheme: 'none',
};
const definition = tendermint(config);

function vote(validator: string, round: number): Vote {
  return { type: 'vote', voteType: 'prevote', height: 1, round, value: null, validator, signature: new Uint8Array(0) };
}

/** Admits and feeds as the shell does: what is logged, in order. */
function feed(state: TendermintState, inputs: readonly TendermintInput[]): { state: TendermintState; logged: TendermintInput[] } {
  const logged: TendermintInput[] = [];
  const queue = [...inputs];
  let next = state;
  for (let input = queue.shift(); input !== undefined; input = queue.shift()) {
    const admission = definition.admit(next, input);
    if (admission === 'drop') continue;
    if (admission === 'log') logged.push(input);
    const step = definition.step(next, input);
    next = step.state;
    for (const output of step.outputs) if (output.type === 'resume') queue.push(output.input);
  }
  return { state: next, logged };
}

const begun = definition.step(definition.start(config), definition.begin(config, 1)).state;

describe('votes of rounds far ahead (L55, bounded)', () => {
  it("keeps only a validator's newest, logs none, and changes nothing that replay must restore", () => {
    const many = Array.from({ length: 500 }, (_, index) => vote('B', 20 + index));
    const { state, logged } = feed(begun, many);
    expect(logged).to.deep.equal([]);
    expect(state.early.length).to.equal(1);
    expect(differingFields(state, begun, definition.leftOut)).to.deep.equal([]);
  });

  it('skips to the round when more than a third is in it, and the log alone brings that back', () => {
    const { state, logged } = feed(begun, [vote('B', 40), vote('C', 41), vote('C', 40), vote('D', 41)]);
    expect(state.core.round).to.equal(41);
    // The vote of round 40 is near now, and may count for a commit of that round.
    expect(logged.map(({ type }) => type)).to.deep.equal(['roundCertificate', 'vote']);
    let replayed = begun;
    for (const input of logged) replayed = definition.step(replayed, definition.decode(definition.encode(input))).state;
    expect(differingFields(replayed, state, definition.leftOut)).to.deep.equal([]);
  });

  it('counts votes that waited when the round comes near', () => {
    const { state, logged } = feed(begun, [vote('B', 12), vote('C', 5), vote('D', 5)]);
    expect(state.core.round).to.equal(5);
    expect(logged.at(-1)).to.deep.equal(vote('B', 12));
    expect(state.early).to.deep.equal([]);
  });
});
