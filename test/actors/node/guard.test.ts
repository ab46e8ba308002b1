/**
 * What a signer with a file signs after what. The cases are those of CometBFT's privval tests (TestSignVote, TestSignProposal,
 * TestDifferByTimestamp without its clock) and of tmkms, with changes: our sign bytes hold no time.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { type RefusalCode, signsForwards } from '../../../actors/node/index.ts';
import { comparePlaces, nothingSigned, type Signed } from '../../../wal/index.ts';

const kinds = { proposal: 1, prevote: 2, precommit: 3 } as const;
const at = (height: number, round: number, kind: keyof typeof kinds, value = 'v'): Signed => ({
  height,
  round,
  kind: kinds[kind],
  bytes: new TextEncoder().encode(`${kind} ${height} ${round} ${value}`),
});

const vote = at(10, 1, 'prevote');
const proposal = at(10, 1, 'proposal');

const cases: readonly (readonly [string, Signed, Signed, RefusalCode | undefined])[] = [
  ['the first message of all is signed', nothingSigned, vote, undefined],
  ['the same vote is signed again', vote, vote, undefined],
  ['the same proposal is signed again', proposal, proposal, undefined],
  ['a vote of a lower height is refused', vote, at(9, 1, 'prevote'), 'REGRESSION'],
  ['a vote of a lower height and a higher round is refused', vote, at(9, 5, 'precommit'), 'REGRESSION'],
  ['a vote of a lower round is refused', vote, at(10, 0, 'prevote'), 'REGRESSION'],
  ['a precommit of a lower round is refused', vote, at(10, 0, 'precommit'), 'REGRESSION'],
  ['a proposal after a vote of that round is refused', vote, at(10, 1, 'proposal'), 'REGRESSION'],
  ['a vote for another value is refused', vote, at(10, 1, 'prevote', 'w'), 'CONFLICT'],
  ['another proposal is refused', proposal, at(10, 1, 'proposal', 'w'), 'CONFLICT'],
  ['a precommit for nil after a prevote for a value is signed', vote, at(10, 1, 'precommit', 'nil'), undefined],
  ['a vote after a proposal is signed', proposal, vote, undefined],
  ['a vote of the next round is signed', at(10, 1, 'precommit'), at(10, 2, 'prevote', 'w'), undefined],
  ['a proposal of the next height is signed', at(10, 3, 'precommit'), at(11, 0, 'proposal', 'w'), undefined],
  ['nothing is signed at a place of which no bytes are known', { ...vote, bytes: new Uint8Array() }, vote, 'CONFLICT'],
];

describe('a signer with a file of what it signed last', () => {
  for (const [says, last, next, code] of cases)
    it(says, () => {
      expect(signsForwards.refusal(last, next)).to.equal(code);
    });

  it('never signs two messages of one place, in whatever order it is asked', () => {
    const any = fc.record({
      height: fc.integer({ min: 1, max: 3 }),
      round: fc.nat({ max: 2 }),
      kind: fc.constantFrom(...Object.keys(kinds)) as fc.Arbitrary<keyof typeof kinds>,
      value: fc.constantFrom('v', 'w'),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (asked) => {
        let last = nothingSigned;
        const signed: Signed[] = [];
        for (const { height, round, kind, value } of asked) {
          const next = at(height, round, kind, value);
          if (signsForwards.refusal(last, next) !== undefined) continue;
          signed.push(next);
          last = next;
        }
        for (const one of signed)
          for (const other of signed) if (comparePlaces(one, other) === 0) expect(one.bytes).to.deep.equal(other.bytes);
      }),
    );
  });
});
