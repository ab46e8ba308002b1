/** Extensions of precommits: what a node takes from the wire, how it is on disk, and what the application says of a value that contains them. */
import { expect } from 'chai';
import { keyedHashSigner } from '../../../actors/node/index.ts';
import { decodeDecision, decodeInput, encodeDecision, encodeInput, signedBytes } from '../../../actors/tendermint/codec.ts';
import { chainApplication, extendedChain, type TendermintConfig, tendermint } from '../../../actors/tendermint/index.ts';
import type { Decision, ProposedValue, SignatureOf, Vote, VoteExtension } from '../../../actors/tendermint/types.ts';
import { extensionBytes } from '../../../actors/tendermint/vote-extensions.ts';

const names = ['A', 'B', 'C', 'D'] as const;
const config: TendermintConfig = {
  self: 'A',
  hasKey: true,
  validatorSets: [{ from: 1, validators: names.map((name) => [name, 1] as const) }],
  proposers: { rule: 'rotate', table: {} },
  timeouts: { propose: 300, prevote: 100, precommit: 100, perRound: 50 },
  rebroadcastMs: 500,
  scheme: 'none',
  voteExtensionsFrom: 2,
};
const definition = tendermint(config);
const { verify } = keyedHashSigner('A', 1);
const asBytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const signedBy = (name: string, bytes: Uint8Array): Uint8Array => keyedHashSigner(name, 1).sign(bytes);

function extension(name: string, height: number, text = `x${height}.0-${name}`): VoteExtension {
  return [asBytes(text), signedBy(name, extensionBytes(height, 0, asBytes(text)))];
}

function precommit(name: string, height: number, change: Partial<Vote> = {}): Vote {
  const vote = { type: 'vote', voteType: 'precommit', height, round: 0, value: 'v', validator: name, ...change } as const;
  return { ...vote, signature: signedBy(name, signedBytes(vote)) };
}

const taken = (vote: Vote): boolean => definition.receive({ ...vote }, vote.validator, verify) !== undefined;

describe('an extended precommit on the wire', () => {
  it('is taken with a signed extension, and not without one', () => {
    expect(taken(precommit('B', 2, { extension: extension('B', 2) }))).to.equal(true);
    expect(taken(precommit('B', 2))).to.equal(false);
  });

  it('is not taken with an extension of another validator, height or round', () => {
    expect(taken(precommit('B', 2, { extension: extension('C', 2) }))).to.equal(false);
    expect(taken(precommit('B', 2, { extension: extension('B', 3) }))).to.equal(false);
    expect(taken(precommit('B', 2, { round: 1, extension: extension('B', 2) }))).to.equal(false);
  });

  it('has no extension where none is due: a prevote, nil, and heights before the first with extensions', () => {
    const more = { extension: extension('B', 2) };
    expect(taken(precommit('B', 2, { voteType: 'prevote' }))).to.equal(true);
    expect(taken(precommit('B', 2, { voteType: 'prevote', ...more }))).to.equal(false);
    expect(taken(precommit('B', 2, { value: null }))).to.equal(true);
    expect(taken(precommit('B', 2, { value: null, ...more }))).to.equal(false);
    expect(taken(precommit('B', 1))).to.equal(true);
    expect(taken(precommit('B', 1, { extension: extension('B', 1) }))).to.equal(false);
  });

  it('counts in a commit certificate only with its extension', () => {
    const certificate = (without?: string): object => ({
      type: 'commitCertificate',
      height: 2,
      round: 0,
      value: 'v',
      votes: ['A', 'B', 'C'].map((name): SignatureOf => {
        const { signature } = precommit(name, 2);
        return name === without ? [name, signature] : [name, signature, extension(name, 2)];
      }),
    });
    const isTaken = (data: object): boolean => definition.receive(data as never, 'B', verify) !== undefined;
    expect(isTaken(certificate())).to.equal(true);
    expect(isTaken(certificate('C'))).to.equal(false);
  });
});

describe('an extended precommit on disk', () => {
  it('is one frame with its extension, and the answer of the application is another', () => {
    const vote = precommit('B', 2, { extension: extension('B', 2) });
    expect(decodeInput(encodeInput(vote))).to.deep.equal(vote);
    expect(decodeInput(encodeInput(precommit('B', 2)))).to.deep.equal(precommit('B', 2));
    const answer = { type: 'extension', height: 2, round: 0, value: 'v', bytes: asBytes('x2.0-A') } as const;
    expect(decodeInput(encodeInput(answer))).to.deep.equal(answer);
  });

  it('is in a decision with its extension', () => {
    const votes: readonly SignatureOf[] = [
      ['A', asBytes('s'), extension('A', 2)],
      ['B', asBytes('t')],
    ];
    const decision: Decision = { height: 2, round: 0, value: 'v', data: asBytes('d'), votes };
    expect(decodeDecision(encodeDecision(decision))).to.deep.equal(decision);
  });
});

describe('the application of extended votes', () => {
  const isQuorum = (some: readonly string[]): boolean => 3 * some.length > 2 * names.length;
  const application = extendedChain(chainApplication(16), { from: 2, verify, isQuorum });
  const commit = (signers: readonly string[], height = 2, text?: string): Decision => ({
    height,
    round: 0,
    value: 'v',
    data: asBytes('d'),
    votes: signers.map((name): SignatureOf => [name, asBytes('s'), extension(name, height, text)]),
  });
  const valueAfter = (newest: Decision | undefined, height = 3): ProposedValue =>
    application.answer(application.start(), { height, round: 0 }, 'A.1', () => newest) as ProposedValue;
  const isValid = (value: ProposedValue): boolean | undefined => {
    const proposal = { ...value, type: 'proposal', polRound: -1, proposer: 'A', signature: asBytes('s') } as const;
    return (application.judge(application.start(), proposal) as { readonly validity?: boolean }).validity;
  };

  it('takes a value with the extensions of a quorum of the height before', () => {
    expect(isValid(valueAfter(commit(['A', 'B', 'C'])))).to.equal(true);
    expect(isValid(valueAfter(undefined, 2))).to.equal(true);
    expect(isValid(valueAfter(undefined, 1))).to.equal(true);
  });

  it('refuses a value without them, with too few, with one twice, of another height, or that it would not have taken', () => {
    expect(isValid(valueAfter(undefined))).to.equal(false);
    expect(isValid(valueAfter(commit(['A', 'B'])))).to.equal(false);
    expect(isValid(valueAfter(commit(['A', 'B', 'B'])))).to.equal(false);
    expect(isValid(valueAfter(commit(['A', 'B', 'C'], 1)))).to.equal(false);
    expect(isValid(valueAfter(commit(['A', 'B', 'C'], 2, 'y')))).to.equal(false);
  });

  it('refuses a value whose id is of other extensions', () => {
    const [value, other] = [valueAfter(commit(['A', 'B', 'C'])), valueAfter(commit(['A', 'B', 'D']))];
    expect(value.value).to.not.equal(other.value);
    expect(isValid({ ...value, data: other.data })).to.equal(false);
  });

  it('refuses an extension of another form, by itself and in certificates', () => {
    const judged = (text: string): unknown =>
      application.judge(application.start(), precommit('B', 2, { extension: extension('B', 2, text) }));
    expect(judged('x2.0-anything')).to.not.equal(undefined);
    expect(judged('refused')).to.equal(undefined);
    const { data: _data, ...certified } = commit(['A', 'B', 'C'], 2, 'refused');
    expect(application.judge(application.start(), { type: 'commitCertificate', ...certified })).to.equal(undefined);
  });
});
