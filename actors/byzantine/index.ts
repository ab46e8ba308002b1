/**
 * Byzantine nodes. Each is an honest node whose outgoing messages are changed, doubled, delayed or dropped. A liar signs with its own key only,
 * so it cannot forge the signatures of others.
 *
 * A liar wraps a node's actors and its signer. Honest code has no branch for liars.
 */
export { withLiar } from './liar.ts';
export type { LiarSetup } from './lie-parts.ts';
export { concerns, isWithin, type Lie, type PublishedKind, type Span } from './lies.ts';
export { allRoleNames, type RoleName, roleNames, roles } from './roles.ts';
