/** Programs that change files through mapped memory, and programs that nobody may trace, recorded by a file system and judged. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { expect } from 'chai';
import { type Subject, subjectNamed } from '../../../../dev/findings/catalogue.ts';
import { workerCommand } from '../../../../dev/findings/worker-command.ts';
import { type CommandRecord, reportLines, type StatesReport } from '../../../../programs/index.ts';
import { lazuriteIn } from '../../../apps/cli/command-run.ts';
import { checkSqlite, inSqlite } from '../../recorded-programs.ts';
import { judgedBy, needsFuse, python, recordIn, staticProgram } from './fuse-here.ts';

/** Drives find their packages in the project's own folder. */
const drives = resolve(import.meta.dirname, '../../../../dev/findings');

/** Stores a word in mapped memory, and says that it is kept. */
const inPython = `import mmap, os, sys
f = open('data/state', 'w+b')
f.truncate(8192)
os.fsync(f.fileno())
os.fsync(os.open('data', os.O_RDONLY))
m = mmap.mmap(f.fileno(), 8192)
for word in (b'one', b'two'):
    m[5000:5003] = word
    if 'sync' in sys.argv:
        m.flush()
    print(word.decode(), flush=True)
`;
const check = `import os, sys
acknowledged = sys.stdin.read().split()
found = open('data/state', 'rb').read()[5000:5003] if os.path.exists('data/state') else b''
order = [b'one', b'two']
if acknowledged and (found not in order or order.index(found) < len(acknowledged) - 1):
    sys.exit('%s was acknowledged, and is not there' % acknowledged[-1])
`;
/** The same in C, as one that ends where it is traced. \`late\`: the memory is written back as a whole at the end, after the promise. */
const inC = `#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <unistd.h>
int main(int count, char **arguments) {
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) < 0) return 3;
  int file = open("data/state", O_RDWR | O_CREAT, 0644), folder = open("data", O_RDONLY);
  if (ftruncate(file, 8192) < 0 || fsync(file) < 0 || fsync(folder) < 0) return 1;
  char *memory = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED || close(file) < 0) return 1;
  memcpy(memory + 5000, "one", 3);
  if (!strcmp(arguments[1], "sync") && msync(memory, 8192, MS_SYNC) < 0) return 1;
  if (!strcmp(arguments[1], "async") && msync(memory, 8192, MS_ASYNC) < 0) return 1;
  if (!strcmp(arguments[1], "unmap") && munmap(memory, 8192) < 0) return 1;
  return write(1, "one\\n", 4) == 4 ? 0 : 1;
}
`;
/** The log must say it before the state does. The state is in mapped memory, which the kernel may write back at any time. */
const writeAhead = `import mmap, os, sys
f = open('data/state', 'w+b')
f.truncate(4096)
os.fsync(f.fileno())
log = open('data/log', 'wb', buffering=0)
os.fsync(os.open('data', os.O_RDONLY))
m = mmap.mmap(f.fileno(), 4096)
def remember():
    log.write(b'one')
    os.fsync(log.fileno())
def change():
    m[0:3] = b'one'
for act in (remember, change) if sys.argv[1] == 'log-first' else (change, remember):
    act()
m.flush()
print('one', flush=True)
`;
const checkLog = `import os, sys
read = lambda name: open(name, 'rb').read()[0:3] if os.path.exists(name) else b''
if read('data/state') == b'one' and read('data/log') != b'one':
    sys.exit('the state says what the log does not know')
if sys.stdin.read() and read('data/log') != b'one':
    sys.exit('the log lost it')
`;

describe('mapped memory, recorded by a file system', function () {
  this.timeout(240_000);
  let folder: string;
  before(needsFuse);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-mapped-'));
    const files = { 'app.py': inPython, 'check.py': check, 'app.c': inC, 'ahead.py': writeAhead, 'check-log.py': checkLog };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  const needsPython = function (this: Mocha.Context): void {
    if (python === '') this.skip();
  };
  const mappedFiles = ({ calls }: CommandRecord): readonly string[] => {
    const paths = new Map(calls.flatMap(({ call }) => (call.op === 'open' ? [[call.fd, basename(call.path)] as const] : [])));
    return [...new Set(calls.flatMap(({ call }) => (call.op === 'write' && call.isMapped ? [paths.get(call.fd) ?? ''] : [])))];
  };
  const verdictOf = async (command: readonly string[], recover: string): Promise<StatesReport> =>
    judgedBy((await recordIn(folder, command)).record, recover);

  describe('by Python', () => {
    before(needsPython);

    it('from the command line: red without a flush before the promise, with the write-back that is lost; green with it', () => {
      const record = (...words: readonly string[]): string => {
        rmSync(join(folder, 'data'), { recursive: true, force: true });
        const { status, stdout, stderr } = lazuriteIn(folder, [
          ...['record', '--by', 'fuse', '--state', 'data', '--', python, 'app.py', ...words],
        ]);
        expect(status, stderr).to.equal(0);
        return stdout;
      };
      const judge = ['crashstates', 'lazurite.record', '--recover', `${python} check.py`, '--states', '100'];
      expect(record()).to.match(
        /^one\ntwo\nlazurite\.record: \d+ calls on data, 2 acknowledged lines\nrecorded by a file system: operations are named without a source line$/m,
      );
      const red = lazuriteIn(folder, judge);
      expect(red.status, red.stdout).to.equal(1);
      expect(red.stdout).to.match(
        /because +a write of \d+ bytes to state is lost at a write-back of mapped memory, without a source line: the file was never synced after it/,
      );
      expect(record('sync')).not.to.match(/not recorded/);
      const green = lazuriteIn(folder, judge);
      expect(green.status, green.stdout).to.equal(0);
    });

    it('a page may be written back before the log is durable: red where the state changes first, green where the log does', async () => {
      const red = await verdictOf([python, 'ahead.py', 'state-first'], `${python} check-log.py`);
      expect(red.findings.map(({ complaint }) => complaint)).to.include('the state says what the log does not know');
      const green = await verdictOf([python, 'ahead.py', 'log-first'], `${python} check-log.py`);
      expect(green.verdict, reportLines(green).join('\n')).to.equal('held');
    });
  });

  describe('by databases that strace leaves undecided', () => {
    it('SQLite with its index of the log (-shm), which nothing needs after a loss of power: held', async function () {
      if (python === '' || spawnSync(python, ['-c', 'import sqlite3']).status !== 0) this.skip();
      writeFileSync(join(folder, 'sqlite.py'), inSqlite);
      writeFileSync(join(folder, 'check-sqlite.py'), checkSqlite);
      const { record } = await recordIn(folder, [python, 'sqlite.py', 'wal', 'full']);
      expect(mappedFiles(record)).to.deep.equal(['db-shm']);
      const report = await judgedBy(record, `${python} check-sqlite.py`, { states: 40 });
      expect(report.verdict, reportLines(report).join('\n')).to.equal('held');
    });

    it('lmdb 3.5.6 with its lock file: held', async () => {
      const subject = subjectNamed('lmdb') as Subject;
      const { record } = await recordIn(folder, workerCommand('work', subject, drives, 'data'));
      expect(mappedFiles(record)).to.deep.equal(['lock.mdb']);
      const find = workerCommand('find', subject, drives, 'data').map((word) => `'${word}'`);
      // It prints what it found as JSON.
      const recover = `last=$(tail -n 1); found=$(${find.join(' ')} | tr -dc 0-9); test "\${found:-0}" -ge "\${last:-0}"`;
      const report = await judgedBy(record, recover, { fileSystems: ['ext4'], states: 8 });
      expect(report.verdict, reportLines(report).join('\n')).to.equal('held');
    });
  });

  describe('by a program that is linked statically, and ends where it is traced', () => {
    before(needsPython);
    before(() => staticProgram(join(folder, 'app.c'), join(folder, 'app')));

    it('strace cannot record it', async function () {
      if (spawnSync('strace', ['true']).status !== 0) this.skip();
      expect((await recordIn(folder, ['./app', 'sync'], 'strace')).exit).to.equal(3);
    });

    for (const [how, verdict] of [
      ['sync', 'held'],
      ['async', 'violated'],
      ['unmap', 'violated'],
      ['nothing', 'violated'],
    ] as const)
      it(`with ${how === 'nothing' ? 'nothing' : how === 'unmap' ? 'munmap' : `msync(MS_${how.toUpperCase()})`} before its promise: ${verdict}`, async () => {
        const { record, exit } = await recordIn(folder, ['./app', how]);
        expect(exit).to.equal(0);
        const report = await judgedBy(record, `${python} check.py`);
        expect(report.verdict, reportLines(report).join('\n')).to.equal(verdict);
        expect(existsSync(join(folder, 'data/state'))).to.equal(true);
      });
  });
});
