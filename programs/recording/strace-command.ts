/** How strace is started, and the lines that it leaves. Linux alone has it. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { RecordingError } from './recording-error.ts';

const traced =
  'open,openat,openat2,creat,close,dup,dup2,dup3,fcntl,read,readv,write,pwrite64,writev,pwritev,pwritev2,lseek,truncate,ftruncate,fallocate,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,sync,syncfs,mmap,chdir,fchdir,clone,clone3,fork,vfork,io_uring_setup,copy_file_range,sendfile,splice';
const socketWrites = 'sendto,sendmsg';

export function straceCommand(command: readonly string[], trace: string, showsSockets: boolean): readonly string[] {
  if (process.platform !== 'linux')
    throw new RecordingError(
      `programs other than Node's are recorded by strace, which ${process.platform} does not have; use Linux`,
    );
  if (spawnSync('strace', ['--version']).status !== 0)
    throw new RecordingError('strace is not installed (Debian: apt-get install strace); Node programs need none: -- node app.js');
  const { status, stderr } = spawnSync('strace', ['-o', '/dev/null', 'true'], { encoding: 'utf8' });
  if (status !== 0)
    throw new RecordingError(
      `strace cannot trace here: ${stderr.trim()}; give the container SYS_PTRACE, or record by a file system: --by fuse`,
    );
  const raw = 'raw=read,readv';
  return [
    'strace',
    '-f',
    '--seccomp-bpf',
    showsSockets ? '-yy' : '-y',
    '-xx',
    '-s',
    '100000000',
    '-ttt',
    '-o',
    trace,
    '-e',
    raw,
    '-e',
    `trace=${showsSockets ? `${traced},${socketWrites}` : traced}`,
    ...command,
  ];
}

/** Node's own io_uring would hide file calls from strace. */
export function straceEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, UV_USE_IO_URING: '0' };
}

/** Traces can be larger than one string may be. */
export function* linesOf(file: string): Iterable<string> {
  const fd = openSync(file, 'r');
  const buffer = Buffer.alloc(1 << 20);
  let rest: Buffer[] = [];
  try {
    for (;;) {
      const count = readSync(fd, buffer, 0, buffer.length, null);
      if (count === 0) break;
      let start = 0;
      for (let at = buffer.indexOf(10); at !== -1 && at < count; at = buffer.indexOf(10, start)) {
        yield Buffer.concat([...rest, buffer.subarray(start, at)]).toString('latin1');
        rest = [];
        start = at + 1;
        if (start >= count) break;
      }
      if (start < count) rest.push(Buffer.from(buffer.subarray(start, count)));
    }
  } finally {
    closeSync(fd);
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString('latin1');
}
