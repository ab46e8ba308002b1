/**
 * What the author of a test imports: the chai plugin, tests at every crash point, and `recoverFrom` for logs of one's own.
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
  type CrashImagePlan,
  everyCrashImage,
  type LogFinding,
  type OpenLog,
  type RecoverResult,
  type RenamingStorage,
  recoverFrom,
} from './recover-from.ts';
export { itSurvivesEveryPowerLoss, PowerLossError } from './survives-power-loss.ts';
