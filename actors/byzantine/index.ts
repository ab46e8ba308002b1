/**
 * Byzantine nodes: honest ones with a liar at their door. What goes out is changed, doubled, held back or dropped; the liar signs with
 * its own key only, so that signatures cannot be forged.
 *
 * In: a node's actors and its signer. Stays out: honest code, which has no branch for liars.
 */
export { withLiar } from './liar.ts';
export type { LiarSetup } from './lie-parts.ts';
export { concerns, isWithin, type Lie, type PublishedKind, type Span } from './lies.ts';
export { allRoleNames, type RoleName, roleNames, roles } from './roles.ts';
