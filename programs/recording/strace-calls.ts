/** System calls as recorded calls: those that concern one folder, and lines that a program writes to its standard output. */
import { constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Call, RecordedCall } from './calls.ts';
import { OutputLines } from './output-lines.ts';
import { descriptorOf, type SystemCall, textBytes } from './strace-lines.ts';

export interface StraceOptions {
  readonly folder: string;
  /** The file that is the program's standard output. */
  readonly output: string;
  /** The folder in which the program was started. */
  readonly workingFolder: string;
  /** Whether a line of output acknowledges something. */
  readonly isAcknowledgedByOutput: boolean;
  /** Whether a file is on the file system of the folder. */
  readonly isOnSameFileSystem: (path: string) => boolean;
}

const openFlags: Readonly<Record<string, number>> = {
  O_WRONLY: constants.O_WRONLY,
  O_RDWR: constants.O_RDWR,
  O_CREAT: constants.O_CREAT,
  O_TRUNC: constants.O_TRUNC,
  O_APPEND: constants.O_APPEND,
  O_SYNC: constants.O_SYNC,
  O_DSYNC: constants.O_DSYNC,
};

export function recordedCalls(calls: readonly SystemCall[], options: StraceOptions): readonly RecordedCall[] {
  const { folder, output, workingFolder, isAcknowledgedByOutput } = options;
  const isInside = (path: string): boolean => path === folder || path.startsWith(`${folder}/`);
  const processes = processesOf(calls);
  const folders = new Map<string, string>();
  const lines = new OutputLines();
  /** Descriptors of files in the folder, by process. */
  const open = new Set<string>();
  const recorded: RecordedCall[] = [];
  for (const system of calls) {
    const { thread, name, args, result, begin, end } = system;
    if (result.startsWith('-1')) continue;
    const process = processes.get(thread) ?? String(thread);
    const here = folders.get(process) ?? workingFolder;
    const add = (call: Call): void => {
      // Reads are shown without a path: only those of a file that was opened in the folder count.
      if (call.op === 'read' && !open.has(`${process} ${call.fd}`)) return;
      if (call.op === 'open') open.add(`${process} ${call.fd}`);
      if (call.op === 'dup') open.add(`${process} ${call.to}`);
      if (call.op === 'close') open.delete(`${process} ${call.fd}`);
      recorded.push({ begin, end, process, call, place: `${name} of process ${thread}` });
    };
    const written = outputBytes(system, output);
    if (written !== undefined) {
      if (!isAcknowledgedByOutput) continue;
      for (const line of lines.linesOf(written)) add({ op: 'acknowledge', value: line });
      continue;
    }
    if (name === 'chdir' || name === 'fchdir') {
      const target = name === 'chdir' ? pathIn(here, args[0]) : descriptorOf(args[0])?.path;
      if (target !== undefined) folders.set(process, target);
    } else if (/^(clone3?|fork|vfork)$/.test(name)) {
      const child = processes.get(Number.parseInt(result, 10));
      if (child !== undefined && child !== process) {
        folders.set(child, here);
        for (const key of [...open]) if (key.startsWith(`${process} `)) open.add(`${child} ${key.slice(process.length + 1)}`);
        recorded.push({ begin, end: begin, process, call: { op: 'fork', child }, place: '' });
      }
    } else if (name === 'syncfs') {
      if (options.isOnSameFileSystem(descriptorOf(args[0])?.path ?? '')) add({ op: 'sync-all' });
    } else for (const call of callsOf(system, here, isInside)) add(call);
  }
  return recorded;
}

/** Which threads share their descriptors: the name of the process of each. */
function processesOf(calls: readonly SystemCall[]): ReadonlyMap<number, string> {
  const processes = new Map<number, string>();
  for (const { thread, name, args, result } of calls) {
    if (!processes.has(thread)) processes.set(thread, String(thread));
    const child = Number.parseInt(result, 10);
    if (!/^(clone3?|fork|vfork)$/.test(name) || !(child > 0)) continue;
    const shares = args.some((arg) => arg.includes('CLONE_FILES'));
    processes.set(child, shares ? (processes.get(thread) as string) : String(child));
  }
  return processes;
}

function outputBytes({ name, args, result }: SystemCall, output: string): Uint8Array | undefined {
  if (name !== 'write' && name !== 'writev') return undefined;
  if (descriptorOf(args[0])?.path !== output) return undefined;
  return (name === 'write' ? textBytes(args[1]) : vectorBytes(args[1]))?.subarray(0, Number.parseInt(result, 10));
}

function callsOf({ name, args, result }: SystemCall, here: string, isInside: (path: string) => boolean): readonly Call[] {
  const [first, second] = args;
  const file = descriptorOf(first);
  const isOurs = file !== undefined && isInside(file.path.replace(/ \(deleted\)$/, ''));
  const fd = file?.fd ?? -1;
  const count = Number.parseInt(result, 10);
  switch (name) {
    case 'open':
    case 'creat':
    case 'openat':
    case 'openat2': {
      const isAt = name.startsWith('openat');
      const path = isAt ? pathAt(here, first, second) : pathIn(here, first);
      const flags = name === 'creat' ? 'O_WRONLY|O_CREAT|O_TRUNC' : ((isAt ? args[2] : second) ?? '');
      if (path === undefined || !isInside(path)) return [];
      if (flags.includes('O_TMPFILE')) return [{ op: 'unseen', what: `a file without a name (O_TMPFILE) in ${path}` }];
      return [{ op: 'open', path, flags: flagsOf(flags), fd: count }];
    }
    case 'close':
      return isOurs ? [{ op: 'close', fd }] : [];
    case 'dup':
    case 'dup2':
    case 'dup3':
      return isOurs ? [{ op: 'dup', fd, to: count }] : [];
    case 'fcntl':
      return isOurs && (second ?? '').startsWith('F_DUPFD') ? [{ op: 'dup', fd, to: count }] : [];
    case 'read':
    case 'readv':
      // Shown raw: the descriptor as a hexadecimal number, without a path.
      return [{ op: 'read', fd: Number(first), count: Number(result) }];
    case 'lseek':
      return isOurs ? [{ op: 'seek', fd, position: count }] : [];
    case 'write':
    case 'pwrite64':
    case 'writev':
    case 'pwritev':
    case 'pwritev2': {
      if (!isOurs) return [];
      const bytes = name.includes('v') ? vectorBytes(second) : textBytes(second);
      if (bytes === undefined) return [{ op: 'unseen', what: `${name}: strace shows only a part of the bytes` }];
      const position = name.startsWith('p') ? Number(args[3]) : null;
      return [{ op: 'write', fd, bytes: bytes.subarray(0, count), position: position === -1 ? null : position }];
    }
    case 'ftruncate':
      return isOurs ? [{ op: 'truncate', fd, length: Number(second) }] : [];
    case 'truncate': {
      const path = pathIn(here, first);
      return path !== undefined && isInside(path) ? [{ op: 'truncate', path, length: Number(second) }] : [];
    }
    case 'fsync':
    case 'fdatasync':
      return isOurs ? [{ op: 'sync', fd, isDataOnly: name === 'fdatasync' }] : [];
    case 'sync':
      return [{ op: 'sync-all' }];
    case 'mmap':
      return mappedWords(args, isInside);
    case 'io_uring_setup':
      return /SQPOLL/.test(args.join()) || !/NO_SQARRAY|0x10000/.test(args.join())
        ? [{ op: 'unseen', what: 'an io_uring, whose file calls strace does not show' }]
        : [];
    case 'fallocate':
    case 'copy_file_range':
    case 'sendfile':
    case 'splice':
      return copiedWords(name, args, isInside);
    default:
      return namesOf(name, args, here, isInside);
  }
}

/** Calls that change names. */
function namesOf(name: string, args: readonly string[], here: string, isInside: (path: string) => boolean): readonly Call[] {
  const [first, second, third, fourth] = args;
  const isAt = /at2?$/.test(name);
  switch (name) {
    case 'rename':
    case 'renameat':
    case 'renameat2':
    case 'link':
    case 'linkat': {
      const from = isAt ? pathAt(here, first, second) : pathIn(here, first);
      const to = isAt ? pathAt(here, third, fourth) : pathIn(here, second);
      if (from === undefined || to === undefined || !(isInside(from) || isInside(to))) return [];
      if (args.some((arg) => arg.includes('RENAME_EXCHANGE')))
        return [{ op: 'unseen', what: `an exchange of ${from} and ${to}` }];
      return [{ op: name.startsWith('rename') ? 'rename' : 'link', from, to }];
    }
    case 'symlink':
    case 'symlinkat': {
      const path = isAt ? pathAt(here, second, third) : pathIn(here, second);
      const target = Buffer.from(textBytes(first) ?? []).toString();
      return path !== undefined && isInside(path) ? [{ op: 'symlink', target, path }] : [];
    }
    case 'unlink':
    case 'unlinkat':
    case 'mkdir':
    case 'mkdirat':
    case 'rmdir': {
      const path = isAt ? pathAt(here, first, second) : pathIn(here, first);
      if (path === undefined || !isInside(path)) return [];
      const op = name.startsWith('mkdir') ? 'mkdir' : name === 'rmdir' ? 'rmdir' : 'unlink';
      return [{ op, path }];
    }
    default:
      return [];
  }
}

function mappedWords(args: readonly string[], isInside: (path: string) => boolean): readonly Call[] {
  const path = descriptorOf(args[4])?.path ?? '';
  const isWritable = (args[2] ?? '').includes('PROT_WRITE') && (args[3] ?? '').includes('MAP_SHARED');
  return isWritable && isInside(path)
    ? [{ op: 'unseen', what: `memory mapped to ${path}, whose changes are not shown`, path }]
    : [];
}

function copiedWords(name: string, args: readonly string[], isInside: (path: string) => boolean): readonly Call[] {
  const target = descriptorOf(args[name === 'copy_file_range' || name === 'splice' ? 2 : 0]);
  if (target === undefined || !isInside(target.path)) return [];
  if (name === 'fallocate') return grown(target.fd, args);
  return [{ op: 'unseen', what: `${name} to ${target.path}, whose bytes are not shown` }];
}

/** `fallocate` that keeps the length changes nothing that can be read; other modes are seen by the length alone. */
function grown(fd: number, [, mode, offset, length]: readonly string[]): readonly Call[] {
  if ((mode ?? '').includes('KEEP_SIZE')) return [];
  if (mode !== '0') return [{ op: 'unseen', what: `fallocate with ${mode}` }];
  return [{ op: 'extend', fd, length: Number(offset) + Number(length) }];
}

function flagsOf(text: string): number {
  let flags = 0;
  for (const word of text.split(/[^A-Z_]+/)) flags |= openFlags[word] ?? 0;
  return flags;
}

function vectorBytes(argument: string | undefined): Uint8Array | undefined {
  const parts = [...(argument ?? '').matchAll(/iov_base=("[^"]*"(?:\.\.\.)?)/g)].map(([, text]) => textBytes(text));
  if (parts.some((part) => part === undefined)) return undefined;
  return new Uint8Array(Buffer.concat(parts as Uint8Array[]));
}

function pathIn(here: string, argument: string | undefined): string | undefined {
  const bytes = textBytes(argument);
  return bytes === undefined ? undefined : resolve(here, Buffer.from(bytes).toString());
}

function pathAt(here: string, folder: string | undefined, argument: string | undefined): string | undefined {
  const base = descriptorOf(folder);
  return pathIn(base === undefined || base.path === '' ? here : base.path, argument);
}
