/** `npm run hostile`: the first of its inputs over all readers, which each comes to. */
import { expect } from 'chai';
import { tryInput } from '../../dev/hostile/inputs.ts';
import { readers } from '../../dev/hostile/readers.ts';

describe('npm run hostile', function () {
  this.timeout(120_000);

  it('finds no reader that ends in another error than its refusal', () => {
    const tried = new Set<string>();
    for (let number = 0; number < 3000; number += 1) {
      const { reader, wrong } = tryInput(20, number);
      expect(wrong, `input ${number} (${reader})`).to.equal(undefined);
      tried.add(reader);
    }
    expect([...tried].sort()).to.deep.equal(readers.map(({ name }) => name).sort());
  });

  it('has a sample of everything that is read', () => {
    for (const { name, samples } of readers) expect(samples.length, name).to.be.greaterThan(2);
  });
});
