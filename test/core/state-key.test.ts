/** Keys of states: equal for equal values, different in all four lanes for others, and made of nothing that cannot be seen. */
import { expect } from 'chai';
import fc from 'fast-check';
import { deepEqual } from '../../checker/deep-equal.ts';
import { keyOf } from '../../core/state-key.ts';

const leaf = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.uint8Array(),
);
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 2 }), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(fc.tuple(fc.string({ maxLength: 2 }), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).value;

/** The four lanes of 32 bits. */
const lanesOf = (key: string): readonly string[] => [0, 2, 4, 6].map((at) => key.slice(at, at + 2));

function copied(value: unknown): unknown {
  return structuredClone(value);
}

describe('the key of a state', () => {
  it('is the same for equal values, and another for others', () => {
    fc.assert(
      fc.property(plain, plain, (one, other) => {
        expect(keyOf(copied(one))).to.equal(keyOf(one));
        expect(keyOf(one) === keyOf(other)).to.equal(deepEqual(one, other));
      }),
      { numRuns: 2000 },
    );
  });

  it('does not depend on the order in which fields and entries came', () => {
    expect(keyOf({ a: 1, b: [2], c: undefined })).to.equal(keyOf({ b: [2], a: 1 }));
    expect(
      keyOf(
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ),
    ).to.equal(
      keyOf(
        new Map([
          ['b', 2],
          ['a', 1],
        ]),
      ),
    );
    expect(keyOf([1, 2])).to.not.equal(keyOf([2, 1]));
  });

  it('tells kinds apart that look alike', () => {
    const alike: readonly unknown[] = [
      0,
      -0,
      '',
      '0',
      false,
      null,
      undefined,
      [],
      {},
      new Map(),
      new Set(),
      new Uint8Array(),
      0n,
      2 ** 32,
      [[]],
      [0],
      Number.NaN,
    ];
    expect(new Set(alike.map((value) => keyOf(value))).size).to.equal(alike.length);
  });

  it('differs in each of its four lanes, by number, text, bytes, place and name', () => {
    const values: unknown[] = [];
    for (let n = 0; n < 5000; n += 1)
      values.push(
        n,
        `${n}`,
        [n, 0],
        [0, n],
        { a: n },
        { b: n },
        { a: 0, b: n },
        new Map([[n, 0]]),
        Uint8Array.of(n, n >> 8),
        new Uint8Array(40).fill(1).with(20, n),
      );
    const distinct = [...new Set(values.map((value) => keyOf(value)))];
    for (const lane of [0, 1, 2, 3]) {
      const seen = new Set(distinct.map((key) => lanesOf(key)[lane]));
      // Among 45,000 draws of 32 bits, a quarter of a pair is expected to agree.
      expect(distinct.length - seen.size, `lane ${lane}`).to.be.lessThan(4);
    }
  });

  it('refuses what may hold more than can be seen', () => {
    class Hidden {
      readonly #value = 1;
      get value(): number {
        return this.#value;
      }
    }
    expect(() => keyOf({ read: () => 1 })).to.throw(TypeError, 'a function cannot be part of a state');
    expect(() => keyOf([new Hidden()])).to.throw(TypeError, 'a Hidden cannot be part of a state');
  });
});
