/** Runs files and folders of recorded cases, one result a case. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { differences } from './differences.ts';
import { type DriverCase, judgeDriver } from './driver-cases.ts';
import { judgeKeeper, type KeeperCase } from './keeper-cases.ts';
import { knownCases } from './known-cases.ts';
import { isExpectedLog, judgeLog } from './log-files.ts';
import { judgeMachine, type MachineTrace } from './machine-traces.ts';
import { judgeNodes, type NodesTrace } from './nodes-traces.ts';
import { judgeRawDriver } from './raw-driver-cases.ts';
import { UnknownForm } from './recorded-inputs.ts';
import { honestNode, type TestedNode } from './tested-node.ts';
import { type CaseResult, Comparison } from './verdict.ts';
import { judgeWal, type WalCase } from './wal-cases.ts';

export interface NamedResult {
  readonly name: string;
  readonly result: CaseResult;
  /** Why the expectation is held to be wrong. */
  readonly reason?: string | undefined;
}

/** What a test puts in the place of the honest node and of the list of known cases. */
export interface RunOptions {
  readonly tested?: TestedNode;
  readonly known?: ReadonlyMap<string, string>;
}

type Judge = (recorded: never, tested: TestedNode, comparison: Comparison) => void;

const families: Readonly<Record<string, Judge>> = {
  driver: (recorded: DriverCase, tested, comparison) =>
    recorded.mode === 'raw' ? judgeRawDriver(recorded, tested, comparison) : judgeDriver(recorded, tested, comparison),
  keeper: (recorded: KeeperCase, tested, comparison) => judgeKeeper(recorded, tested, comparison),
  votekeeper: (recorded: KeeperCase, tested, comparison) => judgeKeeper(recorded, tested, comparison),
  wal: (recorded: WalCase, tested, comparison) => judgeWal(recorded, tested, comparison),
  consensus: (recorded: MachineTrace, tested, comparison) => judgeMachine(recorded, tested, comparison),
  nodes: (recorded: NodesTrace, tested, comparison) => judgeNodes(recorded, tested, comparison),
};

/** Every `.json` and `.jsonl` file below the paths, in order of name. */
export function recordedFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
    return names.filter((name) => /\.jsonl?$/.test(name)).map((name) => join(path, name));
  });
}

/** Results of one file; `onUnknown` gets families and forms that are not known. */
export function* runFile(
  file: string,
  onUnknown: (what: string) => void,
  { tested = honestNode, known = knownCases }: RunOptions = {},
): Generator<NamedResult> {
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
    if (judge === undefined) {
      onUnknown(`${file}: the family '${String(recorded.family)}' is not known`);
      continue;
    }
    const name = recorded.name ?? `${file}:${index + 1}`;
    const comparison = new Comparison();
    try {
      judge(recorded as never, tested, comparison);
    } catch (error) {
      if (error instanceof UnknownForm) {
        onUnknown(`${file}: ${name}: ${error.message}`);
        continue;
      }
      comparison.threw(error);
    }
    yield { name, result: comparison, reason: known.get(name) };
  }
}

export function lineOf({ name, reason, result: { failure, differences: met } }: NamedResult): string {
  if (failure !== undefined && reason !== undefined) return `known ${name}: ${reason}`;
  if (failure !== undefined) return `not ok ${name}: step ${failure.step}: expected ${failure.expected}, got ${failure.got}`;
  const names = [...met.keys()].map((difference) => differences[difference]);
  return names.length === 0 ? `ok ${name}` : `ok ${name} # differs: ${names.join('; ')}`;
}
