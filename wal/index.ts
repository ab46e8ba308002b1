/**
 * The write-ahead log: its frames and segments, what boot and recovery do (as plans that are plain data), and a log over any storage. It also runs in a browser.
 *
 * The log does not look into the payloads of frames. Storage on real files is in `lazurite/wal/files`.
 *
 * @example
 * import { Log, SimulatedDisk } from 'lazurite/wal';
 *
 * const options = { attest: 'next', salt: 1, keepBlocks: 1, heightOf: () => 1, blockAfter: () => new Uint8Array() } as const;
 * const disk = new SimulatedDisk();
 * Log.init(disk, 1);
 * const log = Log.open(disk, options);
 * log.append('input', Uint8Array.of(1));
 * log.flush();
 * log.append('input', Uint8Array.of(2)); // appended and not flushed
 * disk.powerLoss('none'); // nothing survives that was not flushed
 * const found = Log.open(disk, { ...options, salt: 2 });
 * console.log([...found.entries()].map(({ payload }) => payload[0]));
 * // prints [ 1 ]
 */
export { type InvariantCode, InvariantError } from '../core/assert.ts';
export { type Abstention, abstainUntil } from './abstention.ts';
export {
  type ApplicationFile,
  applicationBirth,
  applicationFiles,
  commitApplication,
  type FoundApplication,
  readApplication,
} from './application-file.ts';
export { type Attestation, attestFile, attestSlot } from './attest.ts';
export { LogFailedError, RecoveryError } from './errors.ts';
export { fileNamed } from './folder.ts';
export { type FrameKind, frameKinds } from './format.ts';
export { type ByteSource, type FrameRef, sourceOf } from './frames.ts';
export { initPlan } from './init.ts';
export * from './inspection/index.ts';
export { framesAfter, type JudgedFile, judgeFile } from './judge.ts';
export { contentsOf, Log } from './log.ts';
export { missingBlocks, withApplicationFile } from './plan-application.ts';
export { type BootOptions, type BootPlan, planBoot, type ReplayFrame } from './plan-recovery.ts';
export { type FollowPlan, planRejoin, planStart, type StartOptions, type StartPlan } from './plan-start.ts';
export {
  type FileConditions,
  type FileRow,
  type Finding,
  type FolderConditions,
  type FolderRow,
  fileTable,
  folderTable,
  rowOf,
} from './recovery-table.ts';
export {
  comparePlaces,
  nothingSigned,
  readSigner,
  replaceSigner,
  type Signed,
  type SignedPlace,
  type SignerState,
  signerBirth,
  signerFiles,
} from './signer-file.ts';
export * from './storage/index.ts';
/** The name until 1.0. */
export { applyOperation as carryOut } from './storage/index.ts';
export { appendFrame, type BootStep, birthPlan, expandStep, type LogWriter, markSynced, prunePlan } from './writer.ts';
