/** Records a program that is started as a process: Node programs by a preloaded recorder, any other by strace, or by a file system that records. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { answerMarks } from './answer-marks.ts';
import { fuseWay } from './fuse/fuse-recording.ts';
import { type HttpRun, requireFreePort, runRequests } from './http-run.ts';
import { nodeWay } from './node-recording.ts';
import { readFolder } from './read-folder.ts';
import type { CommandRecord } from './record-file.ts';
import { RecordingError } from './recording-error.ts';
import { startProgram } from './start-program.ts';
import { straceWay } from './strace-recording.ts';
import type { RunToRecord, Way } from './way.ts';

export type RecordedBy = 'node' | 'strace' | 'fuse';

const ways: Readonly<Record<RecordedBy, (run: RunToRecord) => Way | Promise<Way>>> = {
  node: nodeWay,
  strace: straceWay,
  fuse: fuseWay,
};

export interface CommandToRecord {
  readonly command: readonly string[];
  /** The folder whose files count; made where it is missing. */
  readonly folder: string;
  /** Where it runs. */
  readonly workingFolder: string;
  /** Default: `node` for a Node program, otherwise `strace`. */
  readonly by?: RecordedBy;
  /** The program is a server, and its HTTP answers acknowledge, not lines of its output. It is ended after the requests. Not with `fuse`. */
  readonly http?: HttpRun;
  /** Ends a program that is recorded by `fuse`. What it did until then is recorded. */
  readonly stop?: AbortSignal;
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

export async function recordCommand(wanted: CommandToRecord): Promise<RecordedCommand> {
  const { command, by, http, stop, onOutput } = wanted;
  const [program] = command;
  if (program === undefined) throw new RecordingError('give the command after --, such as: -- node app.js');
  const recorder = by ?? (/^node(\.exe)?$/.test(basename(program)) ? 'node' : 'strace');
  const workingFolder = realpathSync(wanted.workingFolder);
  const folder = resolve(workingFolder, wanted.folder);
  mkdirSync(folder, { recursive: true });
  const real = realpathSync(folder);
  if (http !== undefined) await requireFreePort(http.port);
  const spool = realpathSync(mkdtempSync(join(tmpdir(), 'lazurite-record-')));
  let way: Way | undefined;
  try {
    const before = readFolder(real);
    way = await ways[recorder]({ command, folder: real, workingFolder, spool, http });
    // A file system cannot be unmounted for good while somebody uses it, so all that was started must end.
    const hasOwnGroup = http !== undefined || recorder === 'fuse';
    const { env, output, shown } = way;
    const started = startProgram(way.command, { cwd: workingFolder, env, output, shown, onOutput, hasOwnGroup });
    if (recorder === 'fuse') stop?.addEventListener('abort', () => void started.end(), { once: true });
    const driveOutput = join(spool, 'drive-output');
    const drive = { cwd: workingFolder, output: driveOutput, shown: driveOutput, onOutput };
    const outcome = http === undefined ? undefined : await runRequests(started, http, drive);
    const exit = await started.ended;
    const { calls, answerWrites } = await way.seen();
    const marks = answerMarks(outcome?.answers ?? [], answerWrites);
    const record = { folder: real, command, workingFolder, before, after: readFolder(real), calls: [...calls, ...marks] };
    return { record, exit, driveExit: outcome?.driveExit };
  } finally {
    await way?.end();
    rmSync(spool, { recursive: true, force: true });
  }
}
