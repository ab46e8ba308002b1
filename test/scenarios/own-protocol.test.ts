/** A protocol of your own that lacks something is refused before it runs. */
import { expect } from 'chai';
import type { Property } from '../../core/events.ts';
import { buildWorld, propertiesOf, scenario } from '../../scenarios/index.ts';
import { counter, counterApplication } from '../actors/counter/counter.ts';

const around = {
  host: counterApplication,
  configuration: (self: string, names: readonly string[]) => ({ self, names }),
  isOwnMessage: () => true,
};
const bring = (definition: object, surroundings: object) =>
  scenario('mine', { A: 1, B: 1, C: 1 }).protocol(definition as typeof counter, surroundings as typeof around);

describe('a protocol of your own', () => {
  it('is taken when nothing is missing', () => {
    expect(bring(counter, around).data.protocol).to.equal(counter.name);
  });

  const mine: Property = {
    name: 'mine',
    says: 'always holds',
    monitor: () => ({ start: null, look: () => null, finish: () => ({ verdict: 'held', violations: [] }) }),
  };

  it('is judged by the properties that stand beside it', () => {
    bring(counter, { ...around, properties: [mine] });
    expect(propertiesOf({ protocol: counter.name })).to.include(mine);
  });

  it('is judged by the properties of its definition, where they were before 0.2', () => {
    bring({ ...counter, properties: [mine] }, around);
    expect(propertiesOf({ protocol: counter.name })).to.include(mine);
  });

  it('is refused with a property of the form of before 0.2, and is told the new one', () => {
    const former = () => ({
      observe: () => undefined,
      finish: () => ({ verdict: 'held' }),
      fork: () => former(),
      digest: () => 0,
    });
    const property = { ...mine, name: 'former', monitor: former as unknown as Property['monitor'] };
    const { data } = scenario('x', { A: 1 });
    expect(() => buildWorld(data, { seed: 1, keeps: 'hash', properties: [property] })).to.throw(
      "property 'former': its monitor lacks look (a function); its monitor lacks start (the first memory); `look(memory, event, observer)` returns the next memory",
    );
  });

  const { step: _step, ...withoutStep } = counter;
  const { judge: _judge, ...withoutJudge } = counterApplication;
  const cases: readonly (readonly [string, object, object])[] = [
    ['its definition lacks step (a function)', withoutStep, around],
    ['its host lacks judge (a function)', counter, { ...around, host: withoutJudge }],
    ['what stands around it lacks isOwnMessage (a function)', counter, { ...around, isOwnMessage: 'B' }],
    ['its properties are no list', counter, { ...around, properties: 'mine' }],
    ["tolerates is 'crashes'; it is 'byzantine', 'crash' or 'restarts'", counter, { ...around, tolerates: 'crashes' }],
  ];
  for (const [words, definition, surroundings] of cases)
    it(`is refused: ${words}`, () => {
      expect(() => bring(definition, surroundings)).to.throw(`protocol '${counter.name}': ${words}`);
    });
});
