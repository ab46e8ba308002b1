/** `wal`: look into log files of ours, Malachite's and CometBFT's; check, cut and convert them, and compare what engines make of damage. */

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { decodeBlock } from '../../actors/node/index.ts';
import { decodeDecision, decodeInput } from '../../actors/tendermint/codec.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { dataWords } from '../../scenarios/trace-text.ts';
import type { Engine, InspectedEntry, Inspection } from '../../wal/index.ts';
import { visible } from '../output/escape.ts';
import { writeWhole } from '../output/write-whole.ts';
import { wholeNumber } from './flags.ts';
import { compareSource, inspectSource, payloadReader, readSource } from './log-source.ts';

interface Flags {
  readonly engine?: Engine;
}

const engines: readonly Engine[] = ['lazurite', 'malachite', 'cometbft'];
const exitCodes = { clean: 0, torn: 0, corrupt: 1, foreign: 2 } as const;

export function walCommands(program: Command, print: (text: string) => void): void {
  const wal = program.command('wal').description("look into log files: our own, Malachite's and CometBFT's");
  const onFiles = (name: string, description: string): Command =>
    wal
      .command(name)
      .description(description)
      .argument('<file...>', "a log file; or a folder that holds CometBFT's rolled files")
      .option('--engine <name>', `read it as a log of ${engines.join(', ')} (default: as its bytes tell)`, engineNamed);
  onFiles('dump', 'the entries of a file, a line each').action((files: readonly string[], flags: Flags) => {
    for (const file of files) for (const line of dumpLines(file, flags.engine)) print(visible(line));
  });
  onFiles('verify', 'exit 0 clean or torn, 1 corrupt, 2 foreign; of several files the worst').action(
    (files: readonly string[], flags: Flags) => {
      const found = files.map((file) => ({ file, inspection: inspectSource(readSource(file, flags.engine)) }));
      for (const { file, inspection } of found) print(visible(summary(file, inspection)));
      process.exitCode = Math.max(...found.map(({ inspection }) => exitCodes[inspection.verdict.status]));
    },
  );
  onFiles('json', 'entries and verdict, for machines').action((files: readonly string[], flags: Flags) => {
    for (const file of files)
      print(JSON.stringify({ schema: 1, file: basename(file), ...inspectSource(readSource(file, flags.engine)) }, null, 1));
  });
  onFiles('compare', 'what each engine would make of one file: what it keeps, what it gives up, whether it goes on').action(
    (files: readonly string[], flags: Flags) => {
      for (const file of files) print(compareText(file, flags.engine));
    },
  );
  wal
    .command('cut')
    .description('a copy without the torn tail, or up to a byte; the file itself is never changed')
    .argument('<file>')
    .requiredOption('--out <file>', 'where the copy goes; it must not be there yet')
    .option('--at <byte>', 'cut there, whatever follows', wholeNumber)
    .option('--engine <name>', `read it as a log of ${engines.join(', ')} (default: as its bytes tell)`, engineNamed)
    .action((file: string, flags: Flags & { readonly out: string; readonly at?: number }) => {
      print(cut(file, flags.out, flags.at, flags.engine));
    });
}

function engineNamed(text: string): Engine {
  const found = engines.find((engine) => engine === text);
  if (found === undefined) throw new InvalidArgumentError(`there are ${engines.join(', ')}`);
  return found;
}

function* dumpLines(path: string, engine: Engine | undefined): Generator<string> {
  const source = readSource(path, engine);
  const inspection = inspectSource(source);
  const payloadOf = payloadReader(source);
  yield summary(path, inspection);
  for (const entry of inspection.entries) {
    const { index, kind, payloadBytes, offset, sequence, synced, file } = entry;
    const number = String(sequence ?? index).padStart(6);
    const place = `${String(payloadBytes).padStart(7)} bytes at ${file === undefined ? '' : `${file}:`}${offset}`;
    const known = synced === undefined ? '' : `, synced ${synced}`;
    yield `  ${number}  ${kind.padEnd(inspection.engine === 'lazurite' ? 8 : 14)} ${place}${known}   ${entryWords(inspection, entry, payloadOf)}`;
  }
}

function entryWords(
  { engine, verdict }: Inspection,
  entry: InspectedEntry,
  payloadOf: (entry: InspectedEntry) => Uint8Array,
): string {
  if (engine === 'lazurite') return payloadWords(entry.kind, payloadOf(entry));
  // Records of another version are not decoded.
  return verdict.status === 'foreign' ? Buffer.from(payloadOf(entry)).toString('hex') : decodedWords(entry);
}

function decodedWords({ decoded, decodeError }: InspectedEntry): string {
  if (decodeError !== undefined) return `not read: ${decodeError}`;
  const fields = Object.entries((decoded ?? {}) as Readonly<Record<string, unknown>>);
  return fields.map(([key, value]) => `${key} ${value === null ? 'nil' : String(value)}`).join(', ');
}

/** What a Tendermint node wrote, in a few words; another protocol's payloads are only counted. */
function payloadWords(kind: string, payload: Uint8Array): string {
  try {
    if (kind === 'block') {
      const { height, decision } = decodeBlock(payload);
      return `height ${height}, ${dataWords(decodeDecision(decision))}`;
    }
    if (kind === 'decided') return dataWords(decodeDecision(payload));
    return kind === 'opened' || kind === 'unknown' ? '' : dataWords(decodeInput(payload));
  } catch {
    return 'not an input of tendermint';
  }
}

function summary(path: string, { engine, entries, verdict, size }: Inspection): string {
  const { status, offset, reason, file } = verdict;
  const [one, many] = engine === 'lazurite' ? ['frame', 'frames'] : ['entry', 'entries'];
  const count = `${entries.length} ${entries.length === 1 ? one : many}`;
  if (status === 'clean') return `${path}: clean, ${count} (${engine})`;
  const bytes = file == null ? `, ${size - (offset ?? 0)} bytes from byte ${offset} on` : `, from byte ${offset} of ${file} on`;
  return `${path}: ${status}, ${count}${offset === null ? '' : bytes}: ${reason} (${engine})`;
}

function compareText(path: string, engine: Engine | undefined): string {
  const source = readSource(path, engine);
  const inspection = inspectSource(source);
  const lines = compareSource(source).map(
    ({ policy, keptBytes, keptEntries, lostEntries, goesOn, words }) =>
      `  ${policy.padEnd(10)} keeps ${String(keptBytes).padStart(7)} of ${inspection.size} bytes, ${String(keptEntries).padStart(4)} entries; gives up ${String(lostEntries).padStart(4)} whole ones; ${(goesOn ? 'goes on' : 'stops').padEnd(7)}   ${words}`,
  );
  return [summary(path, inspection), ...lines].join('\n');
}

/** Throws `ScenarioError` if nothing may be cut, and then nothing is written. */
function cut(path: string, out: string, at: number | undefined, engine: Engine | undefined): string {
  if (existsSync(out)) throw new ScenarioError(`${out}: the name is taken; give another with --out`);
  const source = readSource(path, engine);
  if (source.type === 'group') throw new ScenarioError(`${path}: this is a folder; give one file of it`);
  const { bytes } = source;
  const { verdict } = inspectSource(source);
  const end = at ?? verdict.offset ?? bytes.length;
  if (end > bytes.length) throw new ScenarioError(`${path}: it has ${bytes.length} bytes; give --at at most that`);
  if (at === undefined && exitCodes[verdict.status] !== 0)
    throw new ScenarioError(
      `${path}: ${verdict.status} at byte ${verdict.offset ?? 0} (${verdict.reason}), and whole entries may follow; only a torn tail is cut by itself: give --at if you know what you lose`,
    );
  writeWhole(out, bytes.subarray(0, end));
  return `${out}: ${end} of ${bytes.length} bytes, ${bytes.length - end} cut`;
}
