/** Turns calls at Node's fs binding into recorded calls: those that concern one folder, with begin and end, bytes, and the place in the source. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Call, RecordedCall } from './calls.ts';
import { type FsEnd, type FsWatcher, unwatched } from './fs-binding.ts';
import { placeOfCall } from './places.ts';

export interface RecorderOptions {
  /** Absolute, without symbolic links. */
  readonly folder: string;
  readonly process: string;
  /** A number that is larger each time, over all processes of one record. */
  readonly stamp: () => number;
  readonly onCall: (call: RecordedCall) => void;
  /** Is called with what is written to standard output through the fs binding. Output that goes to a file is written so. */
  readonly onOutput?: (bytes: Uint8Array, begin: number) => void;
}

/** Calls that change no file content and no name. */
const harmless =
  /^(access|existsSync|readdir|stat|lstat|fstat|statfs|readlink|realpath|chmod|fchmod|lchmod|chown|fchown|lchown|utimes|futimes|lutimes|readFileUtf8|internalModule\w+|legacyMainResolve|getFormat\w+|cpSyncCheckPaths)$/;

type Outcome = { readonly result: unknown } | { readonly error: unknown };

export function recorder({ folder, process, stamp, onCall, onOutput }: RecorderOptions): FsWatcher {
  /** Descriptors of files in the folder. */
  const open = new Set<number>();
  const isInside = (path: string): boolean => path === folder || path.startsWith(`${folder}/`);

  /** A file outside the folder: its descriptor is no longer one of ours, even if the end of the earlier file was not seen. */
  const openedOutside = (result: unknown): readonly Call[] => {
    open.delete(descriptorOf(result));
    return [];
  };

  /** Gives the recorded calls, once the result is known. Undefined: there is nothing to record. */
  const reader = (name: string, args: readonly unknown[]): ((result: unknown) => readonly Call[]) | undefined => {
    const [first] = args;
    const path = pathOf(first);
    switch (name) {
      case 'open':
      case 'openFileHandle':
        if (path === undefined) return undefined;
        if (!isInside(path)) return openedOutside;
        return (result) => {
          const fd = descriptorOf(result);
          open.add(fd);
          return [{ op: 'open', path, flags: args[1] as number, fd }];
        };
      case 'writeFileUtf8':
        return wholeFile(args, path);
      case 'copyFile':
        return copied(args);
      case 'rename':
      case 'link': {
        const [from, to] = [path, pathOf(args[1])];
        if (from === undefined || to === undefined || !(isInside(from) || isInside(to))) return undefined;
        return () => [{ op: name, from, to }];
      }
      case 'symlink': {
        const made = pathOf(args[1]);
        return made !== undefined && isInside(made)
          ? () => [{ op: 'symlink', target: textOf(first) ?? '', path: made }]
          : undefined;
      }
      case 'mkdir':
        return path !== undefined && isInside(path)
          ? () => (args[2] === true ? parents(folder, path) : [path]).map((one): Call => ({ op: 'mkdir', path: one }))
          : undefined;
      case 'mkdtemp':
        return path !== undefined && isInside(path) ? (made) => [{ op: 'mkdir', path: pathOf(made) ?? path }] : undefined;
      case 'unlink':
      case 'rmdir':
        return path !== undefined && isInside(path) ? () => [{ op: name, path }] : undefined;
      case 'rmSync':
        return path !== undefined && isInside(path) ? () => [{ op: 'remove-tree', path }] : undefined;
      default:
        if (typeof first === 'number') return open.has(first) ? onDescriptor(name, first, args) : undefined;
        return !harmless.test(name) && args.some((arg) => isInside(pathOf(arg) ?? ''))
          ? () => [{ op: 'unseen', what: `fs.${name}` }]
          : undefined;
    }
  };

  const onDescriptor = (
    name: string,
    fd: number,
    args: readonly unknown[],
  ): ((result: unknown) => readonly Call[]) | undefined => {
    switch (name) {
      case 'close':
        return () => {
          open.delete(fd);
          return [{ op: 'close', fd }];
        };
      case 'writeBuffer':
      case 'writeBuffers':
      case 'writeString': {
        const bytes = bytesOf(name, args);
        const position = positionOf(args[name === 'writeBuffer' ? 4 : 2]);
        return (written) => [{ op: 'write', fd, bytes: bytes.subarray(0, written as number), position }];
      }
      case 'read':
      case 'readBuffers': {
        const isAtFilePosition = positionOf(args[name === 'read' ? 4 : 2]) === null;
        return (count) => (isAtFilePosition ? [{ op: 'read', fd, count: count as number }] : []);
      }
      case 'ftruncate':
        return () => [{ op: 'truncate', fd, length: Number(args[1] ?? 0) }];
      case 'fsync':
      case 'fdatasync':
        return () => [{ op: 'sync', fd, isDataOnly: name === 'fdatasync' }];
      case 'readFileUtf8':
        return (text) => [{ op: 'read', fd, count: Buffer.byteLength(text as string) }];
      default:
        return harmless.test(name) ? undefined : () => [{ op: 'unseen', what: `fs.${name}` }];
    }
  };

  /** Open, write and close in one call. */
  const wholeFile = (
    [, text, flags]: readonly unknown[],
    path: string | undefined,
  ): ((result: unknown) => readonly Call[]) | undefined => {
    const bytes = new Uint8Array(Buffer.from(text as string));
    if (path === undefined) return undefined;
    if (!isInside(path)) return undefined;
    const fd = -1;
    return () => [
      { op: 'open', path, flags: flags as number, fd },
      { op: 'write', fd, bytes, position: null },
      { op: 'close', fd },
    ];
  };

  const copied = ([source, target]: readonly unknown[]): ((result: unknown) => readonly Call[]) | undefined => {
    const [from, to] = [pathOf(source), pathOf(target)];
    if (from === undefined || to === undefined || !isInside(to)) return undefined;
    const bytes = isInside(from) ? undefined : unwatched(() => new Uint8Array(readFileSync(from)));
    return () => [{ op: 'copy', from, to, ...(bytes === undefined ? {} : { bytes }) }];
  };

  return (name, args): FsEnd | undefined => {
    if (args[0] === 1 && onOutput !== undefined && /^write/.test(name)) return outputOf(name, args, onOutput, stamp);
    const calls =
      name === 'writeFileUtf8' && typeof args[0] === 'number' && open.has(args[0])
        ? () => [{ op: 'write', fd: args[0] as number, bytes: bytesOf(name, args), position: null } as const]
        : reader(name, args);
    if (calls === undefined) return undefined;
    const place = calls === openedOutside ? '' : placeOfCall();
    const begin = stamp();
    return (outcome: Outcome) => {
      if ('error' in outcome) return place;
      const end = stamp();
      const made = calls(outcome.result);
      // Steps of one call follow each other between its begin and its end.
      const width = (end - begin) / Math.max(1, made.length);
      for (const [index, call] of made.entries())
        onCall({ begin: begin + index * width, end: begin + (index + 0.9) * width, process, call, place });
      return place;
    };
  };
}

function outputOf(
  name: string,
  args: readonly unknown[],
  onOutput: (bytes: Uint8Array, begin: number) => void,
  stamp: () => number,
): FsEnd {
  const bytes = bytesOf(name, args);
  const begin = stamp();
  return (outcome) => {
    if ('result' in outcome) onOutput(bytes.subarray(0, outcome.result as number), begin);
    return '';
  };
}

/** A copy: the caller may use its buffer again before an asynchronous write has ended. */
function bytesOf(name: string, args: readonly unknown[]): Uint8Array {
  if (name === 'writeBuffers') return new Uint8Array(Buffer.concat((args[1] as readonly Uint8Array[]).map(viewOf)));
  if (name === 'writeFileUtf8') return new Uint8Array(Buffer.from(args[1] as string));
  if (name === 'writeString') {
    const encoding = typeof args[3] === 'string' ? (args[3] as BufferEncoding) : 'utf8';
    return new Uint8Array(Buffer.from(args[1] as string, encoding));
  }
  const [, buffer, offset, length] = args as [unknown, Uint8Array, number, number];
  return viewOf(buffer).slice(offset, offset + length);
}

function descriptorOf(result: unknown): number {
  return typeof result === 'object' ? (result as { readonly fd: number }).fd : (result as number);
}

function viewOf(value: ArrayBufferView): Uint8Array {
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function positionOf(value: unknown): number | null {
  if (typeof value === 'bigint') return value < 0n ? null : Number(value);
  return typeof value === 'number' && value >= 0 ? value : null;
}

function pathOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || text === '' ? undefined : resolve(text);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString() : undefined;
}

/** The path and each folder above it, outermost first, without the recorded folder. */
function parents(folder: string, path: string): readonly string[] {
  const parts = path.slice(folder.length).split('/').filter(Boolean);
  return parts.map((_, index) => `${folder}/${parts.slice(0, index + 1).join('/')}`);
}
