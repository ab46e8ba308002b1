/**
 * Real nodes: the same actors over real files and sockets. Also here: comparisons of the simulated disk with real files, and queues of campaigns.
 *
 * Parsing flags and printing is in apps/cli.
 *
 * @example
 * import { existsSync, mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { initNode, readNodeConfig } from './index.ts';
 *
 * const folder = mkdtempSync(join(tmpdir(), 'lazurite-example-'));
 * const file = join(folder, 'node.json');
 * initNode(file); // a chain of one validator: its file, its key, and an empty log
 * console.log(readNodeConfig(file).name, existsSync(join(folder, 'data/node.key')));
 * rmSync(folder, { recursive: true });
 * // prints A true
 */

export { CampaignQueue, type QueueState } from './campaign/campaign-queue.ts';
export { CampaignJournal, type JournalStart } from './campaign/journal.ts';
export { queueAddress } from './campaign/queue-address.ts';
export { openServer } from './campaign/queue-server.ts';
export { isOver, workOn } from './campaign/queue-worker.ts';
export type { QueuedCampaign } from './campaign/queued-data.ts';
export { Cluster } from './cluster/cluster.ts';
export type { ClusterOptions, ClusterProgress, ClusterResult } from './cluster/cluster-options.ts';
export type { EventListener } from './cluster/judge.ts';
export { type ClusterRun, isClusterFolder, type KeptCluster, openCluster } from './cluster/open-record.ts';
export { initNode } from './node/init-node.ts';
export { type Limits, type NodeConfig, readNodeConfig } from './node/node-config.ts';
export { runNode } from './node/run-node.ts';
export { type KnownDifference, knownDifferences } from './parity/known-differences.ts';
export { type ParityOptions, type ParityResult, parity } from './parity/parity.ts';
