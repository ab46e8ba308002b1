/** Maps that forks share until one of them changes. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Monitor } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { keyOf } from '../../core/state-key.ts';
import { buildWorld, scenario } from '../../scenarios/index.ts';

const silent: Monitor<null> = { start: null, look: () => null, finish: () => ({ verdict: 'held', violations: [] }) };

type Action = { readonly type: 'fork' | 'set' | 'delete'; readonly which: number; readonly key: number; readonly value: number };

const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.record({ type: fc.constantFrom('fork', 'set', 'delete'), which: fc.nat(7), key: fc.nat(3), value: fc.nat(9) }),
  { maxLength: 40 },
);

describe('a monitor', () => {
  it('is refused where it watches what never comes', () => {
    const blind = (watched: string) => ({ name: 'blind', says: '', monitor: () => ({ ...silent, watches: [watched as never] }) });
    for (const watched of ['transmit', 'efect', 'effect transmitt'])
      expect(() => buildWorld(scenario('x', { A: 1 }).data, { seed: 1, keeps: 'hash', properties: [blind(watched)] })).to.throw(
        `a monitor watches '${watched}'`,
      );
    buildWorld(scenario('x', { A: 1 }).data, { seed: 1, keeps: 'hash', properties: [blind('deliver consensus')] });
  });
});

describe('a forking map', () => {
  it('does what a map and its full copies do, whoever of them is changed', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const maps = [new ForkingMap<number, number>()];
        const models = [new Map<number, number>()];
        for (const { type, which, key, value } of list) {
          const map = maps[which % maps.length] as ForkingMap<number, number>;
          const model = models[which % models.length] as Map<number, number>;
          if (type === 'fork') {
            maps.push(map.fork());
            models.push(new Map(model));
          } else if (type === 'set') {
            map.set(key, value);
            model.set(key, value);
          } else {
            map.delete(key);
            model.delete(key);
          }
          for (const [index, other] of maps.entries()) {
            const expected = models[index] as Map<number, number>;
            expect([...other]).to.deep.equal([...expected]);
            expect(other.size).to.equal(expected.size);
            // A key is remembered on the snapshot: a change must leave that behind.
            expect(keyOf(other.snapshot())).to.equal(keyOf(new Map(expected)));
          }
        }
      }),
    );
  });

  it('lets a loop over it go on while entries are taken out', () => {
    const map = new ForkingMap(new Map([1, 2, 3, 4].map((key) => [key, key])));
    const fork = map.fork();
    for (const key of fork.keys()) if (key % 2 === 0) fork.delete(key);
    expect([...fork.keys()]).to.deep.equal([1, 3]);
    expect([...map.keys()]).to.deep.equal([1, 2, 3, 4]);
  });
});
