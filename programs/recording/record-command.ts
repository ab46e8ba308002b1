/** Records a program that is started as a process: Node programs by a preloaded recorder, any other by strace. Linux alone has strace. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { RecordedCall } from './calls.ts';
import { readFolder } from './read-folder.ts';
import { type CommandRecord, readSpool } from './record-file.ts';
import { recordedCalls } from './strace-calls.ts';
import { systemCalls } from './strace-lines.ts';

export type RecordedBy = 'node' | 'strace';

export interface CommandToRecord {
  readonly command: readonly string[];
  /** The folder whose files count; made where it is missing. */
  readonly folder: string;
  /** Where it runs. */
  readonly workingFolder: string;
  /** Default: `node` for a Node program, otherwise `strace`. */
  readonly by?: RecordedBy;
  /** Told of what the program writes to its standard output. */
  readonly onOutput: (bytes: Uint8Array) => void;
}

export interface RecordedCommand {
  readonly record: CommandRecord;
  /** The exit code; a signal counts as 128 and its number. */
  readonly exit: number;
}

/** The program cannot be recorded here. The message says what is missing and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly code = 'CANNOT_RECORD';
}

const traced =
  'open,openat,openat2,creat,close,dup,dup2,dup3,fcntl,read,readv,write,pwrite64,writev,pwritev,pwritev2,lseek,truncate,ftruncate,fallocate,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,sync,syncfs,mmap,chdir,fchdir,clone,clone3,fork,vfork,io_uring_setup,copy_file_range,sendfile,splice';

export async function recordCommand({ command, folder, by, onOutput, ...rest }: CommandToRecord): Promise<RecordedCommand> {
  const [program] = command;
  if (program === undefined) throw new RecordingError('give the command after --, such as: -- node app.js');
  const recorder = by ?? (/^node(\.exe)?$/.test(basename(program)) ? 'node' : 'strace');
  const workingFolder = realpathSync(rest.workingFolder);
  const wanted = resolve(workingFolder, folder);
  mkdirSync(wanted, { recursive: true });
  const real = realpathSync(wanted);
  const spool = realpathSync(mkdtempSync(join(tmpdir(), 'lazurite-record-')));
  try {
    const before = readFolder(real);
    const output = join(spool, 'output');
    const trace = join(spool, 'trace');
    const [started, env] =
      recorder === 'node' ? [command, await nodeEnvironment(real, spool)] : [straceCommand(command, trace), straceEnvironment()];
    const exit = await run(started, { cwd: workingFolder, env, output, onOutput });
    const calls =
      recorder === 'node'
        ? spooledCalls(spool)
        : recordedCalls(systemCalls(linesOf(trace)), { folder: real, output, workingFolder });
    return { record: { folder: real, command, workingFolder, before, after: readFolder(real), calls }, exit };
  } finally {
    rmSync(spool, { recursive: true, force: true });
  }
}

async function nodeEnvironment(folder: string, spool: string): Promise<NodeJS.ProcessEnv> {
  const preload = join(spool, 'preload.cjs');
  // As a source, and beside the command where it was built.
  const places = ['./recording-unit.ts', '../../programs/recording/recording-unit.js'];
  const entry = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
  if (entry === undefined) throw new RecordingError('the recorder for Node programs is missing from this copy of lazurite');
  await build({
    entryPoints: [entry],
    outfile: preload,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    banner: { js: 'const lazuriteUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { 'import.meta.url': 'lazuriteUrl' },
  });
  const options = [process.env['NODE_OPTIONS'], `--require ${JSON.stringify(preload)}`].filter(Boolean).join(' ');
  return { ...process.env, NODE_OPTIONS: options, LAZURITE_RECORD_FOLDER: folder, LAZURITE_RECORD_SPOOL: spool };
}

function straceCommand(command: readonly string[], trace: string): readonly string[] {
  if (process.platform !== 'linux')
    throw new RecordingError(
      `programs other than Node's are recorded by strace, which ${process.platform} does not have; use Linux`,
    );
  if (spawnSync('strace', ['--version']).status !== 0)
    throw new RecordingError('strace is not installed (Debian: apt-get install strace); Node programs need none: -- node app.js');
  const raw = 'raw=read,readv';
  return [
    'strace',
    '-f',
    '--seccomp-bpf',
    '-y',
    '-xx',
    '-s',
    '100000000',
    '-ttt',
    '-o',
    trace,
    '-e',
    raw,
    '-e',
    `trace=${traced}`,
    ...command,
  ];
}

/** Node's own io_uring would hide file calls from strace. */
function straceEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, UV_USE_IO_URING: '0' };
}

interface Start {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly output: string;
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** Standard output is a file: a program's line is written, and seen, in one order with its other calls. */
function run(command: readonly string[], { cwd, env, output, onOutput }: Start): Promise<number> {
  const [program = '', ...args] = command;
  const out = openSync(output, 'a+');
  const buffer = Buffer.alloc(65536);
  let shown = 0;
  const show = (): void => {
    for (;;) {
      const count = readSync(out, buffer, 0, buffer.length, shown);
      if (count === 0) return;
      shown += count;
      onOutput(buffer.subarray(0, count));
    }
  };
  return new Promise((ended, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['inherit', out, 'inherit'] });
    const timer = setInterval(show, 100);
    const end = (): void => {
      clearInterval(timer);
      show();
      closeSync(out);
    };
    child.on('error', (error) => {
      end();
      reject(new RecordingError(`${program} could not be started: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      end();
      ended(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15));
    });
  });
}

function spooledCalls(spool: string): readonly RecordedCall[] {
  const names = readdirSync(spool);
  const files = names.filter((name) => name.endsWith('.calls'));
  const calls = files.flatMap((name) => readSpool(join(spool, name))).sort((a, b) => a.begin - b.begin);
  const silent = names.find((name) => name.endsWith('.expected') && !files.includes(name.replace(/expected$/, 'calls')));
  if (silent === undefined) return calls;
  const what = 'a worker thread whose environment leaves out the recorder';
  return [...calls, { begin: 0, end: 0, process: silent, call: { op: 'unseen', what }, place: '' }];
}

/** Traces can be larger than one string may be. */
function* linesOf(file: string): Iterable<string> {
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
