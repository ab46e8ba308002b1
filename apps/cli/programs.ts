/** `crashstates` and `necessity`: every state of the disk that a loss of power may leave of a recorded program, and which of its syncs matter. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  judgeCommand,
  type PersonalityName,
  personalityNames,
  readRecord,
  reportLines,
  type StatesReport,
  syncNeeds,
  writeFolder,
} from '../../programs/index.ts';
import { jobCount, wholeNumber } from './flags.ts';
import { recordingCommand } from './record.ts';
import type { Paint } from './terminal.ts';

interface StatesFlags {
  readonly recover: string;
  readonly on?: readonly PersonalityName[];
  readonly acknowledge?: RegExp;
  readonly without?: readonly string[];
  readonly allowLoss?: boolean;
  readonly states?: number;
  readonly jobs?: number;
  readonly warm?: boolean;
  readonly state?: string;
  readonly keep?: string;
  readonly json?: boolean;
}

const exitCodes = { held: 0, violated: 1, undecided: 3, untested: 3 } as const;

export function programCommands(program: Command, print: (text: string) => void, paint: Paint): void {
  recordingCommand(program, print);
  necessityCommand(program, print, paint);
  program
    .command('crashstates')
    .description('judge every state of the disk that a loss of power may leave of a recorded program')
    .argument('<record>', 'as `lazurite record` wrote it')
    .requiredOption(
      '--recover <command>',
      'run for each state, with the acknowledged lines on its standard input and the folder in LAZURITE_STATE; exit 0: all is kept',
    )
    .option('--on <file systems>', `judge by these only: ${personalityNames.join(', ')}`, fileSystemsNamed)
    .option('--acknowledge <pattern>', 'only lines that match acknowledge something', patternOf)
    .option('--without <names>', 'leave out files that nothing reads after a restart, such as *-shm', (text) => text.split(','))
    .option('--allow-loss', 'acknowledged changes may be lost; what is found must be right')
    .option('--states <number>', 'states on each file system, at most (default 2000)', wholeNumber)
    .option('--jobs <number>', 'commands at once (default 2)', jobCount)
    .option('--warm', 'start the command once for each job: it reads a line of JSON for each state, and answers with one')
    .option('--state <token>', 'judge only this state')
    .option('--keep <folder>', 'write the failing states there, to look at')
    .option('--json', 'for machines')
    .action(async (file: string, flags: StatesFlags) => {
      const { on, acknowledge, state, keep, json, allowLoss, recover, without, states, jobs, warm } = flags;
      const report = await judgeCommand(readRecord(file), {
        recover,
        ...(on === undefined ? {} : { fileSystems: on }),
        ...(acknowledge === undefined ? {} : { acknowledges: acknowledge }),
        ...(without === undefined ? {} : { without }),
        ...(states === undefined ? {} : { states }),
        ...(jobs === undefined ? {} : { jobs }),
        ...(warm === undefined ? {} : { isWarm: warm }),
        ...(state === undefined ? {} : { only: state }),
        allowsLoss: allowLoss === true,
      });
      const kept = keep === undefined ? [] : keepStates(keep, report);
      if (json === true) print(JSON.stringify(forMachines(report), null, 1));
      else printReport(report, kept, print, paint);
      process.exitCode = exitCodes[report.verdict];
    });
}

/** `necessity`: which syncs of a recorded program earn their place. */
function necessityCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('necessity')
    .description('leave out each sync of a recorded program in turn, and judge every state of the disk again')
    .argument('<record>', 'as `lazurite record` wrote it')
    .requiredOption('--recover <command>', 'as for crashstates')
    .option('--on <file systems>', `judge by these only: ${personalityNames.join(', ')}`, fileSystemsNamed)
    .option('--without <names>', 'leave out files that nothing reads after a restart, such as *-shm', (text) => text.split(','))
    .option('--allow-loss', 'acknowledged changes may be lost; what is found must be right')
    .option('--states <number>', 'states on each file system, at most (default 2000)', wholeNumber)
    .option('--jobs <number>', 'commands at once (default 2)', jobCount)
    .option('--json', 'for machines')
    .action(async (file: string, flags: StatesFlags) => {
      const { on, allowLoss, recover, without, states, jobs, json } = flags;
      const { base, syncs } = await syncNeeds(readRecord(file), {
        recover,
        ...(on === undefined ? {} : { fileSystems: on }),
        ...(without === undefined ? {} : { without }),
        ...(states === undefined ? {} : { states }),
        ...(jobs === undefined ? {} : { jobs }),
        allowsLoss: allowLoss === true,
      });
      if (json === true) print(JSON.stringify({ version: 1, base: forMachines(base), syncs }, null, 1));
      else {
        printReport(base, [], print, paint);
        for (const { what, calls, complaint, token } of syncs) {
          print(`  ${what} (${calls} ${calls === 1 ? 'call' : 'calls'})`);
          print(
            complaint === undefined
              ? '    not needed: no state that was tried fails without it'
              : `    needed: ${complaint} (${token})`,
          );
        }
      }
      process.exitCode =
        base.verdict === 'held' && syncs.some(({ complaint }) => complaint === undefined) ? 1 : exitCodes[base.verdict];
    });
}

function printReport(report: StatesReport, kept: readonly string[], print: (text: string) => void, paint: Paint): void {
  const [verdict = '', ...lines] = reportLines(report);
  print(report.verdict === 'held' ? paint.good(`✓ ${verdict}`) : paint.bad(`✕ ${verdict}`));
  for (const line of lines) print(line);
  for (const folder of kept) print(paint.dim(`  the files are in ${folder}`));
}

function keepStates(keep: string, { findings }: StatesReport): readonly string[] {
  return findings.map(({ folder }, index) => {
    const at = join(keep, String(index + 1));
    rmSync(at, { recursive: true, force: true });
    writeFolder(at, folder);
    return at;
  });
}

/** Without the bytes of files. */
function forMachines(report: StatesReport): unknown {
  const findings = report.findings.map(({ fates: _, folder, ...rest }) => ({ ...rest, files: [...folder.keys()] }));
  return { version: 1, ...report, findings };
}

function fileSystemsNamed(text: string): readonly PersonalityName[] {
  return text.split(',').map((name) => {
    const found = personalityNames.find((one) => one === name);
    if (found === undefined)
      throw new InvalidArgumentError(`'${name}' is no file system; there are ${personalityNames.join(', ')}`);
    return found;
  });
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
