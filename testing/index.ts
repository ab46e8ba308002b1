/**
 * Tools for the author of a test: a chai plugin, tests at every crash point, and `recoverFrom` for your own log.
 *
 * They work with mocha, vitest and node:test. docs/guide/your-own-log.md tests a whole log.
 *
 * @example
 * import { type AnyLog, everyCrashImage, type OpenLog, recoverFrom } from 'lazurite/testing';
 *
 * // A log that never syncs. Each entry is one byte.
 * const openMyLog: OpenLog = (storage) => {
 *   if (!storage.list('').includes('log')) storage.create('log');
 *   const log: AnyLog = {
 *     append: (entry) => storage.append('log', entry),
 *     flush: () => {},
 *     read: () => [...storage.read('log')].map((byte) => Uint8Array.of(byte)),
 *   };
 *   return log;
 * };
 * console.log(recoverFrom(openMyLog, everyCrashImage()).findings.length > 0);
 * // prints true
 */
export { lazuriteChai, type Restorable } from './chai.ts';
export { type EveryCrashPoint, itAtEveryCrashPoint } from './mocha.ts';
export {
  type AnyLog,
  type AsyncLog,
  type CrashImagePlan,
  everyCrashImage,
  type LogFinding,
  type OpenAsyncLog,
  type OpenLog,
  type RecoverResult,
  type RenamingStorage,
  recoverFrom,
} from './recover-from.ts';
export type { Complaint } from './subject.ts';
export {
  everyPowerLoss,
  itSurvivesEveryPowerLoss,
  PowerLossError,
  type PowerLossTest,
  type StatesReport,
} from './survives-power-loss.ts';
export type { It } from './test-runner.ts';
