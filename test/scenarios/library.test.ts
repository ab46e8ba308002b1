import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenario, scenarioFiles } from '../../cli/load-scenario.ts';
import { runScenario } from '../../scenarios/index.ts';

const library = join(import.meta.dirname, '../../scenarios/library');

describe('the library', () => {
  for (const file of scenarioFiles([library])) {
    it(`${file.slice(library.length + 1)} runs as expected, twice with one hash`, async () => {
      const { data } = await loadScenario(file);
      expect(data.description).to.have.length.greaterThan(30);
      const variants = data.variants.length === 0 ? [undefined] : data.variants.map(({ name }) => name);
      for (const variant of variants) {
        const options = variant === undefined ? {} : { variant };
        const run = runScenario(data, options);
        expect(run.complaints, variant).to.deep.equal([]);
        expect(runScenario(data, options).hash).to.equal(run.hash);
      }
    });
  }
});
