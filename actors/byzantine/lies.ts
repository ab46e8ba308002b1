/** A lie: a role, which says how the node lies, and the heights, rounds, messages and peers to which it applies. For all others the node acts honestly. */
import type { WireData } from '../../core/effects.ts';
import { type RoleName, roles, type SignedKind } from './roles.ts';

/** The kinds of messages that a node publishes: votes and proposals that it signs, and certificates. */
export type PublishedKind = SignedKind | 'certificate';

/** Heights or rounds: a single number, a range with both ends, or all from a number on. */
export type Span = number | readonly [first: number, last: number] | { readonly from: number };

export interface Lie {
  readonly role: RoleName;
  /** The heights and rounds at which the node lies (default: all). */
  readonly heights?: Span;
  readonly rounds?: Span;
  /** The kinds of messages about which the node lies (default: all that the role can falsify). */
  readonly kinds?: readonly PublishedKind[];
  /** The peers that receive the lie; the others receive the truth (default: all, or one half, as the role defines). */
  readonly to?: readonly string[];
}

export function isWithin(span: Span | undefined, value: number): boolean {
  if (span === undefined) return true;
  if (typeof span === 'number') return value === span;
  return 'from' in span ? value >= span.from : value >= span[0] && value <= span[1];
}

/** Whether the lie applies to this message, which the node `name` publishes. The receivers do not matter here. */
export function appliesTo({ role, heights, rounds, kinds }: Lie, data: WireData, name: string): boolean {
  const { height, round } = data as { readonly height?: unknown; readonly round?: unknown };
  if (!isWithin(heights, Number(height)) || !isWithin(rounds, Number(round))) return false;
  const wanted: readonly (readonly PublishedKind[])[] = [roles[role].kinds, kinds].filter((list) => list !== undefined);
  const kind = ownKind(data, name);
  return kind === undefined ? wanted.length === 0 : wanted.every((list) => list.includes(kind));
}

/** `certificate` for each certificate, and the kind of an own vote or proposal. Undefined for other messages, such as a proposal of another node. */
function ownKind(data: WireData, name: string): PublishedKind | undefined {
  const { type, voteType, validator, proposer } = data as WireData & Readonly<Record<string, unknown>>;
  if (type === 'proposal') return proposer === name ? 'proposal' : undefined;
  if (type.endsWith('Certificate')) return 'certificate';
  return type === 'vote' && validator === name ? (voteType as SignedKind) : undefined;
}
