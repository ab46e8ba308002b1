/** A record as a file: one JSON line for the header, each entry of the folder before, each call, each entry after, and their number at the end. */
import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { Entry, ProgramRecord, RecordedCall } from './calls.ts';
import { checkedLine, lineOfCall, lineOfEntry, type RecordLine, recordVersion } from './record-lines.ts';

/** A record of a whole program: also how it was started. */
export interface CommandRecord extends ProgramRecord {
  readonly command: readonly string[];
  readonly workingFolder: string;
}

/** A file cannot be read as a record. The message says file, line, and what to do. */
export class RecordFileError extends Error {
  override readonly name = 'RecordFileError';
  readonly code = 'RECORD_NOT_UNDERSTOOD';
}

/** Written beside its place and renamed: a half-written record is never read. */
export function writeRecord(file: string, record: CommandRecord): void {
  const { folder, command, workingFolder, before, after, calls } = record;
  const header = { record: 'lazurite program', version: recordVersion, folder, command, workingFolder };
  const partial = `${file}.partial`;
  const fd = openSync(partial, 'w');
  try {
    const write = (line: string): void => void writeSync(fd, `${line}\n`);
    write(JSON.stringify(header));
    for (const [path, entry] of before) write(lineOfEntry('before', path, entry));
    for (const call of calls) write(lineOfCall(call));
    for (const [path, entry] of after) write(lineOfEntry('after', path, entry));
    write(JSON.stringify({ calls: calls.length }));
  } finally {
    closeSync(fd);
  }
  renameSync(partial, file);
}

/** Throws `RecordFileError`. */
export function readRecord(file: string): CommandRecord {
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const parsed = lines.map((line, index) => parsedLine(file, index + 1, line));
  const [header] = parsed;
  if (header === undefined || !('record' in header)) throw wrong(file, 1, 'a header that names a record of lazurite');
  const before = new Map<string, Entry>();
  const after = new Map<string, Entry>();
  const calls: RecordedCall[] = [];
  let isWhole = false;
  for (const line of parsed.slice(1)) {
    if ('before' in line) before.set(line.before.path, line.before);
    else if ('after' in line) after.set(line.after.path, line.after);
    else if ('calls' in line) isWhole = line.calls === calls.length;
    else if ('call' in line) calls.push({ ...line, end: line.end ?? Number.POSITIVE_INFINITY });
  }
  if (!isWhole) throw wrong(file, lines.length, 'the number of calls at the end, so the file is cut; record again');
  const { folder, command, workingFolder } = header;
  return { folder, command, workingFolder, before, after, calls };
}

/** Lines of one spool file of a Node process; a line that a death cut off is ignored. */
export function readSpool(file: string): readonly RecordedCall[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.flatMap((line, index) => {
    const parsed = parsedLine(file, index + 1, line);
    return 'call' in parsed ? [{ ...parsed, end: parsed.end ?? Number.POSITIVE_INFINITY }] : [];
  });
}

function parsedLine(file: string, number: number, line: string): RecordLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw wrong(file, number, 'a line of JSON');
  }
  const checked = checkedLine(value);
  if ('line' in checked) return checked.line;
  throw wrong(file, number, `a line of a program record (${checked.mistake})`);
}

function wrong(file: string, line: number, expected: string): RecordFileError {
  return new RecordFileError(`${file}:${line}: expected ${expected}; \`lazurite record\` writes such files`);
}
