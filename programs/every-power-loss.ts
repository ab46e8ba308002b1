/** Every loss of power of one function of this process: recorded once, then judged in every state of the disk that a loss of power may leave. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type PersonalityName, personalityNames } from '../wal/storage/personalities.ts';
import { type Expectation, ExpectationJudge } from './crash-states/expectation-judge.ts';
import { judgeRecord, type StatesReport } from './crash-states/judge.ts';
import { memoryFolder, Recoveries } from './crash-states/recoveries.ts';
import { type Acknowledge, recordRun } from './recording/record-run.ts';

export interface PowerLossTest<Found, Value> {
  /** Works in the folder, and says by `acknowledge` what must survive from then on. */
  readonly run: (folder: string, acknowledge: Acknowledge<Value>) => unknown;
  /** Opens what is left in a folder, as after a restart. A throw is a failure. */
  readonly recover: (folder: string) => Found | Promise<Found>;
  /** Throws, or returns false, where what was found does not keep all that was acknowledged, oldest first. */
  readonly expect: (found: Found, acknowledged: readonly Value[]) => unknown;
  /** Files that are there and durable before the run. */
  readonly prepare?: (folder: string) => unknown;
  /** File systems to judge by (default: all). */
  readonly fileSystems?: readonly PersonalityName[];
  /** What was acknowledged may be lost, as in a cache; what is found must be right all the same. */
  readonly allowsLoss?: boolean;
  /** States to list on each file system, at most (default 20,000). */
  readonly states?: number;
  /** Lost or torn operations before the newest survivor, in runs too long for every combination (default 2). */
  readonly deviations?: number;
  /** `false`: one recovery for each distinct folder, also if they differ only in bytes that no recovery reads. */
  readonly merges?: boolean;
  /** Longest time of one recovery, ms (default 5,000). */
  readonly recoverMs?: number;
  /** Judges only the state that this token names. */
  readonly only?: string;
}

/** Records one run of a program and judges every state of the disk that a power loss may leave of it. */
export async function everyPowerLoss<Found, Value>(test: PowerLossTest<Found, Value>): Promise<StatesReport> {
  const folder = mkdtempSync(join(memoryFolder(), 'lazurite-run-'));
  const recoveries = new Recoveries(test.recover, { merges: test.merges ?? true, timeoutMs: test.recoverMs ?? 5000 });
  try {
    await test.prepare?.(folder);
    const record = await recordRun<Value>(folder, test.run);
    return await judgeRecord(record, {
      judge: new ExpectationJudge(recoveries, test.expect as Expectation),
      fileSystems: test.fileSystems ?? personalityNames,
      states: test.states ?? 20_000,
      deviations: test.deviations ?? 2,
      allowsLoss: test.allowsLoss ?? false,
      ...(test.only === undefined ? {} : { only: test.only }),
    });
  } finally {
    recoveries.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
