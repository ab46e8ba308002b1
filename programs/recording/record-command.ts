/** Records a program that is started as a process: Node programs by a preloaded recorder, any other by strace. Linux alone has strace. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type AnswerWrite, answerMarks } from './answer-marks.ts';
import type { RecordedCall } from './calls.ts';
import { type HttpRun, requireFreePort, runRequests } from './http-run.ts';
import { nodeEnvironment, spooledAnswerWrites, spooledCalls } from './node-recording.ts';
import { readFolder } from './read-folder.ts';
import type { CommandRecord } from './record-file.ts';
import { RecordingError } from './recording-error.ts';
import { startProgram } from './start-program.ts';
import { tracedAnswerWrites } from './strace-answers.ts';
import { recordedCalls } from './strace-calls.ts';
import { linesOf, straceCommand, straceEnvironment } from './strace-command.ts';
import { systemCalls } from './strace-lines.ts';

export type RecordedBy = 'node' | 'strace';

export interface CommandToRecord {
  readonly command: readonly string[];
  /** The folder whose files count; made where it is missing. */
  readonly folder: string;
  /** Where it runs. */
  readonly workingFolder: string;
  /** Default: `node` for a Node program, otherwise `strace`. */
  readonly by?: RecordedBy;
  /** The program is a server, and its HTTP answers acknowledge, not lines of its output. It is ended after the requests. */
  readonly http?: HttpRun;
  /** Gets what the program writes to its standard output. */
  readonly onOutput: (bytes: Uint8Array) => void;
}

export interface RecordedCommand {
  readonly record: CommandRecord;
  /** The exit code; a signal counts as 128 and its number. */
  readonly exit: number;
  /** How the command that sends requests ended, if there is one. */
  readonly driveExit: number | undefined;
}

/** What a recorder saw. */
interface Seen {
  readonly calls: readonly RecordedCall[];
  readonly answerWrites: readonly AnswerWrite[];
}

export async function recordCommand({ command, folder, by, http, onOutput, ...rest }: CommandToRecord): Promise<RecordedCommand> {
  const [program] = command;
  if (program === undefined) throw new RecordingError('give the command after --, such as: -- node app.js');
  const recorder = by ?? (/^node(\.exe)?$/.test(basename(program)) ? 'node' : 'strace');
  const workingFolder = realpathSync(rest.workingFolder);
  const wanted = resolve(workingFolder, folder);
  mkdirSync(wanted, { recursive: true });
  const real = realpathSync(wanted);
  if (http !== undefined) await requireFreePort(http.port);
  const spool = realpathSync(mkdtempSync(join(tmpdir(), 'lazurite-record-')));
  try {
    const before = readFolder(real);
    const output = join(spool, 'output');
    const trace = join(spool, 'trace');
    const [started, env] =
      recorder === 'node'
        ? [command, await nodeEnvironment({ folder: real, spool, httpPort: http?.port })]
        : [straceCommand(command, trace, http !== undefined), straceEnvironment()];
    const server = startProgram(started, { cwd: workingFolder, env, output, onOutput, hasOwnGroup: http !== undefined });
    const drive = { cwd: workingFolder, output: join(spool, 'drive-output'), onOutput };
    const outcome = http === undefined ? undefined : await runRequests(server, http, drive);
    const exit = await server.ended;
    const { calls, answerWrites } =
      recorder === 'node'
        ? { calls: spooledCalls(spool), answerWrites: spooledAnswerWrites(spool) }
        : traced(trace, { folder: real, output, workingFolder, http });
    const marks = answerMarks(outcome?.answers ?? [], answerWrites);
    const record = { folder: real, command, workingFolder, before, after: readFolder(real), calls: [...calls, ...marks] };
    return { record, exit, driveExit: outcome?.driveExit };
  } finally {
    rmSync(spool, { recursive: true, force: true });
  }
}

interface Traced {
  readonly folder: string;
  readonly output: string;
  readonly workingFolder: string;
  readonly http: HttpRun | undefined;
}

function traced(trace: string, { http, ...rest }: Traced): Seen {
  const { dev } = statSync(rest.folder);
  const isOnSameFileSystem = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.dev === dev;
  const system = systemCalls(linesOf(trace));
  return {
    calls: recordedCalls(system, { ...rest, isAcknowledgedByOutput: http === undefined, isOnSameFileSystem }),
    answerWrites: http === undefined ? [] : tracedAnswerWrites(system, http.port),
  };
}
