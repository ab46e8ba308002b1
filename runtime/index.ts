/**
 * Real nodes: the same actors over real files and sockets, and how far the simulated disk is a real one.
 *
 * In: node definitions, scenarios, campaigns. Stays out: parsing flags and printing.
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
