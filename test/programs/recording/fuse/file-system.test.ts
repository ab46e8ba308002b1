/** The file system passes on what a program may do with files, and its record leads to the folder that the program left. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { timelineOf } from '../../../../programs/crash-states/timeline.ts';
import type { CommandRecord } from '../../../../programs/index.ts';
import { personalities } from '../../../../wal/storage/personalities.ts';
import { judgedBy, needsFuse, python, recordIn, staticProgram } from './fuse-here.ts';

/** Each line is a fact that would be false if the file system passed on something wrong. */
const everything = `import errno, fcntl, os, socket, stat, sys, time
os.chdir('data')
with open('a', 'wb') as f:
    f.write(b'0123456789' * 1000)
assert os.stat('a').st_size == 10000
os.truncate('a', 5000)
f = open('a', 'r+b')
f.truncate(7000)
f.seek(6990); f.write(b'x' * 20); f.flush()
assert os.fstat(f.fileno()).st_size == 7010
os.posix_fallocate(f.fileno(), 0, 9000)
assert os.stat('a').st_size == 9000
os.link('a', 'b'); os.unlink('a')
assert os.stat('b').st_nlink == 1 and open('b', 'rb').read(3) == b'012'
g = open('b', 'r+b'); g.write(b'through the other name'); g.close()
os.unlink('b')
assert os.fstat(f.fileno()).st_nlink == 0 and os.fstat(f.fileno()).st_size == 9000
f.seek(0); assert f.read(7) == b'through'
f.write(b'nobody sees this'); f.close()
os.makedirs('x/y'); os.symlink('y', 'x/link')
open('x/link/in', 'w').write('in a folder behind a link')
os.rename('x', 'z')
assert open('z/y/in').read().startswith('in a') and os.readlink('z/link') == 'y'
log = open('log', 'a'); other = open('log', 'a')
for turn in range(3):
    log.write('one\\n'); log.flush(); other.write('two\\n'); other.flush()
assert open('log').read() == 'one\\ntwo\\n' * 3
open('new', 'w').write('new'); held = open('old', 'w+'); held.write('old'); held.flush()
os.rename('new', 'old')
held.seek(0); assert held.read() == 'old' and open('old').read() == 'new'
open('old', 'w').write('cut and written anew')
fd = os.open('synced', os.O_WRONLY | os.O_CREAT | os.O_SYNC); os.write(fd, b's' * 300000); os.close(fd)
s = socket.socket(socket.AF_UNIX); s.bind('socket'); assert stat.S_ISSOCK(os.stat('socket').st_mode); s.close()
os.mkfifo('pipe')
os.mkdir('empty'); os.rmdir('empty')
os.chmod('log', 0o600); os.utime('log', (1, 2))
assert os.stat('log').st_mode & 0o777 == 0o600 and os.stat('log').st_mtime == 2
fcntl.flock(log, fcntl.LOCK_EX)
os.mkdir('many')
for n in range(600): open('many/a name of some length %d' % n, 'w').close()
assert len(os.listdir('many')) == 600
assert sorted(os.listdir('.')) == ['log', 'many', 'old', 'pipe', 'socket', 'synced', 'z']
for wrong, code in ((lambda: os.mkdir('z'), errno.EEXIST), (lambda: os.rmdir('z'), errno.ENOTEMPTY), (lambda: os.unlink('no'), errno.ENOENT)):
    try:
        wrong(); assert False
    except OSError as error:
        assert error.errno == code
assert os.statvfs('.').f_blocks > 0
open('z/y/a b\\n\\u00e9', 'w').write('a name with a newline')
os.fsync(os.open('.', os.O_RDONLY))
print('done', flush=True)
`;
/** Six threads store, write, cut, sync and rename at once. The kernel holds pages of one file while another is written back. */
const sixThreads = `#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
static void *work(void *number) {
  unsigned seed = (unsigned)(long)number;
  char name[64], other[64], bytes[20000], *map[4];
  int fd[4];
  memset(bytes, 'x', sizeof bytes);
  for (int i = 0; i < 4; i++) {
    snprintf(name, 64, "data/m%d", i);
    fd[i] = open(name, O_RDWR | O_CREAT, 0644);
    if (ftruncate(fd[i], 65536) < 0) abort();
    map[i] = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd[i], 0);
  }
  for (int n = 0; n < 400; n++) {
    int i = rand_r(&seed) % 4, at = rand_r(&seed) % 40000, f;
    switch (rand_r(&seed) % 8) {
      case 0: case 1: map[i][at] = n; break;
      case 2: if (pwrite(fd[i], bytes, 1 + at % 20000, at) < 0) abort(); break;
      case 3: if (ftruncate(fd[i], 65536 + at % 3 * 4096) < 0) abort(); break;
      case 4: if (msync(map[i], 65536, MS_SYNC) < 0) abort(); break;
      case 5: if (fsync(fd[i]) < 0) abort(); break;
      case 6:
        snprintf(name, 64, "data/t%ld", (long)number);
        snprintf(other, 64, "data/u%d", i);
        f = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (write(f, bytes, 5000) != 5000 || close(f) < 0 || rename(name, other) < 0) abort();
        break;
      case 7: f = open("data/cut", O_RDWR | O_CREAT | O_TRUNC, 0644); if (write(f, map[i], 6000) < 0) abort(); close(f); break;
    }
  }
  return 0;
}
int main(void) {
  pthread_t threads[6];
  for (long i = 0; i < 6; i++) pthread_create(&threads[i], 0, work, (void *)i);
  for (int i = 0; i < 6; i++) pthread_join(threads[i], 0);
  return 0;
}
`;

describe('the file system that records', function () {
  this.timeout(120_000);
  let folder: string;
  before(needsFuse);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-file-system-'));
    for (const [name, text] of Object.entries({ 'everything.py': everything, 'threads.c': sixThreads }))
      writeFileSync(join(folder, name), text);
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  const unseenIn = (record: CommandRecord): readonly string[] => timelineOf(record, personalities.ext4).unseen;

  it('passes on all that a program does, and the record leads to the folder that it left', async function () {
    if (python === '') this.skip();
    const { record, exit } = await recordIn(folder, [python, 'everything.py']);
    expect(exit).to.equal(0);
    expect(unseenIn(record)).to.deep.equal([]);
    expect(record.after.size).to.equal(609);
    expect([...record.after.keys()].some((name) => name.includes('lazurite'))).to.equal(false);
  });

  it('serves six threads at once with mapped memory, and misses nothing', async () => {
    staticProgram(join(folder, 'threads.c'), join(folder, 'threads'));
    const { record, exit } = await recordIn(folder, ['./threads']);
    expect(exit).to.equal(0);
    expect(unseenIn(record)).to.deep.equal([]);
    expect(record.calls.some(({ call }) => call.op === 'write' && call.isMapped === true)).to.equal(true);
  });

  for (const [flag, verdict] of [
    ['O_SYNC', 'held'],
    ['O_DSYNC', 'held'],
    ['O_APPEND', 'violated'],
  ] as const)
    it(`a write to a file that was opened with ${flag}: ${verdict}`, async function () {
      if (python === '') this.skip();
      writeFileSync(
        join(folder, 'flag.py'),
        `import os
os.close(os.open('data/log', os.O_WRONLY | os.O_CREAT))
os.fsync(os.open('data', os.O_RDONLY))
fd = os.open('data/log', os.O_WRONLY | os.${flag})
os.write(fd, b'one')
print('one', flush=True)
`,
      );
      const { record } = await recordIn(folder, [python, 'flag.py']);
      const report = await judgedBy(record, 'test -z "$(cat)" || grep -q one data/log');
      expect(report.verdict).to.equal(verdict);
      // The sync of the folder; one that the kernel sends after a write belongs to it.
      expect(record.calls.filter(({ call }) => call.op === 'sync')).to.have.length(1);
    });

  it('a line that a program writes before a sync is a promise before it, also from a child of a shell', async () => {
    const act = (line: string): string => `echo one > data/log; sync data; ${line}; sync data/log`;
    const recover = 'test -z "$(cat)" || grep -q one data/log';
    const early = await judgedBy((await recordIn(folder, ['sh', '-c', act('echo kept')])).record, recover);
    expect(early.verdict).to.equal('violated');
    const late = await judgedBy((await recordIn(folder, ['sh', '-c', `${act(':')}; echo kept`])).record, recover);
    expect(late.verdict).to.equal('held');
  });
});
