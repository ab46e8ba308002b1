/**
 * Reads log files of Lazurite, Malachite and CometBFT, whole or damaged, and says what each engine would do with the damage.
 *
 * The functions turn the bytes and the name of a file into entries and a verdict, as plain data. They do not write or repair files.
 */
export { type GroupFile, inspectCometbftGroup, type JoinedGroup, joinGroup } from './cometbft-group.ts';
export { engineOf, inspectLog } from './inspect.ts';
export type { Engine, InspectedEntry, Inspection, InspectionVerdict, Status } from './inspected.ts';
export { compareGroupPolicies, comparePolicies, type PolicyName, type PolicyOutcome } from './policies.ts';
