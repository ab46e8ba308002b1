/**
 * Reads log files of Lazurite, Malachite and CometBFT, whole or damaged, and says what each engine would do with the damage.
 *
 * The functions turn the bytes and the name of a file into entries and a verdict, as plain data. They do not write or repair files.
 *
 * @example
 * import { Log, SimulatedDisk } from 'lazurite/wal';
 * import { inspectLog } from './index.ts';
 *
 * const disk = new SimulatedDisk();
 * Log.init(disk, 1);
 * const [name = ''] = disk.list('wal').filter((file) => file.endsWith('.wal'));
 * const bytes = disk.read(`wal/${name}`);
 * console.log(name, inspectLog(name, bytes).verdict.status);
 * console.log(inspectLog(name, bytes.slice(0, -1)).verdict.status);
 * // prints 1.0.wal clean
 * // prints torn
 */
export { type GroupFile, inspectCometbftGroup, type JoinedGroup, joinGroup } from './cometbft-group.ts';
export { engineOf, inspectLog } from './inspect.ts';
export type { Engine, InspectedEntry, Inspection, InspectionVerdict, Status } from './inspected.ts';
export { compareGroupPolicies, comparePolicies, type PolicyName, type PolicyOutcome } from './policies.ts';
