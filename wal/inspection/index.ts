/**
 * Looking into log files: ours, Malachite's and CometBFT's, whole or damaged, and what each engine would make of the damage.
 *
 * In: bytes and a file's name. Out: entries and a verdict, as plain data. Stays out: writing and repairing, and what our own payloads say.
 */
export { type GroupFile, inspectCometbftGroup, type JoinedGroup, joinGroup } from './cometbft-group.ts';
export { engineOf, inspectLog } from './inspect.ts';
export type { Engine, InspectedEntry, Inspection, InspectionVerdict, Status } from './inspected.ts';
export { compareGroupPolicies, comparePolicies, type PolicyName, type PolicyOutcome } from './policies.ts';
