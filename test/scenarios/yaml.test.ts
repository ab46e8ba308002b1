/** Scenarios in YAML: the whole library survives the round trip, and each mistake is reported with its place and remedy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import { runScenario, ScenarioError } from '../../scenarios/index.ts';
import { formatScenario, jsonSchema, parseScenario } from '../../scenarios/yaml.ts';

const library = readdirSync('scenarios/library').map((name) => join('scenarios/library', name));
const mistake = (text: string): string => {
  try {
    parseScenario(text, 'mine.yaml');
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return 'none';
};

describe('scenarios in YAML', () => {
  for (const file of library)
    it(`${file} is the same scenario after it was written and read`, async () => {
      const { data } = await loadScenario(file);
      const again = parseScenario(formatScenario(data), 'again.yaml');
      expect(again).to.deep.equal(JSON.parse(JSON.stringify(data)));
    });

  it('runs to the same hash as the TypeScript it came from', async () => {
    const { data } = await loadScenario(library[1] ?? '');
    expect(runScenario(parseScenario(formatScenario(data), 'x.yaml')).hash).to.equal(runScenario(data).hash);
  });

  it("reads the interface's own example", () => {
    const text = `
scenario: a vote that was forgotten
describe: B prevotes v, crashes, restarts, times out and prevotes again. Is it the same vote?
validators: { A: 1, B: 1, C: 1, D: 1 }
proposers: { "1.0": A }
nodes:
  B:
    - waitUntil: { event: vote.cast, where: { type: prevote } }
    - crash: { after: publish }
    - restart: { after: 2s }
    - isolate: { for: 10s }
variants:
  - name: WAL, fsync before publish
  - name: WAL, fsync skipped
    disk: { fsync: skip }
    expect: { fail: [write-ahead, no-equivocation, replay-equivalence, crash-is-pause] }
  - name: no WAL
    wal: none
    expect: { fail: [no-equivocation] }
expect: [agreement, no-equivocation]
until: { time: 30s }
`;
    const data = parseScenario(text, 'forgotten.yaml');
    expect(data.variants).to.have.length(3);
    expect(data.until).to.deep.equal({ timeMs: 30_000 });
    expect(runScenario(data).verdict).to.equal('held');
  });

  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'a key that is not known',
      'scenario: x\nvaldators: { A: 1 }\n',
      /^mine\.yaml:2:\d+: 'valdators' is not known here; did you mean 'validators'\?/m,
    ],
    [
      'a step that is not known',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - waitUntill: { event: x }\n',
      /mine\.yaml:5:\d+: 'waitUntill' is not known here; did you mean 'waitUntil'\?/,
    ],
    ['what is missing', 'validators: { A: 1 }\n', /^mine\.yaml:1:1: 'scenario' is missing: expected a text$/m],
    [
      'a word of another place',
      'name: x\nvalidators: { A: 1 }\n',
      /^mine\.yaml:1:\d+: 'name' is not known here; a scenario has scenario, /m,
    ],
    [
      'a duration that is none',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - crash:\n    - restart: { after: 5 seconds }\n',
      /mine\.yaml:6:\d+: 'after': expected a time, and found '5 seconds'; write '5s'/,
    ],
    [
      'a node that is not in the cast',
      'scenario: x\nvalidators: { Alpha: 1 }\nnodes:\n  Alfa: []\n',
      /mine\.yaml:4:\d+: no node is called 'Alfa'; did you mean 'Alpha'\?/,
    ],
    [
      'an exhibit that is not known',
      'scenario: x\nvalidators: { A: 1 }\nvariants:\n  - name: y\n    break: no-fsnc\n',
      /mine\.yaml:5:\d+: no exhibit is called 'no-fsnc'; did you mean 'no-fsync'\?/,
    ],
    [
      'a property that is not known',
      'scenario: x\nvalidators: { A: 1 }\nvariants:\n  - name: y\n    expect: { fail: [agrement] }\n',
      /mine\.yaml:5:\d+: no property is called 'agrement'; did you mean 'agreement'\?/,
    ],
    [
      'an event that nobody reports',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - waitUntil: { event: vote.csat }\n',
      /mine\.yaml:5:\d+: no event is called 'vote\.csat'; did you mean 'vote\.cast'\?/,
    ],
    [
      'an event of another protocol',
      'scenario: x\nprotocol: raft\nvalidators: { A: 1 }\nnodes:\n  A:\n    - waitUntil: { event: round.start }\n',
      /mine\.yaml:6:\d+: no event is called 'round\.start'/,
    ],
    [
      'a field that the event does not say',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - waitUntil: { event: vote.cast, where: { heigth: 3 } }\n',
      /mine\.yaml:5:\d+: no field of vote\.cast is called 'heigth'; did you mean 'height'\?/,
    ],
    [
      'a word that the field of an event never is',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - waitUntil: { event: vote.cast, where: { type: prevotte } }\n',
      /mine\.yaml:5:\d+: no type of vote\.cast is called 'prevotte'; did you mean 'prevote'\?/,
    ],
    [
      'a text where an event says a number',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - waitUntil: { event: vote.cast, where: { height: "3" } }\n',
      /mine\.yaml:5:\d+: the height of vote\.cast is a whole number, not '3'/,
    ],
    [
      'a restart of a node that is up',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - restart: { after: 1s }\n',
      /mine\.yaml:5:\d+: A is up here: `restart` must come after `crash` or `kill`/,
    ],
    [
      'a crash image of a process that is killed, whose page cache stays',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - kill: { before: wal.flush, image: all }\n',
      /mine\.yaml:5:\d+: 'image' is not known here; there are before, nth/,
    ],
    [
      'a death of a node that is down',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - kill: { before: wal.flush }\n    - crash: { before: wal.flush }\n',
      /mine\.yaml:6:\d+: A is down here: `restart` it before it dies again/,
    ],
    [
      'a site that is none',
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - crash: { before: wal.fluch }\n',
      /mine\.yaml:5:\d+: no site is called 'wal\.fluch'; did you mean 'wal\.flush'\?/,
    ],
    [
      'a site that is none, in the trigger of a fault',
      'scenario: x\nvalidators: { A: 1 }\nfaults:\n  - at: { point: "A@1.0/publsh~1:before" }\n    fault: { type: kill, nodes: [A] }\n',
      /mine\.yaml:4:\d+: no site is called 'publsh'; did you mean 'publish'\?/,
    ],
    [
      'a list where names are given values',
      'scenario: x\nvalidators: [A, B]\n',
      /mine\.yaml:2:\d+: 'validators': expected a map \(`name: value`\), and found a list$/,
    ],
    [
      'several mistakes in the order in which they stand',
      'scenario: x\nvalidators: { A: 1 }\nseed: -1\nnodes:\n  A:\n    - flipBit: first\nvariants: { name: y }\n',
      /^mine\.yaml:3:\d+: 'seed': at least 0\nmine\.yaml:6:\d+: 'flipBit': expected 'middle' or 'last', and found 'first'\nmine\.yaml:7:\d+: 'variants': expected a list/,
    ],
    ['YAML that is none', 'scenario: [x\n', /^mine\.yaml:\d+:\d+: /],
  ];
  for (const [what, text, told] of cases)
    it(`tells ${what}, where, and what may have been meant`, () => {
      expect(mistake(text)).to.match(told);
    });

  it('ships a folder of them, each as it says, and the schema that their first line names', async () => {
    const files = readdirSync('scenarios/yaml');
    expect(files.length).to.be.at.least(5);
    for (const name of files) {
      const file = join('scenarios/yaml', name);
      expect(readFileSync(file, 'utf8')).to.match(/^# yaml-language-server: \$schema=\.\.\/scenario\.schema\.json\n/);
      const { data } = await loadScenario(file);
      const variants = data.variants.length === 0 ? [undefined] : data.variants.map((variant) => variant.name);
      for (const variant of variants)
        expect(runScenario(data, variant === undefined ? {} : { variant }).complaints, `${name} ${variant}`).to.deep.equal([]);
    }
    expect(JSON.parse(readFileSync('scenarios/scenario.schema.json', 'utf8'))).to.deep.equal(
      JSON.parse(JSON.stringify(jsonSchema())),
    );
  });

  it('publishes its JSON Schema', () => {
    const schema = jsonSchema() as { $schema: string; properties: Record<string, unknown> };
    expect(schema.$schema).to.contain('2020-12');
    expect(Object.keys(schema.properties)).to.include.members(['scenario', 'validators', 'nodes', 'faults', 'variants']);
  });
});
