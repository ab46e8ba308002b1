/** The order by cause does not depend on which of two pairs of nodes had its messages first. */
import { expect } from 'chai';
import fc from 'fast-check';
import { type CausalOrder, pairOf } from '../../../actors/scheduler/causal-order.ts';
import type { Entry } from '../../../actors/scheduler/event-heap.ts';
import type { World } from '../../../actors/scheduler/index.ts';
import { keyOf } from '../../../core/state-key.ts';
import { deepOrder, disk, names, nothingWaits, restart, timer, wire, worldOf } from './entries.ts';

interface Chain {
  readonly from: string;
  readonly node: number;
  readonly depths: readonly number[];
}

/** For each pair of nodes the depths of its messages, oldest first. */
const chains: fc.Arbitrary<readonly Chain[]> = fc.uniqueArray(
  fc.record({
    from: fc.constantFrom(...names),
    node: fc.nat({ max: 3 }),
    depths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  }),
  { selector: ({ from, node }) => `${from}>${node}`, minLength: 1, maxLength: 6 },
);

/** Messages that arrive in the order of `draws`: each draw names the chain whose next message comes. */
function arriving(all: readonly Chain[], draws: readonly number[], deeper = 0): { world: World; order: CausalOrder } {
  const depths = new Map<Entry, number>();
  const left = all.map(({ depths: mine }) => [...mine]);
  const more = all.flatMap(({ depths: mine }, index) => mine.map(() => index));
  for (const draw of [...draws, ...more]) {
    const index = draw % all.length;
    const depth = left[index]?.shift();
    const { from, node } = all[index] as Chain;
    if (depth !== undefined) depths.set(wire(from, node), depth + deeper);
  }
  const world = worldOf([...depths.keys()]);
  return { world, order: deepOrder(depths) };
}

describe('two worlds in which messages of different pairs arrived in another order', () => {
  const draws = fc.array(fc.nat({ max: 5 }), { maxLength: 12 });
  const options = { seed: 7, numRuns: 200 };
  const words = ({ world, order }: ReturnType<typeof arriving>): readonly string[] =>
    order.choices(world, nothingWaits).map((one) => `${pairOf(one)} ${order.depthOf(world, one)}`);

  it('offer the same choices', () => {
    fc.assert(
      fc.property(chains, draws, draws, (all, some, other) => {
        expect(words(arriving(all, some))).to.deep.equal(words(arriving(all, other)));
      }),
      options,
    );
  });

  it('have one fingerprint, also when all is deeper by as much', () => {
    fc.assert(
      fc.property(chains, draws, draws, fc.nat({ max: 5 }), (all, some, other, deeper) => {
        const [a, b] = [arriving(all, some), arriving(all, other, deeper)];
        expect(keyOf(a.order.relativeDepths(a.world))).to.equal(keyOf(b.order.relativeDepths(b.world)));
        // What is under way is listed in no particular order.
        expect(keyOf(a.order.relativeDepths(worldOf(a.world.underWay.toReversed())))).to.equal(
          keyOf(a.order.relativeDepths(a.world)),
        );
      }),
      options,
    );
  });

  it('have another fingerprint when one message is deeper than the first, or two of a pair change places', () => {
    const digest = (all: readonly Chain[]): string => {
      const { world, order } = arriving(all, []);
      return keyOf(order.relativeDepths(world));
    };
    const base = { from: 'A', node: 1, depths: [1, 2, 3] };
    const first = { from: 'B', node: 2, depths: [1] };
    const others: readonly (readonly Chain[])[] = [
      [base, { ...first, depths: [2] }],
      [{ ...base, depths: [1, 3, 2] }, first],
      [{ ...base, depths: [1, 2] }, first],
      [{ ...base, node: 2 }, first],
      [{ ...base, from: 'C' }, first],
      [base],
    ];
    const digests = [[base, first], ...others].map(digest);
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it('have one fingerprint whatever waits to elapse: that is in the fingerprint of the world', () => {
    const [vote, elapsing, back] = [wire('A', 1), timer('t', 0), restart(3)];
    const order = deepOrder(new Map());
    expect(keyOf(order.relativeDepths(worldOf([vote, elapsing, back])))).to.equal(keyOf(order.relativeDepths(worldOf([vote]))));
    expect(keyOf(order.relativeDepths(worldOf([vote, disk(1, 0)])))).to.not.equal(keyOf(order.relativeDepths(worldOf([vote]))));
  });
});
