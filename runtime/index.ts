/**
 * Real nodes: the same actors over real files and sockets, and how far the simulated disk is a real one.
 *
 * In: node definitions, scenarios, campaigns. Stays out: parsing flags and printing.
 */
export { type KnownDifference, knownDifferences } from './parity/known-differences.ts';
export { type ParityOptions, type ParityResult, parity } from './parity/parity.ts';
