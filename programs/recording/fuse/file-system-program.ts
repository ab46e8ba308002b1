/**
 * The recording file system as a program. Its C source ships, and is compiled on request into the cache folder of the user, once for each source and kind of
 * processor.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RecordingError } from '../recording-error.ts';

/** The path of the compiled program. Throws `RecordingError`, which names what is missing. */
export function fileSystemProgram(): string {
  const missing = missingDevice();
  if (missing !== undefined) throw new RecordingError(missing);
  const source = sourceFile();
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'lazurite');
  const program = join(cache, `recording-fs-${hash}-${process.arch}`);
  if (!existsSync(program)) compile(source, program, cache);
  return program;
}

function sourceFile(): string {
  // As a source, and beside the command where it was built.
  const places = ['./recording-fs.c', '../../programs/recording/fuse/recording-fs.c'];
  const source = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
  if (source === undefined)
    throw new RecordingError('the source of the recording file system is missing from this copy of lazurite');
  return source;
}

/** Why the kernel mounts no such file system for this user; undefined if it may. */
function missingDevice(): string | undefined {
  if (process.platform !== 'linux') return `a file system that records needs Linux; this is ${process.platform}`;
  if (!existsSync('/dev/fuse'))
    return 'there is no /dev/fuse: load the kernel module (modprobe fuse), or give it to the container (docker run --device /dev/fuse --cap-add SYS_ADMIN)';
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
  } catch {
    return '/dev/fuse may not be opened by this user: run as root, or let this user read and write it';
  }
  if (process.getuid?.() !== 0 && !isInstalled('fusermount3', '--version'))
    return 'fusermount3 is not installed, which mounts for users other than root (Debian: apt-get install fuse3)';
  return undefined;
}

/** What the compiler says where a part is not installed. */
const missingParts: readonly (readonly [RegExp, string])[] = [
  [/fuse_lowlevel\.h|-lfuse3/, 'libfuse3 is not installed with its header files (Debian: apt-get install libfuse3-dev)'],
  [/fatal error: \S+\.h|crt\w*\.o/, 'the C library is not installed with its header files (Debian: apt-get install libc6-dev)'],
];

function compile(source: string, program: string, cache: string): void {
  if (!isInstalled('cc', '--version'))
    throw new RecordingError('there is no C compiler called cc (Debian: apt-get install gcc libc6-dev)');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch {
    throw new RecordingError(
      `${cache} cannot be written, and the file system is compiled into it; name another folder in XDG_CACHE_HOME`,
    );
  }
  const partial = `${program}.${process.pid}.partial`;
  const { status, stderr } = spawnSync('cc', ['-O2', '-o', partial, source, ...libraryFlags()], { encoding: 'utf8' });
  if (status === 0) {
    renameSync(partial, program);
    return;
  }
  rmSync(partial, { force: true });
  const missing = missingParts.find(([sign]) => sign.test(stderr));
  if (missing !== undefined) throw new RecordingError(missing[1]);
  const [line] = stderr.split('\n').filter((one) => /error|cannot/i.test(one));
  throw new RecordingError(`cc cannot compile ${source}: ${line ?? stderr.trim()}`);
}

function libraryFlags(): readonly string[] {
  const { status, stdout } = spawnSync('pkg-config', ['--cflags', '--libs', 'fuse3'], { encoding: 'utf8' });
  const flags = status === 0 ? stdout.trim().split(/\s+/) : ['-I/usr/include/fuse3', '-lfuse3'];
  return [...flags, '-pthread'];
}

function isInstalled(program: string, argument: string): boolean {
  return spawnSync(program, [argument]).status === 0;
}
