/** Each exhibit is red in its scene by the properties it names, and the honest node is green there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { anywhere, furtherScenes, scenes, undetectable } from '../../../campaigns/museum/scenes.ts';
import { exhibitNames } from '../../../museum/exhibit-names.ts';
import { exhibits } from '../../../museum/index.ts';
import { faultKinds, propertiesOf, runScenario, type ScenarioData } from '../../../scenarios/index.ts';

const violated = (data: ScenarioData, exhibit?: string): readonly string[] =>
  runScenario(data, exhibit === undefined ? {} : { exhibit })
    .properties.filter(({ verdict }) => verdict === 'violated')
    .map(({ name }) => name);

const redBy = new Map<string, readonly string[]>();
const redKinds = new Set<string>();

/** What is red without a fault says nothing about that fault. */
function withoutKind(data: ScenarioData, kind: string): ScenarioData {
  return { ...data, faults: data.faults.filter(({ fault }) => fault.type !== kind) };
}

describe('the museum', () => {
  it('has a type that names every exhibit, and nothing else', () => {
    expect([...exhibitNames].sort()).to.deep.equal(exhibits.map(({ name }) => name).sort());
  });

  it('holds at least thirty exhibits, each with a bug, a source and a rule, and no two of one name', () => {
    expect(exhibits.length).to.be.at.least(30);
    expect(new Set(exhibits.map(({ name }) => name)).size).to.equal(exhibits.length);
    for (const { bug, source, rule, expected } of exhibits) {
      expect(bug.length).to.be.greaterThan(20);
      expect(source.length).to.be.greaterThan(10);
      expect(rule.length).to.be.greaterThan(5);
      expect(expected).to.not.deep.equal([]);
    }
  });

  for (const { name, expected } of exhibits) {
    it(`${name} is red by ${expected.join(', ')}, and the honest node is green in the same scene`, () => {
      const stories = [
        scenes[name] ?? anywhere,
        ...furtherScenes.filter(({ exhibit }) => exhibit === name).map(({ scene }) => scene),
      ];
      const found: string[] = [];
      for (const { data } of stories) {
        const red = violated(data, name);
        found.push(...red);
        const hashes = [1, 2].map(() => runScenario(data, { exhibit: name }).hash);
        if (hashes[0] !== hashes[1]) found.push('determinism');
        for (const kind of new Set(data.faults.map(({ fault }) => fault.type)))
          if (red.includes(expected[0] ?? '') && !violated(withoutKind(data, kind), name).includes(expected[0] ?? ''))
            redKinds.add(kind);
        expect(violated(data)).to.deep.equal([]);
      }
      redBy.set(name, found);
      expect(found).to.include.members([...expected]);
    });
  }

  it('turns every property red by some exhibit', () => {
    const all = new Set([...redBy.values()].flat());
    expect(
      propertiesOf({ voteExtensions: { from: 1 }, finalizationMs: 1 })
        .map(({ name }) => name)
        .filter((name) => !all.has(name)),
    ).to.deep.equal([]);
  });

  it('has an exhibit for every kind of fault; what nothing can tell breaks the honest node that is kept correct', () => {
    for (const { data } of undetectable) {
      expect(violated(data), data.name).to.not.deep.equal([]);
      for (const { fault } of data.faults) redKinds.add(fault.type);
    }
    expect(Object.keys(faultKinds).filter((kind) => !redKinds.has(kind))).to.deep.equal([]);
  });

  it('is named by no honest code', () => {
    const names = exhibits.map(({ name }) => `'${name}'`);
    for (const folder of ['actors', 'wal', 'network-sim', 'checker'])
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.ts'))) {
        const text = readFileSync(join(folder, file), 'utf8');
        expect(
          names.filter((name) => text.includes(name)),
          join(folder, file),
        ).to.deep.equal([]);
      }
  });
});
