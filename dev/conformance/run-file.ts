/** Runs files and folders of recorded cases, one line a case. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type DriverCase, judgeDriver } from './driver-cases.ts';
import { judgeKeeper, type KeeperCase } from './keeper-cases.ts';
import { isExpectedLog, judgeLog } from './log-files.ts';
import { judgeMachine, type MachineTrace } from './machine-traces.ts';
import { judgeNodes, type NodesTrace } from './nodes-traces.ts';
import type { CaseResult } from './verdict.ts';
import { judgeWal, type WalCase } from './wal-cases.ts';

export interface NamedResult {
  readonly name: string;
  readonly result: CaseResult;
}

const families: Readonly<Record<string, (recorded: never) => CaseResult>> = {
  driver: (recorded: DriverCase) => judgeDriver(recorded),
  keeper: (recorded: KeeperCase) => judgeKeeper(recorded),
  votekeeper: (recorded: KeeperCase) => judgeKeeper(recorded),
  wal: (recorded: WalCase) => judgeWal(recorded),
  consensus: (recorded: MachineTrace) => judgeMachine(recorded),
  nodes: (recorded: NodesTrace) => judgeNodes(recorded),
};

/** Every `.json` and `.jsonl` file below the paths, in order of name. */
export function recordedFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
    return names.filter((name) => /\.jsonl?$/.test(name)).map((name) => join(path, name));
  });
}

/** Results of one file; `onUnknown` is told of families and forms that are none. */
export function* runFile(file: string, onUnknown: (what: string) => void): Generator<NamedResult> {
  const text = readFileSync(file, 'utf8');
  const texts = file.endsWith('.jsonl') ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  for (const [index, one] of texts.entries()) {
    let recorded: { readonly family?: string; readonly name?: string };
    try {
      recorded = JSON.parse(one) as typeof recorded;
    } catch (error) {
      onUnknown(`${file}: case ${index + 1} is not JSON (${error instanceof Error ? error.message : String(error)})`);
      continue;
    }
    if (isExpectedLog(recorded)) {
      yield {
        name: `${basename(dirname(file))}/${basename(file).replace(/\.?expected\.json$/, '')}`,
        result: judgeLog(file, recorded),
      };
      continue;
    }
    const judge = families[recorded.family ?? ''];
    if (judge === undefined) onUnknown(`${file}: the family '${String(recorded.family)}' is not known`);
    else yield { name: recorded.name ?? `${file}:${index + 1}`, result: judge(recorded as never) };
  }
}

export function lineOf({ name, result }: NamedResult): string {
  switch (result.type) {
    case 'ok':
      return result.differs === undefined ? `ok ${name}` : `ok ${name} # differs: ${result.differs}`;
    case 'known':
      return `known ${name}: ${result.reason}`;
    case 'not ok':
      return `not ok ${name}: step ${result.step}: expected ${result.expected}, got ${result.got}`;
  }
}
