/**
 * What a recovery looked at. Two folders that agree in everything that one recovery looked at have the same recovery, so bytes that nobody reads need no
 * run of their own (Gorjiara et al., "Jaaru", ASPLOS 2021). The names of all files always count as looked at.
 */
import { constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Folder } from '../recording/calls.ts';
import type { FsWatcher } from '../recording/fs-binding.ts';
import type { ContentIds } from './folder-ids.ts';

/** `all`: everything. Otherwise by path the whole file (`true`), or its length and some ranges. */
export type ReadSet = 'all' | ReadonlyMap<string, true | FileReads>;

export interface FileReads {
  hasLength: boolean;
  readonly ranges: Map<number, number>;
}

/** A watcher that notes what is read in a folder, until its set is taken. */
export function readSetOf(folder: string): { readonly watch: FsWatcher; readonly take: () => ReadSet } {
  const reads = new Map<string, true | FileReads>();
  const open = new Map<number, { readonly path: string; at: number }>();
  let isAll = false;
  const inside = (value: unknown): string | undefined => {
    const text = typeof value === 'string' ? value : value instanceof Uint8Array ? Buffer.from(value).toString() : undefined;
    const path = text === undefined || text === '' ? undefined : resolve(text);
    if (path === folder) return '';
    return path?.startsWith(`${folder}/`) === true ? path.slice(folder.length + 1) : undefined;
  };
  const whole = (path: string): void => void reads.set(path, true);
  const partOf = (path: string): FileReads | undefined => {
    const known = reads.get(path) ?? { hasLength: false, ranges: new Map<number, number>() };
    reads.set(path, known);
    return known === true ? undefined : known;
  };
  const range = (path: string, from: number, asked: number, count: number): void => {
    const part = partOf(path);
    if (part === undefined) return;
    part.ranges.set(from, Math.max(part.ranges.get(from) ?? 0, count));
    if (count < asked) part.hasLength = true;
  };
  const watch: FsWatcher = (name, args) => {
    const [first, second] = args;
    const path = inside(first);
    if (typeof first === 'number') return onDescriptor(name, first, args);
    if (path === undefined) {
      if (inside(second) !== undefined) isAll = true;
      return undefined;
    }
    switch (name) {
      case 'open':
      case 'openFileHandle': {
        const flags = second as number;
        const writes = (flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_TRUNC)) !== 0;
        if (writes) whole(path);
        return (outcome) => {
          if ('error' in outcome) return '';
          const { result } = outcome;
          open.set(typeof result === 'object' ? (result as { readonly fd: number }).fd : (result as number), { path, at: 0 });
          return '';
        };
      }
      case 'readFileUtf8':
      case 'writeFileUtf8':
      case 'unlink':
        whole(path);
        return undefined;
      case 'stat':
      case 'lstat': {
        const part = partOf(path);
        if (part !== undefined) part.hasLength = true;
        return undefined;
      }
      case 'access':
      case 'existsSync':
      case 'readdir':
      case 'readlink':
      case 'realpath':
      case 'mkdir':
      case 'internalModuleStat':
        // Names alone.
        return undefined;
      default:
        isAll = true;
        return undefined;
    }
  };
  const onDescriptor = (name: string, fd: number, args: readonly unknown[]): ReturnType<FsWatcher> => {
    const file = open.get(fd);
    if (file === undefined) return undefined;
    if (name === 'fstat') {
      const part = partOf(file.path);
      if (part !== undefined) part.hasLength = true;
    } else if (name === 'read') {
      const position = Number(args[4] ?? -1);
      const from = position < 0 ? file.at : position;
      return (outcome) => {
        const count = 'result' in outcome ? (outcome.result as number) : 0;
        range(file.path, from, args[3] as number, count);
        if (position < 0) file.at += count;
        return '';
      };
    } else if (name === 'close') open.delete(fd);
    else whole(file.path);
    return undefined;
  };
  return { watch, take: () => (isAll ? 'all' : reads) };
}

/** Recoveries that are known, by what they looked at. */
export class KnownRecoveries<Outcome> {
  readonly #ids: ContentIds;
  /** A set of reads as text, with the outcome for each content that was found there. */
  readonly #byReads = new Map<string, { readonly reads: ReadSet; readonly outcomes: Map<string, Outcome> }>();

  constructor(ids: ContentIds) {
    this.#ids = ids;
  }

  find(folder: Folder): Outcome | undefined {
    for (const { reads, outcomes } of this.#byReads.values()) {
      const outcome = outcomes.get(this.#answers(folder, reads));
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  }

  add(folder: Folder, reads: ReadSet, outcome: Outcome): void {
    const name = nameOf(reads);
    const known = this.#byReads.get(name) ?? { reads, outcomes: new Map<string, Outcome>() };
    this.#byReads.set(name, known);
    known.outcomes.set(this.#answers(folder, reads), outcome);
  }

  clear(): void {
    this.#byReads.clear();
  }

  #answers(folder: Folder, reads: ReadSet): string {
    if (reads === 'all') return this.#ids.keyOf(folder);
    const parts: string[] = [];
    for (const [path, entry] of folder) parts.push(path, entry.type === 'link' ? `l${entry.target}` : entry.type);
    for (const [path, part] of reads) {
      const entry = folder.get(path);
      if (entry?.type !== 'file') continue;
      if (part === true) parts.push(`${this.#ids.idOf(entry.bytes)}`);
      else {
        if (part.hasLength) parts.push(`${entry.bytes.length}`);
        for (const [from, count] of part.ranges) parts.push(`${this.#ids.idOf(entry.bytes.subarray(from, from + count))}`);
      }
    }
    return parts.join('\0');
  }
}

function nameOf(reads: ReadSet): string {
  if (reads === 'all') return 'all';
  const parts = [...reads].map(([path, part]) =>
    part === true ? path : `${path}\0${part.hasLength}\0${[...part.ranges].map((pair) => pair.join('+')).join(' ')}`,
  );
  return parts.join('\0\0');
}
