/** A lie: a role, and the heights, rounds, messages and peers to which it applies. For all others the node acts like an honest one. */
import type { WireData } from '../../core/effects.ts';
import { type RoleName, roles, type SignedKind } from './roles.ts';

/** The kinds of messages that a node publishes: signed ones, and the certificates that it assembles. */
export type PublishedKind = SignedKind | 'certificate';

/** Heights or rounds: a single one, the first and the last, or all from one on. */
export type Span = number | readonly [first: number, last: number] | { readonly from: number };

export interface Lie {
  readonly role: RoleName;
  /** The heights and rounds at which the node lies (default: all). */
  readonly heights?: Span;
  readonly rounds?: Span;
  /** The messages about which the node lies (default: all that the role replaces). */
  readonly kinds?: readonly PublishedKind[];
  /** The peers that receive the lie; the others receive the truth (default: all, or one half, as the role defines). */
  readonly to?: readonly string[];
}

export function isWithin(span: Span | undefined, number: number): boolean {
  if (span === undefined) return true;
  if (typeof span === 'number') return number === span;
  return 'from' in span ? number >= span.from : number >= span[0] && number <= span[1];
}

/** Whether the lie applies to this message, which the node `name` publishes. */
export function concerns({ role, heights, rounds, kinds }: Lie, data: WireData, name: string): boolean {
  const { height, round } = data as { readonly height?: unknown; readonly round?: unknown };
  if (!isWithin(heights, Number(height)) || !isWithin(rounds, Number(round))) return false;
  const wanted: readonly (readonly PublishedKind[])[] = [roles[role].kinds, kinds].filter((list) => list !== undefined);
  const kind = ownKind(data, name);
  return kind === undefined ? wanted.length === 0 : wanted.every((list) => list.includes(kind));
}

/** The kind of an own vote or proposal, or of a certificate. Undefined for other messages, such as a proposal of another node. */
function ownKind(data: WireData, name: string): PublishedKind | undefined {
  const { type, voteType, validator, proposer } = data as WireData & Readonly<Record<string, unknown>>;
  if (type === 'proposal') return proposer === name ? 'proposal' : undefined;
  if (type.endsWith('Certificate')) return 'certificate';
  return type === 'vote' && validator === name ? (voteType as SignedKind) : undefined;
}
