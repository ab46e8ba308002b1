/** A lie: a role, and when and to which peers a node plays it. Everywhere else the node says what an honest one would. */
import type { WireData } from '../../core/effects.ts';
import { type RoleName, roles, type SignedKind } from './roles.ts';

/** What a node signs, and the certificates that it puts together. */
export type PublishedKind = SignedKind | 'certificate';

/** One height or round, the first and the last, or all from one on. */
export type Span = number | readonly [first: number, last: number] | { readonly from: number };

export interface Lie {
  readonly role: RoleName;
  /** Default: at all heights, in all rounds. */
  readonly heights?: Span;
  readonly rounds?: Span;
  /** Default: all that the role lies about. */
  readonly kinds?: readonly PublishedKind[];
  /** The peers that receive the lie; the others receive the truth. Default: as the role has it, all or one half. */
  readonly to?: readonly string[];
}

export function isWithin(span: Span | undefined, number: number): boolean {
  if (span === undefined) return true;
  if (typeof span === 'number') return number === span;
  return 'from' in span ? number >= span.from : number >= span[0] && number <= span[1];
}

/** Whether a message that a node of this name publishes is one that the lie is about. */
export function concerns({ role, heights, rounds, kinds }: Lie, data: WireData, name: string): boolean {
  const { height, round } = data as { readonly height?: unknown; readonly round?: unknown };
  if (!isWithin(heights, Number(height)) || !isWithin(rounds, Number(round))) return false;
  const wanted: readonly (readonly PublishedKind[])[] = [roles[role].kinds, kinds].filter((list) => list !== undefined);
  const kind = ownKind(data, name);
  return kind === undefined ? wanted.length === 0 : wanted.every((list) => list.includes(kind));
}

/** The kind of a vote or a proposal of its own, or of a certificate; undefined: something else, such as another's proposal. */
function ownKind(data: WireData, name: string): PublishedKind | undefined {
  const { type, voteType, validator, proposer } = data as WireData & Readonly<Record<string, unknown>>;
  if (type === 'proposal') return proposer === name ? 'proposal' : undefined;
  if (type.endsWith('Certificate')) return 'certificate';
  return type === 'vote' && validator === name ? (voteType as SignedKind) : undefined;
}
