/** `lazurite record` and `lazurite crashstates` on programs that run as processes: Node by the preloaded recorder, Python and SQLite by strace. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  type CommandJudgement,
  type CommandRecord,
  judgeCommand,
  RecordFileError,
  readRecord,
  recordCommand,
  reportLines,
  type StatesReport,
  writeRecord,
} from '../../programs/index.ts';
import { command } from '../apps/cli/command-run.ts';
import { checkCounter, checkSqlite, counterInNode, counterInPython, inSqlite, stayingCheck } from './recorded-programs.ts';

/** A shim in front of it would be traced too. */
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim() ?? '';
const hasStrace = process.platform === 'linux' && spawnSync('strace', ['true']).status === 0;
const hasSqlite = python !== '' && spawnSync(python, ['-c', 'import sqlite3']).status === 0;

describe('a program that runs as a process', function () {
  this.timeout(240_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-programs-'));
    for (const [name, text] of Object.entries({
      'app.mjs': counterInNode,
      'app.py': counterInPython,
      'check.mjs': checkCounter,
      'stay.mjs': stayingCheck,
      'sqlite.py': inSqlite,
      'check.py': checkSqlite,
    }))
      writeFileSync(join(folder, name), text);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const lazurite = (...args: readonly string[]) =>
    spawnSync(process.execPath, [...command, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
  const record = async (...command: readonly string[]): Promise<CommandRecord> => {
    rmSync(join(folder, 'data'), { recursive: true, force: true });
    const { record: made, exit } = await recordCommand({
      command,
      folder: 'data',
      workingFolder: folder,
      onOutput: () => undefined,
    });
    expect(exit).to.equal(0);
    return made;
  };
  const judge = (made: CommandRecord, recover: string, options: Partial<CommandJudgement> = {}): Promise<StatesReport> =>
    judgeCommand(made, { recover, fileSystems: ['posix-weakest'], states: 100, ...options });

  it('from the command line: red with the line to blame, a token that replays, and the files to look at', () => {
    const recorded = lazurite('record', '--state', 'data', '--', 'node', 'app.mjs');
    expect(recorded.status, recorded.stderr).to.equal(0);
    expect(recorded.stdout).to.match(/^1\n2\n3\nlazurite\.record: \d+ calls on data, 3 acknowledged lines$/m);
    const args = ['crashstates', 'lazurite.record', '--recover', 'node check.mjs', '--on', 'posix-weakest', '--states', '30'];
    const { status, stdout } = lazurite(...args, '--keep', 'kept');
    expect(status).to.equal(1);
    expect(stdout).to.match(/^✕ violated: 9 operations, 3 acknowledgements$/m);
    expect(stdout).to.match(/^ {2}a is 0, and 1 was acknowledged$/m);
    expect(stdout).to.match(/the rename of new to state\.json is lost at app\.mjs:4: the directory was never synced after it$/m);
    expect(readFileSync(join(folder, 'kept/1/new'), 'utf8')).to.equal('{"a":1}');
    expect(existsSync(join(folder, 'kept/1/state.json'))).to.equal(false);
    const [, token = ''] = /state +(posix-weakest@\S+)/.exec(stdout) ?? [];
    const again = lazurite(...args, '--state', token, '--json');
    expect(again.status, again.stdout).to.equal(1);
    expect((JSON.parse(again.stdout) as StatesReport).states).to.equal(1);
  });

  it('a check that stays finds the same as one that is started for each state', async () => {
    for (const options of [[], ['sync']]) {
      const made = await record('node', 'app.mjs', ...options);
      const [started, warm] = [
        await judge(made, 'node check.mjs', { states: 25 }),
        await judge(made, 'node stay.mjs', { states: 25, isWarm: true }),
      ];
      expect(warm).to.deep.equal(started);
      expect(warm.recoveries).to.be.greaterThan(2);
    }
  });

  it('a check that stays silent, writes something else, or ends is a finding of its own, and does not hang', async () => {
    const made = await record('node', 'app.mjs', 'sync');
    const told = async (program: string): Promise<string> => {
      writeFileSync(join(folder, 'bad.mjs'), program);
      const { verdict, findings, reasons } = await judge(made, 'node bad.mjs', { isWarm: true, recoverMs: 1500, states: 3 });
      expect(verdict).to.not.equal('held');
      return [...findings.map(({ complaint }) => complaint), ...reasons].join();
    };
    const forEach = (act: string): string =>
      `import { createInterface } from 'node:readline';
       for await (const line of createInterface({ input: process.stdin })) { const { state } = JSON.parse(line); ${act} }`;
    expect(await told(forEach(''))).to.contain('it did not answer within 1500 ms');
    expect(await told(forEach("console.log('checking'); console.log(JSON.stringify({ state, complaint: null }));"))).to.contain(
      'it wrote a line that is no answer for this state: checking',
    );
    expect(await told(forEach("console.log(JSON.stringify({ state: 'another', complaint: null }));"))).to.contain(
      'no answer for this state',
    );
    expect(await told(forEach("console.error('no such table'); process.exit(3);"))).to.contain(
      'it ended with exit 3 and without an answer: no such table',
    );
    expect(await told(forEach("process.stdout.write('x'.repeat(1e6));"))).to.contain('no answer for this state: xxx');
  });

  it('Node: green with a sync of the folder, also when the record has been in a file', async () => {
    const file = join(folder, 'a.record');
    writeRecord(file, await record('node', 'app.mjs', 'sync'));
    const report = await judge(readRecord(file), 'node check.mjs');
    expect(report.verdict, reportLines(report).join('\n')).to.equal('held');
  });

  it('a check that throws a plain Error is quoted with its message alone', async () => {
    writeFileSync(
      join(folder, 'throws.mjs'),
      `import fs from 'node:fs';
if (!fs.existsSync('data/state.json') && fs.readFileSync(0, 'utf8') !== '') throw new Error('the state is gone');
`,
    );
    const { findings } = await judge(await record('node', 'app.mjs'), 'node throws.mjs');
    expect(findings.map(({ complaint }) => complaint)).to.deep.equal(['Error: the state is gone']);
  });

  it('Node: worker threads and Node children are recorded too', async () => {
    writeFileSync(
      join(folder, 'parts.mjs'),
      `import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
await new Promise((resolve) => new Worker("require('fs').writeFileSync('data/worker', 'w')", { eval: true }).on('exit', resolve));
spawnSync('node', ['-e', "require('fs').writeFileSync('data/child', 'c')"]);
console.log('a');
`,
    );
    const report = await judge(await record('node', 'parts.mjs'), 'test -f data/worker -a -f data/child || exit 1');
    expect(report.verdict, reportLines(report).join('\n')).to.equal('violated');
    expect(report.operations).to.equal(4);
  });

  it('Node: a child of another kind makes it undecided', async () => {
    writeFileSync(
      join(folder, 'shell.mjs'),
      "import { execSync } from 'node:child_process';\nexecSync('echo x > data/x; sync');\nconsole.log(1);\n",
    );
    const { verdict, reasons } = await judge(await record('node', 'shell.mjs'), 'test -f data/x');
    expect(verdict).to.equal('undecided');
    expect(reasons.join()).to.match(/the child process sh.*does not hold what was recorded \(x\)/);
  });

  for (const [who, act] of [
    ['worker thread', "new Worker(code, { eval: true, env: {} }).on('exit', done)"],
    ['child process node', "spawn(process.execPath, ['-e', code], { env: {} }).on('exit', done)"],
  ] as const)
    it(`Node: a ${who} with an environment of its own is not recorded, and makes it undecided`, async () => {
      writeFileSync(
        join(folder, 'escapes.mjs'),
        `import fs from 'node:fs';
import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
const code = "require('fs').writeFileSync('data/x', 'one')";
await new Promise((done) => ${act});
fs.writeFileSync('data/x', 'two', { flush: true });
fs.fsyncSync(fs.openSync('data'));
console.log('two');
`,
      );
      const { verdict, reasons } = await judge(
        await record('node', 'escapes.mjs'),
        'test -z "$(cat)" || test "$(cat data/x)" = two',
      );
      expect(verdict).to.equal('undecided');
      expect(reasons.join()).to.equal(
        `${who === 'worker thread' ? 'a' : 'the'} ${who}${who === 'worker thread' ? ' whose' : ', whose'} environment leaves out the recorder`,
      );
    });

  it('a check that accepts anything, hangs, or is never asked is not green', async () => {
    const made = await record('node', 'app.mjs', 'sync');
    const untested: readonly (readonly [string, Partial<CommandJudgement>, RegExp])[] = [
      ['true', {}, /would accept any loss/],
      ['false', {}, /even without a loss of power the result is not as expected/],
      ['sleep 100', { recoverMs: 200 }, /it did not end within 200 ms/],
      ['node check.mjs', { acknowledges: /^done$/ }, /acknowledged nothing/],
    ];
    for (const [recover, options, words] of untested) {
      const report = await judge(made, recover, options);
      expect(report.verdict, recover).to.equal('untested');
      expect(report.reasons.join(), recover).to.match(words);
    }
  });

  it('files that are no records, cut records and unknown commands are mistakes of the user, with file and line', async () => {
    writeFileSync(join(folder, 'other'), '{"a":1}\n');
    expect(() => readRecord(join(folder, 'other'))).to.throw(RecordFileError, /other:1: expected a line of a program record/);
    writeFileSync(join(folder, 'text'), 'hello\n');
    expect(() => readRecord(join(folder, 'text'))).to.throw(RecordFileError, /text:1: expected a line of JSON/);
    writeRecord(join(folder, 'whole'), await record('node', 'app.mjs'));
    const lines = readFileSync(join(folder, 'whole'), 'utf8').trimEnd().split('\n');
    writeFileSync(join(folder, 'cut'), `${lines.slice(0, -1).join('\n')}\n`);
    expect(() => readRecord(join(folder, 'cut'))).to.throw(RecordFileError, /cut:\d+: expected the number of calls at the end/);
    for (const [args, words] of [
      [['record', '--state', 'data', '--by', 'node', '--', './no-such-program'], /no-such-program could not be started/],
      [['crashstates', 'whole', '--recover', 'true', '--on', 'fat'], /'fat' is no file system; there are posix-weakest/],
      [['crashstates', 'cut', '--recover', 'true'], /^cut:\d+: expected/],
    ] as const) {
      const { status, stderr } = lazurite(...args);
      expect(status, stderr).to.equal(2);
      expect(stderr).to.match(words);
    }
  });

  it('necessity: a sync that is needed is named with what fails without it, and one that was planted twice is not needed', async () => {
    writeFileSync(
      join(folder, 'twice.mjs'),
      `import fs from 'node:fs';
for (const a of [1, 2]) {
  const fd = fs.openSync('data/new', 'w');
  fs.writeSync(fd, JSON.stringify({ a }));
  fs.fsyncSync(fd);
  fs.closeSync(fd);
  fs.renameSync('data/new', 'data/state.json');
  const directory = fs.openSync('data', 'r');
  fs.fsyncSync(directory);
  fs.fsyncSync(directory);
  fs.closeSync(directory);
  console.log(a);
}
`,
    );
    writeRecord(join(folder, 'lazurite.record'), await record('node', 'twice.mjs'));
    const args = ['necessity', 'lazurite.record', '--recover', 'node check.mjs', '--on', 'posix-weakest', '--states', '100'];
    const { status, stdout } = lazurite(...args);
    expect(status, stdout).to.equal(1);
    expect(stdout).to.match(/fsync of new at twice\.mjs:5 \(2 calls\)\n {4}needed: SyntaxError: Unexpected end of JSON input/);
    expect(stdout).to.match(/fsync of the folder at twice\.mjs:9 \(2 calls\)\n {4}not needed: no state that was tried fails/);
    expect(stdout).to.match(/fsync of the folder at twice\.mjs:10 \(2 calls\)\n {4}not needed: no state that was tried fails/);
  });

  describe('by strace', () => {
    before(function () {
      if (!hasStrace || python === '') this.skip();
    });

    it('Python: red without the sync of the folder, green with it', async () => {
      const red = await judge(await record(python, 'app.py'), 'node check.mjs', { fileSystems: ['ext4'] });
      expect(red.findings[0]?.losses[0]).to.match(
        /^the rename of new to state\.json is lost at rename of process \d+: the directory was never synced after it$/,
      );
      const green = await judge(await record(python, 'app.py', 'sync'), 'node check.mjs', { fileSystems: ['ext4'] });
      expect(green.verdict, reportLines(green).join('\n')).to.equal('held');
    });

    it('syncfs of another file system makes nothing durable here; of the own one it does', async function () {
      const elsewhere = '/dev/shm';
      if (!existsSync(elsewhere) || statSync(elsewhere).dev === statSync(folder).dev) this.skip();
      writeFileSync(
        join(folder, 'syncfs.py'),
        `import ctypes, os, sys
f = open('data/kept', 'w')
f.write('x')
f.flush()
ctypes.CDLL(None).syncfs(os.open(sys.argv[1], os.O_RDONLY))
print(1, flush=True)
`,
      );
      const recover = 'test -z "$(cat)" || test -s data/kept';
      expect((await judge(await record(python, 'syncfs.py', elsewhere), recover)).verdict).to.equal('violated');
      for (const own of ['data', '.'])
        expect((await judge(await record(python, 'syncfs.py', own), recover)).verdict, own).to.equal('held');
    });

    it('memory that is mapped to a file makes it undecided, until its user says that nothing reads that file', async () => {
      writeFileSync(
        join(folder, 'mapped.py'),
        `import mmap, os
with open('data/kept', 'w') as f:
    f.write('x'); f.flush(); os.fsync(f.fileno())
d = os.open('data', os.O_RDONLY); os.fsync(d)
f = open('data/index', 'w+b')
f.truncate(4096)
m = mmap.mmap(f.fileno(), 4096)
m[0:2] = b'ab'
print(1, flush=True)
`,
      );
      const made = await record(python, 'mapped.py');
      const recover = 'test -z "$(cat)" || test -s data/kept';
      const undecided = await judge(made, recover);
      expect(undecided.verdict).to.equal('undecided');
      expect(undecided.reasons.join()).to.match(/memory mapped to .*data\/index, whose changes are not shown/);
      const report = await judge(made, recover, { without: ['ind*'] });
      expect(report.verdict, reportLines(report).join('\n')).to.equal('held');
    });

    it('memory that is mapped is named when it is recorded, and the verdict is undecided, with the exit code 3', () => {
      const text = `import mmap, os
f = open('data/state', 'w+b')
f.truncate(4096)
os.fsync(f.fileno())
os.fsync(os.open('data', os.O_RDONLY))
m = mmap.mmap(f.fileno(), 4096)
m[0:3] = b'one'
m.flush()
print('one', flush=True)
`;
      writeFileSync(join(folder, 'state.py'), text);
      const recorded = lazurite('record', '--state', 'data', '--', python, 'state.py');
      expect(recorded.status, recorded.stderr).to.equal(0);
      expect(recorded.stdout).to.match(
        /^not recorded: memory mapped to \S+data\/state, whose changes are not shown; the verdict is undecided$/m,
      );
      expect(recorded.stdout).to.match(/^a file system records mapped memory too: lazurite record --by fuse$/m);
      const { status, stdout } = lazurite('crashstates', 'lazurite.record', '--recover', 'grep -q one data/state');
      expect(status, stdout).to.equal(3);
      expect(stdout).to.match(/undecided/);
    });

    for (const [mode, synchronous, isKept] of [
      ['delete', 'full', false],
      ['wal', 'full', true],
    ] as const)
      it(`SQLite, ${mode} with synchronous=${synchronous}: ${isKept ? 'keeps what it acknowledged' : 'loses the last transaction, never its integrity'}`, async function () {
        if (!hasSqlite) this.skip();
        const made = await record(python, 'sqlite.py', mode, synchronous);
        const options = { without: ['*-shm'], states: 40 };
        const report = await judge(made, `${python} check.py`, options);
        expect(report.verdict, reportLines(report).join('\n')).to.equal(isKept ? 'held' : 'violated');
        if (isKept) return;
        expect(report.findings.map(({ complaint }) => complaint)).to.deep.equal(['0 rows, and 1 were acknowledged']);
        expect(report.findings[0]?.losses.join()).to.match(/^the removal of db-journal is lost/);
        const whole = await judge(made, `${python} check.py loss`, { ...options, allowsLoss: true });
        expect(whole.verdict, reportLines(whole).join('\n')).to.equal('held');
      });
  });

  it('says what is missing where a program cannot be recorded', () => {
    mkdirSync(join(folder, 'bin'));
    const { status, stderr } = spawnSync(process.execPath, [...command, 'record', '--state', 'data', '--', 'sh', '-c', 'true'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', PATH: join(folder, 'bin') },
    });
    expect(status).to.equal(2);
    expect(stderr).to.match(/strace is not installed|are recorded by strace/);
  });

  it('says that nothing can be traced where ptrace is forbidden, and writes no record', function () {
    if (process.platform !== 'linux') this.skip();
    mkdirSync(join(folder, 'bin'));
    const refuses = 'echo "strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted" >&2; exit 1';
    writeFileSync(join(folder, 'bin/strace'), `#!/bin/sh\n[ "$1" = --version ] || { ${refuses}; }\n`, { mode: 0o755 });
    const { status, stderr } = spawnSync(process.execPath, [...command, 'record', '--state', 'data', '--', 'true'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', PATH: `${join(folder, 'bin')}:${process.env['PATH']}` },
    });
    expect(status, stderr).to.equal(2);
    expect(stderr).to.match(/^strace cannot trace here: strace: ptrace.*; give the container SYS_PTRACE, or .*--by fuse$/m);
    expect(existsSync(join(folder, 'lazurite.record'))).to.equal(false);
  });
});
