/** `explain`: the logs of an incident, which node signed two things, and which node may start. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { ZodError } from 'zod';
import {
  type Conflict,
  type ExplainedNode,
  type ExplainedRestart,
  explain,
  explainRestarts,
  type LogFinding,
  recordedLog,
  wordsOf,
} from '../../forensics/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { readFolder } from './incident-folders.ts';
import type { Paint } from './terminal.ts';

export function explainCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('explain')
    .description('the logs of an incident: who signed two things, what is torn or missing, and which node may start')
    .argument(
      '<dir...>',
      "each node's folder (or NAME=FOLDER, or its log file), of ours, Malachite or CometBFT; or recorded logs (*.jsonl)",
    )
    .option('--json', 'for machines')
    .action((given: readonly string[], flags: { readonly json?: boolean }) => {
      const isRecorded = (path: string): boolean => path.endsWith('.jsonl') && existsSync(path) && statSync(path).isFile();
      const restarts = given.filter(isRecorded).flatMap(readRestarts);
      const { nodes, conflicts } = explain(given.filter((path) => !isRecorded(path)).map(readFolder));
      const isOk =
        conflicts.length === 0 &&
        nodes.every(({ start }) => start.verdict === 'sign') &&
        restarts.every((restart) => restart.conflicts.length === 0);
      if (flags.json === true) print(JSON.stringify({ version: 1, ok: isOk, ...asJson(nodes, conflicts, restarts) }, null, 1));
      else for (const line of lines(nodes, conflicts, restarts, paint)) print(line);
      process.exitCode = exitCodeOf({ isViolated: !isOk });
    });
}

function readRestarts(path: string): readonly ExplainedRestart[] {
  const found: ExplainedRestart[] = [];
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      const log = recordedLog(JSON.parse(line));
      if (log !== undefined) found.push(...explainRestarts(log));
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof ZodError)) throw error;
      const [issue] = error instanceof ZodError ? error.issues : [];
      const what = issue === undefined ? error.message : `${issue.path.join('.')}: ${issue.message}`;
      throw new ScenarioError(
        `${path}:${index + 1}: no recorded log: ${what}; give one case a line, as docs/formats/conformance.md has it`,
      );
    }
  }
  if (found.length === 0) throw new ScenarioError(`${path}: it holds no recorded restart; give cases of the family 'wal'`);
  return found;
}

function asJson(
  nodes: readonly ExplainedNode[],
  conflicts: readonly Conflict[],
  restarts: readonly ExplainedRestart[],
): Readonly<Record<string, unknown>> {
  return {
    conflicts,
    nodes: nodes.map(({ evidence: { folder, engine, owner, storedHeight, logs, notes }, start }) => {
      const { lost, ...verdict } = start;
      return { folder, engine, name: owner ?? null, storedHeight, logs, lost, start: verdict, notes };
    }),
    restarts: restarts.filter((restart) => restart.conflicts.length > 0),
    restartsRead: restarts.length,
  };
}

function* lines(
  nodes: readonly ExplainedNode[],
  conflicts: readonly Conflict[],
  restarts: readonly ExplainedRestart[],
  paint: Paint,
): Generator<string> {
  for (const conflict of conflicts) yield* conflictLines(conflict, paint);
  if (nodes.length > 0 && conflicts.length === 0)
    yield `${paint.good('✓')} nobody signed two versions of one thing, as far as these logs say`;
  for (const node of nodes) yield* nodeLines(node, paint);
  if (restarts.length === 0) return;
  for (const restart of restarts.filter((one) => one.conflicts.length > 0)) yield* restartLines(restart, paint);
  const count = restarts.filter((one) => one.conflicts.length > 0).length;
  yield `${restarts.length} recorded restarts, ${count} with a conflict`;
}

function* conflictLines({ signer, height, round, type, versions }: Conflict, paint: Paint): Generator<string> {
  yield `${paint.bad('✕')} ${signer} signed ${versions.length} versions of its ${type} at height ${height}, round ${round}`;
  for (const { value, polRound, seen } of versions) {
    const [first, ...more] = seen;
    const where =
      first === undefined ? '' : `${first.node}, ${first.file}${first.frame === null ? '' : `, frame ${first.frame}`}`;
    const others = more.length === 0 ? '' : `, and ${more.length} more`;
    yield `    ${value ?? 'nil'}${polRound === null || polRound < 0 ? '' : ` (polRound ${polRound})`}   in ${where}${others}`;
  }
}

function* nodeLines({ evidence, start }: ExplainedNode, paint: Paint): Generator<string> {
  const { folder, engine, owner, logs, notes } = evidence;
  const sign = start.verdict === 'sign' ? paint.good('✓') : paint.bad('✕');
  yield `${sign} ${folder} (${owner ?? 'its validator is not known'}, ${engine}): ${verdictWords(start)}`;
  yield `    why    ${start.reason}`;
  yield `    do     ${start.remedy}`;
  for (const log of logs) if (log.offset !== null) yield `    log    ${findingWords(log)}`;
  for (const lost of start.lost)
    yield `    lost   ${wordsOf(lost)}: ${lost.seen.node}, ${lost.seen.file}, frame ${lost.seen.frame} has it`;
  for (const note of notes) yield `    note   ${note}`;
}

function verdictWords({ verdict, until }: ExplainedNode['start']): string {
  if (verdict === 'sign') return 'it may start and sign';
  if (verdict === 'never') return 'it must never start with this key and these files';
  return until === null ? 'it must abstain, and nobody knows yet until when' : `it must abstain until height ${until} is over`;
}

function findingWords({ file, status, frames, offset, frame, framesAfter, reason }: LogFinding): string {
  const at = frame === null ? '' : `, frame ${frame}`;
  const after = framesAfter === 0 ? '' : `; ${framesAfter} whole ${framesAfter === 1 ? 'frame follows' : 'frames follow'}`;
  return `${file}: ${status} at byte ${offset}${at}, after ${frames} whole frames: ${reason}${after}`;
}

function* restartLines(
  { name, node, restart, entries, crashedIn, height, conflicts }: ExplainedRestart,
  paint: Paint,
): Generator<string> {
  yield `${paint.bad('✕')} ${name}, restart ${restart} (${entries} entries, died in step ${crashedIn}): ${node} must abstain until height ${height} is over`;
  for (const { future, type, round, values } of conflicts) {
    const words = values.map((value) => value ?? 'nil').join(', then ');
    const when = future === 'alone' ? 'if only its timers fire' : 'if the rest arrives';
    yield `    ${type} at round ${round}: ${words} (${when})`;
  }
}
