/**
 * Real nodes: the same actors over real files and sockets. Also here: comparisons of the simulated disk with real files, and queues of campaigns.
 *
 * Parsing flags and printing is in apps/cli.
 */

export { CampaignQueue, type QueueState } from './campaign/campaign-queue.ts';
export { CampaignJournal, type JournalStart } from './campaign/journal.ts';
export { queueAddress } from './campaign/queue-address.ts';
export { openServer } from './campaign/queue-server.ts';
export { isOver, workOn } from './campaign/queue-worker.ts';
export type { QueuedCampaign } from './campaign/queued-data.ts';
export { Cluster, type ClusterOptions, type ClusterProgress, type ClusterResult } from './cluster/cluster.ts';
export { initNode } from './node/init-node.ts';
export { type Limits, type NodeConfig, readNodeConfig } from './node/node-config.ts';
export { runNode } from './node/run-node.ts';
export { type KnownDifference, knownDifferences } from './parity/known-differences.ts';
export { type ParityOptions, type ParityResult, parity } from './parity/parity.ts';
