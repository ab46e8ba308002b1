/** Records a drive and judges every state of the disk by two questions: is what was acknowledged kept, and is what is left whole. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Expectation, ExpectationJudge } from '../../programs/crash-states/expectation-judge.ts';
import { judgeRecord, type StatesReport } from '../../programs/crash-states/judge.ts';
import { memoryFolder, Recoveries } from '../../programs/crash-states/recoveries.ts';
import { type PersonalityName, personalityNames } from '../../programs/index.ts';
import type { ProgramRecord } from '../../programs/recording/calls.ts';
import { recordCommand } from '../../programs/recording/record-command.ts';
import { recordRun } from '../../programs/recording/record-run.ts';
import { withoutFiles } from '../../programs/recording/without-files.ts';
import type { Subject } from './catalogue.ts';
import { findByDrive, isKept, isWhole, loadDrive, prepareDrive, workDrive } from './drive.ts';
import { workerCommand } from './worker-command.ts';

export type Question = 'kept' | 'whole';

export type DriveReport = Readonly<Record<Question, StatesReport>>;

/** `only`: judges the state that this token names. */
export async function judgeDrive(subject: Subject, scratch: string, only?: string): Promise<DriveReport> {
  const { drive, variant, recovery = { states: 4000, timeoutMs: 5000 }, isCache = false } = subject;
  const expectations: Readonly<Record<Question, Expectation>> = {
    kept: isKept,
    whole: (found) => (isCache && (found === undefined || found === null) ? undefined : isWhole(found)),
  };
  const open = await loadDrive(scratch, drive);
  const folder = mkdtempSync(join(memoryFolder(), 'lazurite-drive-'));
  const recoveries = new Recoveries((state) => findByDrive(open, state, variant), {
    merges: subject.by === 'node',
    timeoutMs: recovery.timeoutMs,
  });
  try {
    await prepareDrive(open, folder, variant);
    const record = withoutFiles(await recordOf(subject, scratch, folder), subject.without ?? []);
    const judged = (question: Question, fileSystems: readonly PersonalityName[]): Promise<StatesReport> =>
      judgeRecord(record, {
        judge: new ExpectationJudge(recoveries, expectations[question]),
        fileSystems,
        states: recovery.states,
        deviations: 2,
        allowsLoss: question === 'whole',
        ...(only === undefined ? {} : { only }),
      });
    return { kept: await judged('kept', personalityNames), whole: await judged('whole', personalityNames) };
  } finally {
    recoveries.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** At Node's own door where the package is JavaScript, with places in the source; by strace where it is native. */
async function recordOf(subject: Subject, scratch: string, folder: string): Promise<ProgramRecord> {
  const { drive, variant, by } = subject;
  if (by === 'node') {
    const open = await loadDrive(scratch, drive);
    return recordRun<number>(folder, (at, acknowledge) => workDrive(open, at, variant, acknowledge));
  }
  const { record, exit } = await recordCommand({
    command: workerCommand('work', subject, scratch, folder),
    folder,
    workingFolder: process.cwd(),
    by,
    onOutput: () => undefined,
  });
  if (exit !== 0) throw new Error(`the drive ended with exit code ${exit}`);
  return record;
}
