/** `wal`: look into log files of ours, Malachite's and CometBFT's; check, cut and convert them, and compare what engines make of damage. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { decodeBlock } from '../../actors/node/index.ts';
import { decodeDecision, decodeInput } from '../../actors/tendermint/codec.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { dataWords } from '../../scenarios/trace-text.ts';
import {
  comparePolicies,
  type Engine,
  engineOf,
  type InspectedEntry,
  type Inspection,
  inspectCometbftGroup,
  inspectLog,
} from '../../wal/index.ts';
import { wholeNumber } from './flags.ts';

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
    for (const file of files) print(dumpText(file, flags.engine));
  });
  onFiles('verify', 'exit 0 clean or torn, 1 corrupt, 2 foreign; of several files the worst').action(
    (files: readonly string[], flags: Flags) => {
      const found = files.map((file) => ({ file, inspection: inspectPath(file, flags.engine) }));
      for (const { file, inspection } of found) print(summary(file, inspection));
      process.exitCode = Math.max(...found.map(({ inspection }) => exitCodes[inspection.verdict.status]));
    },
  );
  onFiles('json', 'entries and verdict, for machines').action((files: readonly string[], flags: Flags) => {
    for (const file of files)
      print(JSON.stringify({ schema: 1, file: basename(file), ...inspectPath(file, flags.engine) }, null, 1));
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
    .option('--at <byte>', 'cut there, whatever stands behind', wholeNumber)
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

/** Throws `ScenarioError` for a folder that holds no group. */
function inspectPath(path: string, engine: Engine | undefined): Inspection {
  if (!existsSync(path)) throw new ScenarioError(`${path}: there is no such file; give a log file, or a folder of CometBFT's`);
  if (!statSync(path).isDirectory()) return inspectLog(basename(path), readFileSync(path), engine);
  const files = readdirSync(path).filter((name) => statSync(join(path, name)).isFile());
  // A group is a head and its rolled files; whatever else lies there is none of it.
  const head = files.find((name) => files.includes(`${name}.000`)) ?? 'wal';
  const names = files.filter(
    (name) => name === head || (name.startsWith(`${head}.`) && /^\d{3,}$/.test(name.slice(head.length + 1))),
  );
  if (names.length === 0)
    throw new ScenarioError(`${path}: no rolled files of CometBFT (wal, wal.000, ...) in this folder; give single files`);
  return inspectCometbftGroup(names.map((name) => ({ name, bytes: readFileSync(join(path, name)) })));
}

function dumpText(path: string, engine?: Engine): string {
  const inspection = inspectPath(path, engine);
  const bytes = inspection.engine === 'lazurite' ? readFileSync(path) : undefined;
  const lines = inspection.entries.map((entry) => {
    const { index, kind, payloadBytes, offset, sequence, synced, file } = entry;
    const number = String(sequence ?? index).padStart(6);
    const place = `${String(payloadBytes).padStart(7)} bytes at ${file === undefined ? '' : `${file}:`}${offset}`;
    const known = synced === undefined ? '' : `, synced ${synced}`;
    const words = bytes === undefined ? decodedWords(entry) : payloadWords(kind, payloadOf(entry, bytes));
    return `  ${number}  ${kind.padEnd(8)} ${place}${known}   ${words}`;
  });
  return [summary(path, inspection), ...lines].join('\n');
}

function payloadOf({ offset, bytes, payloadBytes }: InspectedEntry, file: Uint8Array): Uint8Array {
  return file.subarray(offset + bytes - payloadBytes, offset + bytes);
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
  const count = `${entries.length} ${engine === 'lazurite' ? 'frames' : 'entries'}`;
  if (offset === null) return `${path}: ${status}, ${count} (${engine})`;
  const rest = file == null ? `, ${size - offset} bytes from byte ${offset} on` : `, from byte ${offset} of ${file} on`;
  return `${path}: ${status}, ${count}${rest}: ${reason} (${engine})`;
}

/** Throws `ScenarioError` for a folder: policies are those for one file. */
function fileBytes(path: string): Uint8Array {
  if (statSync(path).isDirectory()) throw new ScenarioError(`${path}: this is a folder; give one file of it`);
  return readFileSync(path);
}

function compareText(path: string, engine: Engine | undefined): string {
  const bytes = fileBytes(path);
  const read = engine ?? engineOf(bytes) ?? 'lazurite';
  const inspection = inspectLog(basename(path), bytes, read);
  const lines = comparePolicies(read, basename(path), bytes).map(
    ({ policy, keptBytes, keptEntries, lostEntries, goesOn, words }) =>
      `  ${policy.padEnd(10)} keeps ${String(keptBytes).padStart(7)} of ${bytes.length} bytes, ${String(keptEntries).padStart(4)} entries; gives up ${String(lostEntries).padStart(4)} whole ones; ${goesOn ? 'goes on' : 'stops'.padEnd(7)}   ${words}`,
  );
  return [summary(path, inspection), ...lines].join('\n');
}

/** Throws `ScenarioError` where nothing may be cut, and then nothing is written. */
function cut(path: string, out: string, at: number | undefined, engine: Engine | undefined): string {
  if (existsSync(out)) throw new ScenarioError(`${out}: the name is taken; give another with --out`);
  const bytes = fileBytes(path);
  const read = engine ?? engineOf(bytes) ?? 'lazurite';
  const { verdict } = inspectLog(basename(path), bytes, read);
  const [ours] = comparePolicies(read, basename(path), bytes);
  const end = at ?? verdict.offset ?? bytes.length;
  if (end > bytes.length) throw new ScenarioError(`${path}: it has ${bytes.length} bytes; give --at at most that`);
  if (at === undefined && ours?.goesOn !== true)
    throw new ScenarioError(
      `${path}: ${verdict.status} at byte ${verdict.offset} (${verdict.reason}), and whole entries may lie behind; damage is not cut by itself: give --at if you know what you lose`,
    );
  writeFileSync(out, bytes.subarray(0, end));
  return `${out}: ${end} of ${bytes.length} bytes, ${bytes.length - end} cut`;
}
