/** Rules of an application as a scenario writes them, and what is wrong with one. */
import type { Span } from '../actors/byzantine/index.ts';
import type { ApplicationRule, Conduct, Request } from './application.ts';
import { type Duration, durationText, milliseconds } from './duration.ts';
import { onlyKnown } from './options.ts';

export interface ApplicationScope {
  readonly nodes?: readonly string[];
  readonly heights?: Span;
  readonly rounds?: Span;
  readonly lives?: Span;
  readonly by?: Duration;
  readonly of?: readonly Request[];
}

/** Throws `ScenarioError` for a field that is not known. */
export function applicationRule(does: Conduct, scope: ApplicationScope): ApplicationRule {
  const { by, ...where } = onlyKnown('application()', scope, ['nodes', 'heights', 'rounds', 'lives', 'by', 'of']);
  const given = Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined)) as Omit<
    ApplicationScope,
    'by'
  >;
  return { does, ...given, ...(by === undefined ? {} : { byMs: milliseconds(by) }) };
}

export function writtenApplication({ byMs, ...rule }: ApplicationRule): ApplicationScope & { readonly does: Conduct } {
  return { ...rule, ...(byMs === undefined ? {} : { by: durationText(byMs) }) };
}

export function wrongApplication({
  does,
  byMs,
  of,
}: ApplicationRule): { readonly field: string; readonly message: string } | undefined {
  if (does === 'slow' && byMs === undefined) return { field: 'by', message: "'slow' says by how much: `by: 200ms`" };
  if (does === 'slow') return byMs === 0 ? { field: 'by', message: "'by' is 0: nothing would be slower" } : undefined;
  const field = byMs === undefined ? 'of' : 'by';
  return byMs === undefined && of === undefined ? undefined : { field, message: `only 'slow' has '${field}'` };
}
