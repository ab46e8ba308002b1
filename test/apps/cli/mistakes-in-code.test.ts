/** All mistakes of a scenario that TypeScript makes, at once: each with file, line and column. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { command } from './command-run.ts';

const files: Readonly<Record<string, string>> = {
  't1.ts': `import { agreement, decides, event, scenario } from 'lazurite';
export default scenario('typos', { A: 1, B: 1, C: 1, D: 1 })
  .node('E', (b) => b.waitUntil(event('vote.casted', { tpe: 'prevote' })).crash({ after: 'wal.flsh' }).restart({ after: '2 seconds' }))
  .proposer(3, 0, 'Z')
  .expect(agreement(), decides(0), decides('5'));
`,
  't2.ts': `import { scenario } from 'lazurite';
export const mine = scenario('no default', { A: 1 });
`,
  't3.ts': `import { scenario } from 'lazurit';
export default scenario('wrong import', { A: 1 });
`,
  't4.ts': `import { scenario } from 'lazurite';
export default scenario('syntax', { A: 1 }.node('A', (a) => a.crash());
`,
  't5.ts': `import { scenario } from 'lazurite';
export default scenario('restart without death', { A: 1, B: 1 })
  .node('A', (a) => a.restart({ after: '1s' }));
`,
  't6.ts': `import { scenario } from 'lazurite';
export default scenario('a text', { A: 1, B: 1 })
  .node('A', (a) => a.waitUntil('height.start').crash());
`,
  't7.ts': `import { scenario } from 'lazurite';
export default scenario('no validators', {});
`,
  't8.ts': `import { scenario } from 'lazurite';
export default scenario('four', { A: 1, 'B-2': 1 })
  .seed(-1)
  .expects(1);
`,
  't9.ts': `import { scenario } from 'lazurite';
export default scenario('faults', { A: 1, B: 1 })
  .fault({ timeMs: 4 }, { type: 'partion', nodes: ['A'] })
  .fault({ time: '5 s' }, { type: 'kill', nodes: [] })
  .node('A', (a) => a.crash().restart({ afterr: '1s' }))
  .variants({ name: 'q', break: 'no-fsnc' }, { name: 'q' })
  .expect(3, { property: 'agrement' })
  .until({ time: 0 });
`,
  't10.ts': `import { four } from './parts/wrong-syntax.ts';
export default four; // a scenario
`,
  'parts/wrong-syntax.ts': `import { scenario } from 'lazurite';

export const four = scenario('four', { A: 1 ;
`,
  't11.ts': `import './parts/throws.ts';
import { scenario } from 'lazurite';
export default scenario('a part that throws', { A: 1 });
`,
  'parts/throws.ts': `const place = 'late';

throw new Error(place);
`,
  'deep/er/t12.ts': `import { scenario } from 'lazurite';
export const hidden = scenario('no default', { A: 1 });
`,
  't13.json': `{ "scenario": "five", "validators": { "A": 1 }, "seed": "x" }
`,
  'other.json': `{ "name": "other", "scripts": { "scenario": "no" } }
`,
};

describe('mistakes in TypeScript', () => {
  let folder: string;
  let told: readonly string[];
  before(function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), 'lazurite-mistakes-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' };
    const { stderr, status } = spawnSync(process.execPath, [...command, 'check', '.'], { cwd: folder, encoding: 'utf8', env });
    expect(status).to.equal(2);
    told = stderr.trim().split('\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  const expected: Readonly<Record<string, readonly string[]>> = {
    'names, a time, a height in quotes': [
      "t1.ts:3:4: no node is called 'E'; there are A, B, C, D",
      "t1.ts:3:23: no event is called 'vote.casted'; did you mean 'vote.cast'?",
      "t1.ts:3:23: no field of vote.cast is called 'tpe'; did you mean 'type'?",
      "t1.ts:3:75: no site is called 'wal.flsh'; did you mean 'wal.flush'?",
      "t1.ts:3:104: '2 seconds' is no duration; write 500, '500ms', '5s' or '2m'",
      "t1.ts:4:4: no node is called 'Z'; there are A, B, C, D",
      't1.ts:5:24: heights begin at 1, and this is 0',
      "t1.ts:5:36: 'decides': expected a whole number, and found '5'; write 5 without quotes",
    ],
    'a scenario that is not the default export': [
      "t2.ts:2:1: 'mine' is a scenario that no command finds; write `export default scenario(...)`",
    ],
    'a package that is not there': ['t3.ts:1:26: Could not resolve "lazurit"; did you mean \'lazurite\'?'],
    'an error of syntax': ['t4.ts:2:71: Expected ")" but found ";"'],
    'an order that makes no sense': ['t5.ts:3:23: A is up here: `restart` must come after `crash` or `kill`'],
    'a text in place of a moment': ['t6.ts:3:23: a script waits for what `event(...)` gives, and found "height.start"'],
    nobody: ['t7.ts:2:16: at least one validator'],
    'a method that is none': ["t8.ts:4:4: scenario(...).seed(...).expects is not a function; did you mean 'expect'?"],
    'faults, variants, options and an end': [
      "t9.ts:3:4: no fault is called 'partion'; did you mean 'partition'?",
      "t9.ts:4:4: '5 s' is no duration; write 500, '500ms', '5s' or '2m'",
      't9.ts:4:4: this kill can do nothing: it names no node',
      "t9.ts:5:31: restart() has no 'afterr'; did you mean 'after'?",
      "t9.ts:6:4: no exhibit is called 'no-fsnc'; did you mean 'no-fsync'?",
      "t9.ts:6:4: variants 1 and 2 are both called 'q'; give each a name of its own",
      "t9.ts:7:4: scenario 'faults': expect() takes what `decides(...)`, `agreement()` and their like give, and found 3",
      "t9.ts:7:4: no property is called 'agrement'; did you mean 'agreement'?",
      't9.ts:8:4: the run would end before anything happens; give a time above 0',
    ],
    'an error of syntax in a file that is imported': ['parts/wrong-syntax.ts:3:45: Expected "}" but found ";"'],
    'an error that an imported file throws': ['parts/throws.ts:3:7: late'],
    'a scenario that is not the default export, in a folder of a folder': [
      "deep/er/t12.ts:2:1: 'hidden' is a scenario that no command finds; write `export default scenario(...)`",
    ],
    'a scenario in JSON': ["t13.json:1:57: 'seed': expected a whole number, and found 'x'"],
  };
  it('nothing is said of files that are no scenarios', () => {
    expect(told.filter((line) => /other\.json|no command finds.*four|'four'/.test(line))).to.deep.equal([]);
  });
  for (const [what, lines] of Object.entries(expected))
    it(what, () => {
      const [name = ''] = lines[0]?.split(':') ?? [];
      expect([...told.filter((line) => line.startsWith(name))].sort()).to.deep.equal([...lines].sort());
    });
});
