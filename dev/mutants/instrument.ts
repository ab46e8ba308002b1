/** A copy of the folders that the campaign needs, in which every mutant can be switched on by its id, in one process. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { folders, isInScope, leftOutKinds, type Mutant } from './scope.ts';

const copied = ['core', 'wal', 'network-sim', 'actors', 'checker', 'museum', 'scenarios', 'campaigns', 'testing', 'dev'];
const singles = ['index.ts', 'package.json', 'tsconfig.json'];

export interface MutatedCopy {
  readonly folder: string;
  readonly mutants: readonly Mutant[];
}

export async function mutatedCopy(root: string): Promise<MutatedCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-mutants-'));
  for (const name of [...copied, ...singles]) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const files = folders
    .flatMap((name) => readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) => `${name}/${file}`))
    .filter(isInScope)
    .sort();
  const given = files.map((name) => ({ name, mutate: true, content: readFileSync(join(root, name), 'utf8') }));
  const texts = new Map(given.map(({ name, content }) => [name, content]));
  const options = { plugins: null, excludedMutations: [...leftOutKinds], ignorers: [] };
  const { files: changed, mutants } = await new Instrumenter(silent).instrument(given, options);
  for (const { name, content } of changed) writeFileSync(join(folder, name), content);
  return {
    folder,
    mutants: mutants
      .filter(({ status }) => status === undefined)
      .map(({ id, fileName, location: { start, end }, mutatorName, replacement = '' }) => ({
        id,
        file: fileName,
        line: start.line + 1,
        column: start.column,
        kind: mutatorName,
        from: between(texts.get(fileName) ?? '', start, end),
        to: replacement,
      })),
  };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

function between(text: string, start: Position, end: Position): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines.map((line, at) => line.slice(at === 0 ? start.column : 0, at === last ? end.column : undefined)).join('\n');
}

const nothing = (): void => undefined;
const silent = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};
