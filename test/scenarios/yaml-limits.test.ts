/** Scenario files that would take all memory or time, or the parser's stack: refused with the place, before they are read in earnest. */
import { expect } from 'chai';
import { ScenarioError } from '../../scenarios/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x]',
  ...'bcdefghij'.split('').map((name, index) => levelOf(name, 'abcdefghi'[index] ?? '')),
];

function levelOf(name: string, before: string): string {
  return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
}

function times(count: number, text: (index: number) => string, glue = ''): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(glue);
}

const refused: Readonly<Record<string, readonly [text: string, says: RegExp]>> = {
  'an alias without an anchor': ['scenario: x\nvalidators: *a\n', /^it:2:13: the alias \*a has no anchor before it; write &a/],
  'aliases that grow beyond all measure': [bomb.join('\n'), /^it:2:8: aliases stand for too much/],
  'brackets within brackets': [`a: ${'['.repeat(20_000)}`, /^it:1:1: more than 100 lists and maps within each other/],
  'maps within maps': ['{"a":'.repeat(20_000), /^it:1:1: more than 100 lists and maps/],
  'dashes in a row': [`x: 1\n${'- '.repeat(20_000)}`, /^it:2:1: more than 100 lists and maps/],
  'keys ever further in': [times(500, (index) => `${' '.repeat(index)}a:`, '\n'), /^it:102:1: more than 100 lists and maps/],
  'more entries than anyone writes': [times(12_000, (index) => `k${index}: 1`, '\n'), /^it:10001:1: more than 10000 entries/],
  'a file of megabytes': ['#'.repeat(2_000_000), /^it: 2000000 characters are too many for a scenario \(at most 262144\)/],
  'an alias that leads in a circle': ['scenario: x\nvalidators: &a { A: *a }', /^it:2:\d+: .*expected a whole number/],
  'lists that hold themselves': ['scenario: &a [*a, *a, *a]\nvalidators: { A: 1 }', /^it:1:\d+: 'scenario': expected a text/],
  'a set of YAML 1.1 as a key': [
    '%YAML 1.1\n---\nscenario: x\n? !!set {? a, ? b: 1}\n: 1\n',
    /^it:4:\d+: (a scenario has no tags; remove '!!set'|Set items must all have null values)$/,
  ],
  'a list as a key': ['scenario: x\n? [a]\n: 1\n', /^it:2:3: a key is a name; this one is a list or a map$/],
  'a tag': ['scenario: x\nseed: !!str 5\n', /^it:2:13: a scenario has no tags; remove '!!str'$/],
  'a key that would be lost': ['scenario: x\nvalidators: { __proto__: 1, A: 1 }', /^it:2:\d+: '__proto__' cannot be a name/],
};

describe('a scenario file that is refused', function () {
  this.timeout(30_000);
  for (const [what, [text, says]] of Object.entries(refused))
    it(`for ${what}`, () => {
      expect(() => parseScenario(text, 'it')).to.throw(ScenarioError, says);
    });

  it('for ten thousand mistakes tells the first hundred, and how many more there are', () => {
    const words = times(9000, (index) => `word${index}`, ', ');
    const text = `scenario: x\nvalidators: { A: 1 }\nexpect: [${words}]`;
    expect(() => parseScenario(text, 'it')).to.throw(ScenarioError, /^(it:3:\d+: .*\n){100}it: and 8900 more mistakes$/);
  });

  it('never for anchors and aliases as people write them', () => {
    const text = 'scenario: x\nvalidators: &set { A: 1, B: 1 }\nvalidatorSets: [{ from: 2, powers: *set }]';
    expect(parseScenario(text, 'it').validatorSets).to.deep.equal([{ from: 2, powers: { A: 1, B: 1 } }]);
  });
});
