/**
 * What the author of a test imports: the chai plugin, tests at every crash point, and `recoverFrom` for logs of your own.
 *
 * @example
 * import { expect, use } from 'chai';
 * import { everyCrashImage, lazuriteChai } from 'lazurite/testing';
 * use(lazuriteChai);
 * expect(openMyLog).to.recoverFrom(everyCrashImage());
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
