/**
 * Reads the logs of an incident together: which node signed two things, which frame is torn or missing, and which node may start again.
 *
 * The input is the content of the nodes' folders as bytes. Reading folders and printing are in apps/cli. No file is ever changed.
 *
 * @example
 * import { Log, SimulatedDisk } from 'lazurite/wal';
 * import { explain } from './index.ts';
 *
 * const disk = new SimulatedDisk();
 * Log.init(disk, 1);
 * const files = new Map([...disk.names()].map((file) => [file, disk.read(file)]));
 * const { nodes, conflicts } = explain([{ folder: 'node-a', name: 'A', files }]);
 * console.log(nodes[0]?.start.verdict, conflicts.length);
 * // prints sign 0
 */
export type { Evidence, LogFinding, NodeFiles } from './evidence.ts';
export { type ExplainedNode, type Explanation, explain } from './explain.ts';
export { type ExplainedRestart, explainRestarts, recordedLog } from './recorded-restarts.ts';
export { type SafeStart, wordsOf } from './safe-start.ts';
export type { Conflict, Statement } from './statements.ts';
