/**
 * Any program: what it does to its files is recorded, and every state of the disk that a loss of power may leave is recovered and judged.
 *
 * In: the storage model. Stays out: consensus, and what is printed.
 */
export { type PersonalityName, personalityNames } from '../wal/storage/personalities.ts';
export { type Finding, parseStateToken } from './crash-states/findings.ts';
export type { FileSystemResult, StatesReport } from './crash-states/judge.ts';
export { reportLines } from './crash-states/report-words.ts';
export { everyPowerLoss, type PowerLossTest } from './every-power-loss.ts';
export { type CommandJudgement, judgeCommand } from './judge-command.ts';
export { syncNeeds } from './necessity.ts';
export type { Entry, Folder } from './recording/calls.ts';
export { writeFolder } from './recording/read-folder.ts';
export { type RecordedBy, type RecordedCommand, RecordingError, recordCommand } from './recording/record-command.ts';
export { type CommandRecord, RecordFileError, readRecord, writeRecord } from './recording/record-file.ts';
export type { Acknowledge } from './recording/record-run.ts';
