/**
 * Tests of any program that keeps state in files. One run of the program is recorded. Then the program is restarted on every state of the disk that a loss of power
 * can leave, and the result is judged.
 *
 * It uses the model of storage and knows nothing of consensus. Printing is in apps/cli.
 *
 * @example
 * import { existsSync, readFileSync, writeFileSync } from 'node:fs';
 * import { join } from 'node:path';
 * import { everyPowerLoss } from './index.ts';
 *
 * // A program that writes a file, never syncs it, and calls it saved.
 * const { verdict } = await everyPowerLoss({
 *   run: (folder, acknowledge: (saved: string) => void) => {
 *     writeFileSync(join(folder, 'state'), 'hello');
 *     acknowledge('hello');
 *   },
 *   recover: (folder) => (existsSync(join(folder, 'state')) ? readFileSync(join(folder, 'state'), 'utf8') : ''),
 *   expect: (found, saved) => saved.length === 0 || found === saved.at(-1),
 * });
 * console.log(verdict);
 * // prints violated
 */
export { type PersonalityName, personalityNames } from '../wal/storage/personalities.ts';
export { type Finding, parseStateToken } from './crash-states/findings.ts';
export type { FileSystemResult, StatesReport } from './crash-states/judge.ts';
export { reportLines } from './crash-states/report-words.ts';
export { everyPowerLoss, type PowerLossTest } from './every-power-loss.ts';
export { type CommandJudgement, judgeCommand } from './judge-command.ts';
export { syncNeeds } from './necessity.ts';
export type { Entry, Folder } from './recording/calls.ts';
export type { HttpRun } from './recording/http-run.ts';
export { writeFolder } from './recording/read-folder.ts';
export { type RecordedBy, type RecordedCommand, recordCommand } from './recording/record-command.ts';
export { type CommandRecord, RecordFileError, readRecord, writeRecord } from './recording/record-file.ts';
export type { Acknowledge } from './recording/record-run.ts';
export { RecordingError } from './recording/recording-error.ts';
