/** The output gate, against a plain list: what was held, what it needs, and the highest acknowledged sequence. */
import { expect } from 'chai';
import fc from 'fast-check';
import { closedGate, flushed, type Gate, hold } from '../../../actors/node/gate.ts';
import { InvariantError } from '../../../core/assert.ts';

const life = 3;

type Act =
  | { readonly type: 'hold'; readonly more: number }
  | { readonly type: 'flushed'; readonly life: number; readonly sequence: number };

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('hold' as const), more: fc.nat({ max: 2 }) }),
    // Acknowledgements come for any life, late, twice and early.
    fc.record({
      type: fc.constant('flushed' as const),
      life: fc.constantFrom(life, life, life, life - 1, life + 1, -1),
      sequence: fc.nat({ max: 25 }),
    }),
  ),
  { maxLength: 40 },
);

interface Passed {
  readonly gate: Gate<number>;
  /** The outputs in the order in which they were held, by what they need. */
  readonly needs: readonly number[];
  /** The outputs that left, in order, each with the highest acknowledged sequence of that moment. */
  readonly left: readonly { readonly output: number; readonly durable: number }[];
  /** The highest acknowledged sequence of this life. */
  readonly durable: number;
}

const before: Passed = { gate: closedGate(life, 5), needs: [], left: [], durable: 5 };

function after({ gate, needs, left, durable: was }: Passed, act: Act): Passed {
  const need = (needs.at(-1) ?? 4) + (act.type === 'hold' ? act.more : 0);
  const opening =
    act.type === 'hold' ? hold(Object.freeze(gate), needs.length, need) : flushed(Object.freeze(gate), act.life, act.sequence);
  const durable = act.type === 'flushed' && act.life === life ? Math.max(was, act.sequence) : was;
  return {
    gate: opening.gate,
    needs: act.type === 'hold' ? [...needs, need] : needs,
    left: [...left, ...opening.released.map((output) => ({ output, durable }))],
    durable,
  };
}

const options = { seed: 7, numRuns: 300 };

describe('the gate', () => {
  it('lets nothing leave before the frame that it needs is durable', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const { left, needs } = all.reduce(after, before);
        for (const { output, durable } of left) expect(needs[output]).to.be.at.most(durable);
      }),
      options,
    );
  });

  it('keeps the order, loses nothing and lets nothing leave twice', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const { left, gate, needs } = all.reduce(after, before);
        const outputs = [...left.map(({ output }) => output), ...gate.held.map(({ output }) => output)];
        expect(outputs).to.deep.equal(needs.map((_, index) => index));
        expect(gate.held.map((held) => held.needs)).to.deep.equal(needs.slice(left.length));
      }),
      options,
    );
  });

  it('holds nothing back that could leave, after every step', () => {
    fc.assert(
      fc.property(acts, (all) => {
        all.reduce((state, act) => {
          const next = after(state, act);
          expect(next.gate.durable).to.equal(next.durable);
          expect(next.gate.life).to.equal(life);
          for (const { needs } of next.gate.held) expect(needs).to.be.greaterThan(next.durable);
          return next;
        }, before);
      }),
      options,
    );
  });

  it('is not opened by a flush of another life, nor changed by one that acknowledges nothing new', () => {
    fc.assert(
      fc.property(acts, fc.integer({ min: -1, max: 9 }), fc.nat({ max: 99 }), (all, other, sequence) => {
        const { gate } = all.reduce(after, before);
        fc.pre(other !== life);
        expect(flushed(gate, other, sequence)).to.deep.equal({ gate, released: [] });
        expect(flushed(gate, life, gate.durable).gate).to.equal(gate);
        expect(flushed(gate, life, gate.durable - 1)).to.deep.equal({ gate, released: [] });
      }),
      options,
    );
  });

  it('lets an output leave at once when its frame is durable, and holds one of the next frame', () => {
    const gate = closedGate<string>(life, 5);
    expect(hold(gate, 'old', 5)).to.deep.equal({ gate, released: ['old'] });
    const held = hold(gate, 'new', 6);
    expect(held).to.deep.equal({ gate: { life, durable: 5, held: [{ output: 'new', needs: 6 }] }, released: [] });
    expect(flushed(held.gate, life, 6)).to.deep.equal({ gate: { life, durable: 6, held: [] }, released: ['new'] });
    expect(gate.held).to.deep.equal([]);
  });

  it('lets exactly those leave that a flush covers: the first of several frames, and all outputs of one frame', () => {
    const held = [6, 6, 7, 9].reduce((gate, needs, index) => hold(gate, index, needs).gate, closedGate<number>(life, 5));
    expect(flushed(held, life, 6).released).to.deep.equal([0, 1]);
    expect(flushed(held, life, 8).released).to.deep.equal([0, 1, 2]);
    expect(flushed(held, life, 8).gate.held).to.deep.equal([{ output: 3, needs: 9 }]);
    expect(flushed(held, life, 9).released).to.deep.equal([0, 1, 2, 3]);
  });

  it('refuses an output that needs an earlier frame than the one held before it', () => {
    const { gate } = hold(closedGate<string>(life, 5), 'first', 8);
    expect(() => hold(gate, 'second', 7))
      .to.throw(InvariantError)
      .with.property('code', 'GATE_NEEDS_DECREASED');
    expect(() => hold(gate, 'second', 4)).to.throw(InvariantError);
    expect(hold(gate, 'second', 8).gate.held).to.have.length(2);
  });
});
