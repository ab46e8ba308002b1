/**
 * The corpus: a bounded number of runs in git that are replayed first on each change. An honest run in it reached a rare mark, and must hold and reach it again. A red one must be red by the same properties. Each is a record that `lazurite replay` reads.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkedFailure, parseFailure } from '../../apps/cli/failure-file.ts';
import { type Failure, runFailure } from '../../campaigns/index.ts';

export const corpusFolder = 'dev/corpus/runs';
/** So much may be in it: all of it is replayed in some seconds. */
export const corpusLimits: { readonly files: number; readonly bytes: number } = { files: 60, bytes: 256 * 1024 };

export interface CorpusEntry {
  readonly file: string;
  readonly run: Failure;
  /** What an honest run must reach. */
  readonly marks: readonly string[];
}

export interface ReplayedEntry {
  /** Undefined: it is what it was. */
  readonly wrong: string | undefined;
  /** Another run than was kept: its hash differs. */
  readonly isOther: boolean;
}

export function corpusFiles(folder: string = corpusFolder): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(folder, name));
}

/** Throws `ScenarioError` for a file that is no record. */
export function readEntry(file: string): CorpusEntry {
  const text = readFileSync(file, 'utf8');
  const { marks } = JSON.parse(text) as { readonly marks?: readonly string[] };
  return { file, run: checkedFailure(parseFailure(text, file), file), marks: marks ?? [] };
}

export function replayEntry({ run: kept, marks }: CorpusEntry): ReplayedEntry {
  const run = runFailure(kept, false);
  const isOther = run.hash !== kept.hash;
  const violated = new Set(run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name));
  if (kept.properties.length > 0) {
    const green = kept.properties.filter((name) => !violated.has(name));
    return { wrong: green.length === 0 ? undefined : `not red any more by ${green.join(', ')}`, isOther };
  }
  if (run.verdict !== 'held')
    return { wrong: `${run.verdict}${violated.size === 0 ? '' : ` by ${[...violated].join(', ')}`}`, isOther };
  const missed = marks.filter((mark) => (run.marks[mark] ?? 0) === 0);
  return { wrong: missed.length === 0 ? undefined : `does not come by ${missed.join(', ')} any more`, isOther };
}

/** What is too much, in words. */
export function tooMuch(files: readonly string[]): string | undefined {
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  if (files.length <= corpusLimits.files && bytes <= corpusLimits.bytes) return undefined;
  return `${files.length} files of ${bytes} bytes are more than ${corpusLimits.files} of ${corpusLimits.bytes}: take some out`;
}
