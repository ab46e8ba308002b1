/**
 * Byzantine nodes. Each is an honest node whose outgoing messages are changed, doubled, delayed or dropped. A liar signs with its own key only, so it cannot
 * forge the signatures of others.
 *
 * A liar wraps a node's actors and its signer. Honest code has no branch for liars.
 *
 * @example
 * import { runScenario, scenario } from 'lazurite';
 * import { roles } from './index.ts';
 *
 * console.log(roles['two-votes'].says);
 * const story = scenario('a liar', { A: 1, B: 1, C: 1, D: 1 }).byzantine('D', 'two-votes').until({ height: 3 });
 * console.log(runScenario(story.data).verdict);
 * // prints votes for a value before one half of its peers and nil before the other half
 * // prints held
 */
export { withLiar } from './liar.ts';
export type { LiarSetup } from './lie-parts.ts';
export { appliesTo, isWithin, type Lie, type PublishedKind, type Span } from './lies.ts';
export { allRoleNames, type RoleName, roles, rolesOfExtensions } from './roles.ts';
