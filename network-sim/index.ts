/**
 * The simulated network: what becomes of a message between leaving one node and reaching another.
 *
 * In: names of nodes, a digest of the message, virtual time. Out: when it arrives, how often, or why not. Knows nothing of what
 * the messages say, and holds no queue: the scheduler does.
 */
export { corrupted } from './corruption.ts';
export type { Fate, Interception } from './interception.ts';
export { type Distribution, defaultLink, type LinkRule, type NetworkPlan } from './link.ts';
export { Network, type Route } from './network.ts';
export { isCut, type Partition } from './partition.ts';
export { neighbours, type Topology } from './topology.ts';
