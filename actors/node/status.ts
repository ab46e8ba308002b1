/**
 * Statuses: each node tells its peers how far it is, again and again. Here are the times at which it does so, and the time for which it remembers what
 * it has passed on.
 */
import type { Effect, WireData } from '../../core/effects.ts';

export interface StatusSetup {
  readonly peers: readonly string[];
  /** Milliseconds between two statuses. */
  readonly statusMs: number;
  /** Another interval from a height on, in the order of the heights. */
  readonly statusLater?: readonly { readonly from: number; readonly ms: number }[];
  /** A status also whenever a height is stored. */
  readonly statusOnDecision?: boolean;
  /** It sends no status and serves no blocks. */
  readonly servesNobody?: boolean;
  /** Peers are neighbours only: what is new is passed on to the others. */
  readonly relays: boolean;
}

/** Wire data of the door itself; all else is the protocol's. */
interface StatusData extends WireData {
  readonly type: 'status';
  /** The newest stored height. */
  readonly height: number;
}

/** The interval that holds after this height, ms. */
export function intervalAt({ statusMs, statusLater = [] }: StatusSetup, storedHeight: number): number {
  return statusLater.findLast(({ from }) => from <= storedHeight + 1)?.ms ?? statusMs;
}

export function setTimers(setup: StatusSetup, storedHeight: number): readonly Effect[] {
  const status: Effect = { type: 'timer.set', timer: 'status', delay: intervalAt(setup, storedHeight) };
  return [status, ...setRelayTimer(setup, storedHeight)];
}

/** A node that passes messages on remembers them no longer than this, ms: where statuses are rare, a timer of its own says so. */
const mostRememberedMs = 400;

export function setRelayTimer(setup: StatusSetup, storedHeight: number): readonly Effect[] {
  if (!setup.relays || intervalAt(setup, storedHeight) <= mostRememberedMs) return [];
  return [{ type: 'timer.set', timer: 'relay', delay: mostRememberedMs }];
}

export function statuses({ peers, servesNobody = false }: StatusSetup, height: number): readonly Effect[] {
  const data: StatusData = { type: 'status', height };
  return servesNobody ? [] : [{ type: 'transmit', site: 'send', to: peers, data }];
}
