/** A certificate is a quorum of votes: it starts the timers that such a quorum starts (lines 34 and 47 of the paper). */
import { expect } from 'chai';
import { drive, startHeight, type TendermintInput, validatorSet } from '../../../actors/tendermint/index.ts';

const none = new Uint8Array(0);
const set = validatorSet([
  ['a', 1],
  ['b', 1],
  ['c', 1],
  ['d', 1],
]);
const signers = ['a', 'b', 'd'].map((name) => [name, none] as const);
const start = startHeight({ self: 'c', hasKey: true, set, proposers: { rule: 'rotate', table: {} } }, 1).state;
const elapsed: TendermintInput = { type: 'timeout', kind: 'propose', round: 0 };

function certificate(type: 'polkaCertificate' | 'commitCertificate', round: number): TendermintInput {
  return { type, height: 1, round, value: 'X', votes: signers };
}

/** Timers that these inputs start, after those of the start. */
function timers(...inputs: readonly TendermintInput[]): readonly string[] {
  let state = start;
  return inputs.flatMap((input) => {
    const driven = drive(state, input);
    state = driven.state;
    return driven.outputs.flatMap((output) => (output.type === 'startTimer' ? [`${output.kind} ${output.round}`] : []));
  });
}

describe('certificates of the present round', () => {
  it('start the prevote timer, if they are of prevotes and the node has prevoted', () => {
    expect(timers(elapsed, certificate('polkaCertificate', 0))).to.deep.equal(['prevote 0']);
  });

  it('start the prevote timer when the node prevotes, if they came before', () => {
    expect(timers(certificate('polkaCertificate', 0), elapsed)).to.deep.equal(['prevote 0']);
  });

  it('start the prevote timer once', () => {
    expect(timers(elapsed, certificate('polkaCertificate', 0), certificate('polkaCertificate', 0))).to.deep.equal(['prevote 0']);
  });

  it('start the precommit timer, if they are of precommits', () => {
    expect(timers(certificate('commitCertificate', 0))).to.deep.equal(['precommit 0']);
  });

  it('start no prevote timer in another round', () => {
    const left: TendermintInput = { type: 'timeout', kind: 'precommit', round: 0 };
    expect(timers(certificate('polkaCertificate', 0), left, { ...elapsed, round: 1 })).to.deep.equal(['propose 1']);
  });
});
