/** `record`: runs a program and writes down what it does to its files, and what it acknowledges. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommandRecord, type HttpRun, type RecordedBy, recordCommand, writeRecord } from '../../programs/index.ts';
import { wholeNumber } from './flags.ts';

interface RecordFlags {
  readonly state: string;
  readonly out: string;
  readonly by?: RecordedBy;
  readonly acknowledgeHttp?: number;
  readonly drive?: string;
}

export function recordingCommand(program: Command, print: (text: string) => void): void {
  program
    .command('record')
    .description(
      'run a program and record what it does to the files of a folder; a line on its standard output acknowledges something, or an HTTP answer',
    )
    .argument('<command...>', 'the program, after --')
    .requiredOption('--state <folder>', 'the folder with its files; made where it is missing')
    .option('--out <file>', 'where the record goes', 'lazurite.record')
    .addOption(
      new Option(
        '--by <recorder>',
        'node: preloaded, for Node programs; strace: any program on Linux; fuse: a file system over the folder, compiled from C on request, that also sees mapped memory and programs that cannot be traced',
      ).choices(['node', 'strace', 'fuse']),
    )
    .option(
      '--acknowledge-http <port>',
      'the program is a server on this port; its complete answers with a status of 200 to 299 acknowledge, and no lines of output',
      portNumber,
    )
    .option('--drive <command>', 'sends the requests, to the address in LAZURITE_HTTP; the server is ended after it')
    .action(async (words: readonly string[], { state, out, by, acknowledgeHttp: port, drive }: RecordFlags, command: Command) => {
      if (drive !== undefined && port === undefined)
        command.error('error: --drive sends requests to a server: give its port with --acknowledge-http');
      const onOutput = (bytes: Uint8Array): void => void process.stdout.write(bytes);
      const stop = by === 'fuse' || port !== undefined ? stopOnSignal() : undefined;
      const { record, exit, driveExit } = await recordCommand({
        command: words,
        folder: state,
        workingFolder: process.cwd(),
        onOutput,
        ...(by === undefined ? {} : { by }),
        ...(stop === undefined ? {} : { stop }),
        ...(port === undefined || stop === undefined ? {} : { http: httpRun(port, stop, drive, print) }),
      });
      writeRecord(out, record);
      const marks = record.calls.filter(({ call }) => call.op === 'acknowledge').length;
      const kind = port === undefined ? 'lines' : 'answers';
      // A server is ended by a signal here.
      const ended = exit === 0 || port !== undefined ? '' : `; the program ended with ${exit}`;
      const driven = (driveExit ?? 0) === 0 ? '' : `; the command of --drive ended with ${driveExit}`;
      print(`${out}: ${record.calls.length - marks} calls on ${state}, ${marks} acknowledged ${kind}${ended}${driven}`);
      if (by === 'fuse') print('recorded by a file system: operations are named without a source line');
      const unseen = unseenIn(record);
      for (const what of unseen) print(`not recorded: ${what}; the verdict is undecided`);
      if (by !== 'fuse' && [...unseen].some((what) => what.startsWith('memory mapped')))
        print('a file system records mapped memory too: lazurite record --by fuse');
    });
}

/** What may have changed files out of sight, each once. */
function unseenIn({ calls }: CommandRecord): ReadonlySet<string> {
  return new Set(calls.flatMap(({ call }) => (call.op === 'unseen' ? [call.what] : [])));
}

/** The first Ctrl-C ends the program, and the record is written; the second one ends all at once. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  return stop.signal;
}

function httpRun(port: number, stop: AbortSignal, drive: string | undefined, print: (text: string) => void): HttpRun {
  const onAddress = (address: string): void =>
    print(`send requests to ${address}: they are passed on to port ${port}. Ctrl-C ends the server and writes the record`);
  return { port, stop, ...(drive === undefined ? { onAddress } : { drive }) };
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('give a port from 1 to 65535');
  return port;
}
