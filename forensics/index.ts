/**
 * The logs of an incident, read together: which node signed two things, which frame is torn or missing, and which node may start.
 *
 * In: the files of nodes' folders, as bytes. Stays out: reading folders, printing, and any change to a file.
 */
export type { Evidence, LogFinding, NodeFiles } from './evidence.ts';
export { type ExplainedNode, type Explanation, explain } from './explain.ts';
export { type ExplainedRestart, explainRestarts, recordedLog } from './recorded-restarts.ts';
export { type SafeStart, wordsOf } from './safe-start.ts';
export type { Conflict, Statement } from './statements.ts';
