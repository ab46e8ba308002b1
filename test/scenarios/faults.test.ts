/** The table of fault kinds, and faults that JavaScript made. What each kind must lead to: faults-process, -network, -device, -rest and -roles. */
import { expect } from 'chai';
import { faultFields } from '../../scenarios/fault-fields.ts';
import { type Fault, scenario } from '../../scenarios/index.ts';
import { jsonSchema } from '../../scenarios/yaml.ts';
import { four } from './faults-seen.ts';

interface Branch {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, { readonly const?: string; readonly enum?: readonly string[] }>>;
}

describe('a fault that JavaScript made', () => {
  it('has the fields that a written one has', () => {
    const text = JSON.stringify(jsonSchema());
    const { properties } = JSON.parse(text) as {
      properties: { faults: { items: { properties: { fault: { oneOf: readonly Branch[] } } } } };
    };
    const ofSchema = properties.faults.items.properties.fault.oneOf.flatMap(({ required, properties: fields }) => {
      const kinds = fields['type']?.enum ?? [fields['type']?.const ?? ''];
      const needs = required.filter((field) => field !== 'type').sort();
      const may = Object.keys(fields).filter((field) => !required.includes(field));
      return kinds.map((kind) => [kind, { needs, may: may.sort() }] as const);
    });
    const ofTable = Object.entries(faultFields).map(([kind, { needs, may = [] }]) => [
      kind,
      { needs: [...needs].sort(), may: [...may].sort() },
    ]);
    expect(Object.fromEntries(ofSchema)).to.deep.equal(Object.fromEntries(ofTable));
  });

  const wrongs: readonly (readonly [fault: object, words: string])[] = [
    [{ type: 'slow-fsync', node: 'B', ms: 5, forMs: 100 }, "a fault of kind 'slow-fsync' has no 'ms'; it has node, byMs, forMs"],
    [{ type: 'slow-fsync', node: 'B', forMs: 100 }, "a fault of kind 'slow-fsync' needs 'byMs'"],
    [{ type: 'pause', node: 'B', forMs: Number.NaN }, "a fault of kind 'pause': 'forMs' is NaN; give a number"],
    [{ type: 'slow-sync', node: 'B', byMs: 5, forMs: 100 }, "no fault is called 'slow-sync'; did you mean 'slow-fsync'?"],
    [{ type: 'message', from: 'A', to: 'A', nth: 1, fate: 'lost' }, 'from and to are both A'],
  ];
  for (const [fault, words] of wrongs)
    it(`is told what is wrong with it: ${words}`, () => {
      expect(() => scenario('wrong', four).fault({ time: 0 }, fault as Fault))
        .to.throw(`scenario 'wrong': `)
        .with.property('message')
        .that.contains(words);
    });
});
