/** Drawn lists of file operations, as programs use them: few names, so that operations meet each other, and sizes around the sector and the page. */
import {
  appendFileSync,
  closeSync,
  fdatasyncSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../../core/choice.ts';

export type Step =
  | { readonly op: 'write' | 'append'; readonly file: string; readonly length: number; readonly letter: string }
  | { readonly op: 'overwrite'; readonly file: string; readonly at: number; readonly length: number; readonly letter: string }
  | { readonly op: 'truncate'; readonly file: string; readonly length: number }
  | { readonly op: 'rename' | 'link'; readonly file: string; readonly to: string }
  | { readonly op: 'unlink' | 'fsync' | 'fdatasync' | 'mkdir'; readonly file: string };

const files = ['a', 'b', 'c', 'sub/a', 'sub/d'] as const;
const folders = ['.', 'sub'] as const;
const lengths = [1, 7, 300, 512, 4096, 5000] as const;

/** Files that are there and durable before the work. */
export function prepareWork(folder: string): void {
  mkdirSync(join(folder, 'sub'), { recursive: true });
  writeFileSync(join(folder, 'a'), '0'.repeat(100));
  writeFileSync(join(folder, 'b'), '1'.repeat(5000));
  writeFileSync(join(folder, 'sub/a'), '2'.repeat(4096));
}

export function drawnWork(seed: number): readonly Step[] {
  const { choose } = seeded(seed);
  const length = 2 + choose(5, 'steps', 0);
  return Array.from({ length }, (_none, index): Step => {
    const from = <Value>(list: readonly Value[], label: string): Value => list[choose(list.length, label, index)] as Value;
    const file = from(files, 'file');
    const letter = String.fromCharCode(97 + index);
    const size = from(lengths, 'length');
    switch (choose(14, 'operation', index)) {
      case 0:
      case 1:
        return { op: 'write', file, length: size, letter };
      case 2:
      case 3:
        return { op: 'append', file, length: size, letter };
      case 4:
        return { op: 'overwrite', file, at: from([0, 50, 512, 4096], 'place'), length: size, letter };
      case 5:
        return { op: 'truncate', file, length: from([0, 1, 600, 4096], 'cut') };
      case 6:
      case 7:
        return { op: 'rename', file, to: from(files, 'to') };
      case 8:
        return { op: 'link', file, to: from(files, 'to') };
      case 9:
        return { op: 'unlink', file };
      case 10:
        return { op: 'mkdir', file: from(['other', 'sub/other'], 'folder') };
      case 11:
        return { op: 'fdatasync', file };
      case 12:
        return { op: 'fsync', file };
      default:
        return { op: 'fsync', file: from(folders, 'folder') };
    }
  });
}

/** Steps that cannot be done, such as the rename of a file that is not there, do nothing. */
export function doWork(folder: string, steps: readonly Step[]): void {
  for (const step of steps)
    try {
      doStep(folder, step);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
}

function doStep(folder: string, step: Step): void {
  const file = join(folder, step.file);
  switch (step.op) {
    case 'write':
      writeFileSync(file, step.letter.repeat(step.length));
      break;
    case 'append':
      appendFileSync(file, step.letter.repeat(step.length));
      break;
    case 'overwrite':
      withOpen(file, 'r+', (fd) => writeSync(fd, Buffer.alloc(step.length, step.letter), 0, step.length, step.at));
      break;
    case 'truncate':
      truncateSync(file, step.length);
      break;
    case 'rename':
      renameSync(file, join(folder, step.to));
      break;
    case 'link':
      linkSync(file, join(folder, step.to));
      break;
    case 'unlink':
      unlinkSync(file);
      break;
    case 'mkdir':
      mkdirSync(file);
      break;
    case 'fsync':
      withOpen(file, 'r', fsyncSync);
      break;
    case 'fdatasync':
      withOpen(file, 'r', fdatasyncSync);
      break;
  }
}

function withOpen(file: string, flags: string, act: (fd: number) => void): void {
  const fd = openSync(file, flags);
  try {
    act(fd);
  } finally {
    closeSync(fd);
  }
}

export function stepWords(step: Step): string {
  switch (step.op) {
    case 'write':
    case 'append':
      return `${step.op} ${step.length} ${step.letter} to ${step.file}`;
    case 'overwrite':
      return `overwrite ${step.length} ${step.letter} at ${step.at} of ${step.file}`;
    case 'truncate':
      return `truncate ${step.file} to ${step.length}`;
    case 'rename':
    case 'link':
      return `${step.op} ${step.file} to ${step.to}`;
    default:
      return `${step.op} ${step.file}`;
  }
}
