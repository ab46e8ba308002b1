/** Points: a solution has all of them, an exercise none, and what only looks like a solution less than all. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Grade, gradeOf } from '../../../apps/cli/course-grade.ts';
import { exerciseFiles, solutionFiles } from '../../../apps/course/course-files.ts';
import {
  digestOf,
  exerciseOf,
  promiseDefects,
  recoveryDefects,
  stateDefects,
  wordDefects,
} from '../../../apps/course/exercise.ts';
import { logSource } from '../../../apps/course/log-source.ts';
import { nodeSource } from '../../../apps/course/node-source.ts';

/** `npm run course:whole` tries 20 students and every pair of defects, in minutes; without it one student, each defect once, and of the
 * nodes that only look right those that are judged in a few seconds. */
const isWhole = process.env['LAZURITE_WHOLE_COURSE'] === '1';
const students = isWhole ? 20 : 1;

const seed = digestOf('the one that is tried');
const exercise = exerciseOf(seed);
const solution = solutionFiles(seed);
const solved = { log: solution['log.js'] ?? '', node: solution['node.js'] ?? '' };

const graded = async (folder: string, files: { readonly log?: string; readonly node?: string }, of = seed): Promise<Grade> => {
  const only = files.log === undefined ? 'node' : files.node === undefined ? 'log' : undefined;
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.js`), text);
  return gradeOf(folder, of, `a key of the teacher, ${of}`, { ...(only === undefined ? {} : { only }), silentMs: 5_000 });
};

const reasonsOf = ({ parts }: Grade): string => parts.flatMap(({ reasons }) => reasons).join('\n');

describe('points of a course', function () {
  this.timeout(3_600_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-grade-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it(`all for a solution, none for an exercise, in less than half a minute for a student (tried: ${students})`, async () => {
    const started = process.cpuUsage();
    const tryOne = async (index: number): Promise<void> => {
      const one = digestOf(`student ${index}`);
      const own = join(folder, one);
      mkdirSync(own);
      const { 'log.js': log = '', 'node.js': node = '' } = exerciseFiles(one, 'student', '0.1.0');
      const { 'log.js': wholeLog = '', 'node.js': wholeNode = '' } = solutionFiles(one);
      const untouched = await graded(own, { log, node }, one);
      expect(untouched.points, JSON.stringify(exerciseOf(one))).to.equal(0);
      expect(untouched.parts.every(({ reasons }) => reasons.length > 0)).to.equal(true);
      const whole = await graded(own, { log: wholeLog, node: wholeNode }, one);
      expect(whole.points, reasonsOf(whole)).to.equal(100);
    };
    for (let index = 0; index < students; index += 3)
      await Promise.all([0, 1, 2].filter((more) => index + more < students).map((more) => tryOne(index + more)));
    // CPU time: others may use the machine as well.
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).to.be.lessThan(30 * students);
  });

  it('none for any pair of defects, and a part of them where one of two is mended', async () => {
    for (const [first, promise] of promiseDefects.entries())
      for (const [second, recovery] of recoveryDefects.entries()) {
        if (!isWhole && first !== second) continue;
        const { points } = await graded(folder, { log: logSource({ ...exercise, promise, recovery }, true) });
        expect(points, `${promise}, ${recovery}`).to.equal(0);
      }
    for (const [first, word] of wordDefects.entries())
      for (const [second, state] of stateDefects.entries()) {
        if (!isWhole && first !== second) continue;
        if (word === 'it asks again' && state === 'nothing is said again') continue;
        const { points } = await graded(folder, { node: nodeSource({ ...exercise, word, state }, true) });
        expect(points, `${word}, ${state}`).to.equal(0);
      }
    const flushes = logSource({ ...exercise, promise: 'flush does nothing', recovery: 'the newest file counts' }, true);
    const mended = await graded(folder, { log: flushes.replace('flush: () => undefined', 'flush: () => storage.sync(file)') });
    expect(mended.points).to.equal(20);
  });

  it('are the same each time', async () => {
    const files = exerciseFiles(seed, 'student', '0.1.0');
    const grade = (): Promise<Grade> => graded(folder, { log: files['log.js'] ?? '', node: files['node.js'] ?? '' });
    expect(await grade()).to.deep.equal(await grade());
  });

  const { folder: name } = exercise.log;
  /** What a student might hand in, the file, and a word of the reason why it does not count. */
  const cheats: readonly (readonly [string, { readonly log?: string; readonly node?: string }, RegExp])[] = [
    [
      'a log that remembers outside the storage',
      {
        log: `const kept = [];\n${solved.log.replace('append: (entry) =>', 'append: (entry) => { kept.push(entry); },\n    never: (entry) =>').replace('read: () =>', 'read: () => kept,\n    never2: () =>')}`,
      },
      /flush had acknowledged/,
    ],
    [
      'a log that remembers in a global object',
      {
        log: 'export const openLog = () => { globalThis.kept ??= []; return { append() {}, flush() {}, read: () => globalThis.kept }; };',
      },
      /./,
    ],
    [
      'a log that remembers in an expression that was matched',
      {
        log: 'export const openLog = () => ({ append(entry) { /(.*)/.exec(String(entry)); }, flush() {}, read: () => [Uint8Array.from(RegExp.$1.split(","))] });',
      },
      /./,
    ],
    [
      'a log that changes what all share',
      { log: 'Array.prototype.every = () => true; export const openLog = () => ({});' },
      /loaded/,
    ],
    [
      'a log that reaches for the process',
      { log: 'export const openLog = (storage) => { storage.append.constructor("return process")().exit(0); };' },
      /[Cc]ode generation/,
    ],
    ['a log that imports', { log: `import fs from 'node:fs';\n${solved.log}` }, /log\.js:1:\d+: it imports "node:fs"/],
    ['a log that imports later', { log: 'export const openLog = async (s) => { await import(s.list("fs")[0]); };' }, /./],
    [
      'a log that copies what the course shows',
      { log: solved.log.replaceAll(`0x${exercise.log.magic.toString(16)}`, '0x7777') },
      /./,
    ],
    ['the log of another student', { log: solutionFiles(digestOf('another'))['log.js'] ?? '' }, /./],
    [
      'a log that never wrote',
      { log: 'export const openLog = () => ({ append() {}, flush() {}, read: () => [] });' },
      /wrote nothing/,
    ],
    ['a log without end', { log: 'for (;;);' }, /endless loop/],
    [
      'a log that wants all memory',
      { log: 'const all = []; for (;;) all.push(new Array(1e6).fill(1.5));' },
      /needs more than|endless/,
    ],
    [
      'a log that is right for few entries',
      { log: solved.log.replace('flush: () =>', 'flush: () => storage.size(file) > 4000 ? undefined :') },
      /after flush no/,
    ],
    [
      'a log whose checksum covers the first 400 bytes',
      { log: solved.log.replaceAll('checksum(entry)', 'checksum(entry.subarray(0, 400))') },
      /after flush no/,
    ],
    ['no log', { log: '' }, /exports no function openLog/],
    ['a log with a slip of the pen', { log: 'export function openLog( {' }, /log\.js:1:\d+: /],
    [
      'a node that says a number of its own making',
      { node: solved.node.replace('amount: input.amount }', 'amount: state.height * 7 }') },
      /was not drawn/,
    ],
    ['a node that says nothing', { node: solved.node.replace("[{ type: 'say', message }]", '[]') }, /not decided|did not decide/],
    [
      'a node that decides alone',
      { node: solved.node.replace('members.every((name) => name in numbers)', 'true') },
      /without the number/,
    ],
    [
      'a node that remembers outside its state',
      {
        node: nodeSource({ ...exercise, word: 'it speaks first', state: 'blocks are refused' }, true)
          .replace('export const start', 'const said = {};\nexport const start')
          .replace('amount: input.amount', 'amount: (said[state.height] ??= input.amount)'),
      },
      /./,
    ],
    [
      'a node that is right at the first heights',
      {
        node: solved.node.replace(
          "    case 'add':\n      if (input.height > state.height) return 'pass';",
          "    case 'drawn':\n      return state.height > 4 ? 'pass' : 'log';\n    case 'add':\n      if (input.height > state.height) return 'pass';",
        ),
      },
      /./,
    ],
    [
      'a node that is right where it is called B',
      {
        node: solved.node.replace(
          "    case 'blocks':\n      return input.blocks.some",
          "    case 'drawn':\n      return state.config.self === 'B' ? 'log' : 'pass';\n    case 'blocks':\n      return input.blocks.some",
        ),
      },
      /./,
    ],
    ['the node of another student', { node: solutionFiles(digestOf('another'))['node.js'] ?? '' }, /the rule gives/],
    [
      'a node without admit',
      { node: solved.node.replace('export function admit', 'function admit') },
      /exports no function admit/,
    ],
    [
      'a node that asks the clock',
      { node: solved.node.replace('export const start', 'const now = Date.now();\nexport const start') },
      /Date is not defined/,
    ],
    [
      'a node that draws by itself',
      { node: solved.node.replace('amount: input.amount', 'amount: Math.random()') },
      /random is not a function/,
    ],
  ];
  const slow = /decides alone|at the first heights|where it is called B|of another student/;
  for (const [what, files, reason] of cheats.filter((one) => isWhole || one[1].node === undefined || !slow.test(one[0])))
    it(`not all of them for ${what}`, async () => {
      const [text] = Object.values(files);
      expect(text === solved.log || text === solved.node, 'it is the solution').to.equal(false);
      const grade = await graded(folder, files);
      expect(grade.points, reasonsOf(grade)).to.be.lessThan(grade.of);
      expect(reasonsOf(grade)).to.match(reason);
    });

  it('come from the judge of the package, whatever else is in the folder', async () => {
    mkdirSync(join(folder, 'node_modules/lazurite'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/lazurite/package.json'), '{"name":"lazurite","bin":"all-points.js"}');
    writeFileSync(join(folder, 'package.json'), '{"scripts":{"test":"true"}}');
    writeFileSync(join(folder, 'exercise.json'), '{"version":1,"seed":"000000000000"}');
    const files = exerciseFiles(seed, 'student', '0.1.0');
    expect((await graded(folder, { log: files['log.js'] ?? '', node: files['node.js'] ?? '' })).points).to.equal(0);
  });

  it('none for a file that is a link, is too long or is missing', async () => {
    writeFileSync(join(folder, 'other.js'), solved.log);
    symlinkSync(join(folder, 'other.js'), join(folder, 'log.js'));
    const { points, parts } = await gradeOf(folder, seed, 'key');
    expect(points).to.equal(0);
    expect(parts.map(({ reasons }) => reasons[0])).to.include.members(['log.js is no regular file', 'node.js is missing']);
    const long = await graded(folder, { node: `${solved.node}\n// ${'x'.repeat(300_000)}` });
    expect(reasonsOf(long)).to.match(/node\.js has 30\d+ bytes \(at most 262144\)/);
    expect(name).to.be.a('string');
  });
});
