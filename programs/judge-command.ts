/** Every loss of power of a recorded program, judged by a command. */
import { type PersonalityName, personalityNames } from '../wal/storage/personalities.ts';
import { CommandJudge } from './crash-states/command-judge.ts';
import { judgeRecord, type StatesReport } from './crash-states/judge.ts';
import type { RecordedCall } from './recording/calls.ts';
import type { CommandRecord } from './recording/record-file.ts';
import { withoutFiles } from './recording/without-files.ts';

export interface CommandJudgement {
  /** Run by `sh -c` for each state. It reads the acknowledged lines from standard input, and ends with 0 if all of them are kept. */
  readonly recover: string;
  /** The command is started once for each job, and judges one state for each line that it reads (crash-states/warm-checks.ts). */
  readonly isWarm?: boolean;
  readonly fileSystems?: readonly PersonalityName[];
  /** Lines of output that acknowledge something (default: every line). */
  readonly acknowledges?: RegExp;
  /** Names of files that nothing reads after a restart, with `*`. */
  readonly without?: readonly string[];
  readonly allowsLoss?: boolean;
  /** States on each file system, at most (default 2,000). */
  readonly states?: number;
  /** Commands at once (default 2). */
  readonly jobs?: number;
  /** Longest time of one command, ms (default 10,000). */
  readonly recoverMs?: number;
  /** Judges only the state that this token names. */
  readonly only?: string;
}

export async function judgeCommand(record: CommandRecord, options: CommandJudgement): Promise<StatesReport> {
  const { recover, jobs = 2, recoverMs = 10_000, acknowledges, only, isWarm = false } = options;
  const judge = new CommandJudge(record, { recover, jobs, timeoutMs: recoverMs, isWarm });
  try {
    const seen = withoutFiles(record, options.without ?? []);
    const isWanted = ({ call }: RecordedCall): boolean =>
      call.op !== 'acknowledge' || acknowledges === undefined || acknowledges.test(String(call.value));
    return await judgeRecord(
      { ...seen, calls: seen.calls.filter(isWanted) },
      {
        judge,
        fileSystems: options.fileSystems ?? personalityNames,
        states: options.states ?? 2000,
        deviations: 2,
        allowsLoss: options.allowsLoss ?? false,
        ...(only === undefined ? {} : { only }),
      },
    );
  } finally {
    judge.end();
  }
}
