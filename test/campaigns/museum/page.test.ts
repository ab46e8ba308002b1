/** docs/museum.md shows the exhibits as they are, and each of its scenarios is red as it says. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { exhibits } from '../../../museum/index.ts';
import { runScenario } from '../../../scenarios/index.ts';
import { parseScenario } from '../../../scenarios/yaml.ts';

const page = readFileSync('docs/museum.md', 'utf8');

describe('the page of the museum', () => {
  it('has a row for each exhibit, with its bug, its source and its rule, and for no other', () => {
    const rows = [...page.matchAll(/^\| \[`([a-z-]+)`\].*$/gm)];
    expect(rows.map(([, name]) => name)).to.have.members(exhibits.map(({ name }) => name));
    for (const { name, bug, source, rule } of exhibits) {
      const [row = ''] = rows.find(([, named]) => named === name) ?? [];
      for (const words of [bug, source, rule]) expect(row, name).to.contain(words);
    }
  });

  it('shows for each the smallest failure, which is red by what it was built for', () => {
    const shown = [...page.matchAll(/^### ([a-z-]+)\n\n```yaml\n([\s\S]*?)```$/gm)];
    expect(shown.map(([, name]) => name)).to.have.members(exhibits.map(({ name }) => name));
    for (const [, name = '', text = ''] of shown) {
      const [first] = exhibits.find((exhibit) => exhibit.name === name)?.expected ?? [];
      const run = runScenario(parseScenario(text, `docs/museum.md, ${name}`));
      if (first === 'determinism') expect(run.again().hash, name).to.not.equal(run.hash);
      else expect(run.complaints, name).to.deep.equal([]);
    }
  });
});
