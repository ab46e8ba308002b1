/** The lies of a node in a scenario. A role without a scope applies always; with a scope it applies only there. */
import { allRoleNames, type Lie, type RoleName, roles, type Span } from '../actors/byzantine/index.ts';
import { onlyKnown } from './options.ts';

/** A role that applies always, or a list of lies with scopes. */
export type Lies = RoleName | readonly Lie[];

/** When and to which peers a node lies. */
export type LieScope = Omit<Lie, 'role'>;

export function liesOf(lies: Lies): readonly Lie[] {
  return typeof lies === 'string' ? [{ role: lies }] : lies;
}

/** One more lie of a node. Throws `ScenarioError` for a scope of unknown fields. */
export function withLie(before: Lies | undefined, role: RoleName, scope: LieScope): Lies {
  const known = onlyKnown('byzantine()', scope, ['heights', 'rounds', 'kinds', 'to']);
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as LieScope;
  if (before === undefined && Object.keys(given).length === 0) return role;
  return [...(before === undefined ? [] : liesOf(before)), { role, ...given }];
}

/** Mistakes in a lie whose shape is right, in words, each with its field. */
export function wrongLie({
  role,
  heights,
  rounds,
  kinds,
  to,
}: Lie): { readonly field: string; readonly message: string } | undefined {
  if (!allRoleNames.includes(role)) return undefined;
  for (const [field, span] of [
    ['heights', heights],
    ['rounds', rounds],
  ] as const)
    if (isEmpty(span)) return { field, message: `the ${field} of a lie end before they begin` };
  if (role === 'amnesia' && (kinds !== undefined || to !== undefined))
    return {
      field: kinds === undefined ? 'to' : 'kinds',
      message: "'amnesia' is about what a node remembers, not about messages: it has heights and rounds only",
    };
  const { kinds: own } = roles[role];
  if (own !== undefined && kinds !== undefined && !kinds.some((kind) => (own as readonly string[]).includes(kind)))
    return { field: 'kinds', message: `'${role}' lies about ${own.join(', ')} only` };
  return to?.length === 0 ? { field: 'to', message: 'no node would receive this lie' } : undefined;
}

function isEmpty(span: Span | undefined): boolean {
  return Array.isArray(span) && (span[0] as number) > (span[1] as number);
}
