/**
 * The part of `integrity` that judges an application's own store, by the bytes that a node writes. A state is written when its block is durable. It is
 * the fold of the node's decisions, and the one that the block was stored with. What the state ought to be follows from the decisions alone.
 */
import type { Observer, RunEvent } from '../../core/events.ts';
import { type HeightTable, heightEntry } from '../../core/height-table.ts';
import { chained, firstState } from './chain.ts';
import { type ApplicationRead, applicationIn } from './decode.ts';

/** Where a block was appended last. */
export interface BlockPlace {
  readonly height: number;
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** What is known of a node that writes to such a store. */
export interface StoreKnowledge {
  /** The highest height whose block is durable, as far as the disk was asked. */
  readonly durable: number;
  readonly newest: BlockPlace | undefined;
  /** Its disk was damaged, or lies: what that has lost is no fault of the node. */
  readonly isHurt: boolean;
  /** The fold of its decisions up to a height, so that the next one follows from it. */
  readonly executed: { readonly height: number; readonly state: number };
}

export const nothingExecuted: StoreKnowledge = {
  durable: 0,
  newest: undefined,
  isHurt: false,
  executed: { height: 0, state: firstState },
};

/** A block is appended. The first one of a life may come after less than was durable once. */
export function withBlock(known: StoreKnowledge, newest: BlockPlace, isFirst: boolean): StoreKnowledge {
  const durable = isFirst ? Math.min(known.durable, newest.height - 1) : known.durable;
  return { ...known, newest, durable };
}

export interface Judging {
  readonly values: HeightTable<string>;
  /** The digest in the block of that height, if it is known. */
  readonly inBlock: (height: number) => number | undefined;
  /** Its application computes another state than the others'. */
  readonly isOtherwise: boolean;
}

/** What the application writes, if this event is such a write. */
export function writtenState(event: RunEvent): ApplicationRead | undefined {
  if (event.type !== 'effect' || event.effect.type !== 'disk' || event.effect.operation.type !== 'append') return undefined;
  const { file, bytes } = event.effect.operation;
  return file.startsWith('app/') ? applicationIn(bytes) : undefined;
}

/** What is known after a write, and what is wrong with it in words (undefined: nothing). */
export function afterWrite(
  known: StoreKnowledge,
  { height, state }: ApplicationRead,
  { values, inBlock, isOtherwise }: Judging,
  node: string,
  observer: Observer,
): { readonly known: StoreKnowledge; readonly wrong: string | undefined } {
  const durable = durableHeight(known, height, node, observer);
  const executed = foldOf(known.executed, values, height);
  const next = { ...known, durable, executed: executed ?? known.executed };
  const complain = (wrong: string | undefined) => ({ known: next, wrong });
  if (height > durable && !known.isHurt && !observer.isFaulty(node))
    return complain(`wrote the state of its application after height ${height} before block ${height} was durable`);
  const digest = height === 0 ? firstState : stateOf(state, height);
  if (executed !== undefined && executed.state !== digest && !isOtherwise)
    return complain(`wrote a state of its application after height ${height} that is not the fold of its decisions`);
  const stored = inBlock(height);
  if (stored !== undefined && stored !== digest)
    return complain(
      `wrote another state of its application after height ${height} than the one that block ${height} was stored with`,
    );
  return complain(undefined);
}

function durableHeight({ durable, newest }: StoreKnowledge, height: number, node: string, observer: Observer): number {
  if (height <= durable || newest === undefined || height > newest.height) return durable;
  const { file, start, end } = newest;
  return observer.isDurable(node, file, start, end) ? newest.height : durable;
}

/** Undefined if a decision is not known. */
function foldOf(
  from: StoreKnowledge['executed'],
  values: HeightTable<string>,
  height: number,
): StoreKnowledge['executed'] | undefined {
  let { height: at, state } = from.height <= height ? from : nothingExecuted.executed;
  while (at < height) {
    at += 1;
    const value = heightEntry(values, at);
    if (value === undefined) return undefined;
    state = chained(state, { height: at, value });
  }
  return { height, state };
}

/** The digest in the state of a chain after this height; undefined: it is of another height, or no such state. */
function stateOf(state: ApplicationRead['state'], height: number): number | undefined {
  return state?.height === height ? state.digest : undefined;
}
