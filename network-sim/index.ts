/**
 * The simulated network. For each message it says when the message arrives, how often, or why it is lost.
 *
 * It knows names of nodes, a digest of each message and virtual time. It does not know the content of messages, and it has no queue: the scheduler has one.
 *
 * @example
 * import { seeded } from '../core/choice.ts';
 * import { defaultLink, Network } from './index.ts';
 *
 * const network = new Network({ link: defaultLink, links: {} });
 * const message = { type: 'vote' };
 * console.log(network.route('A', 'B', message, 7, 0, seeded(1)).delays); // microseconds
 * network.cut({ id: 'split', groups: [['A'], ['B']], oneWay: false });
 * console.log(network.route('A', 'B', message, 7, 0, seeded(1)).lost);
 * // prints [ 10000 ]
 * // prints partition
 */
export { corrupted } from './corruption.ts';
export type { Fate, Interception } from './interception.ts';
export { type Distribution, defaultLink, type LinkRule, type NetworkPlan } from './link.ts';
export { Network, type Route } from './network.ts';
export { isCut, type Partition } from './partition.ts';
export { neighbours, type Topology } from './topology.ts';
