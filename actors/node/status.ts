/**
 * Status messages, in which each node reports its newest stored height to its peers at intervals. This file has the intervals, and the time for which a node
 * remembers what it has forwarded.
 */
import type { Effect, WireData } from '../../core/effects.ts';

export interface StatusSetup {
  readonly peers: readonly string[];
  /** Milliseconds between two status messages. */
  readonly statusMs: number;
  /** Other intervals, each from a height on, in ascending order. */
  readonly statusLater?: readonly { readonly from: number; readonly ms: number }[];
  /** The node also sends a status whenever it has stored a height. */
  readonly statusOnDecision?: boolean;
  /** The node sends no status and serves no blocks. */
  readonly servesNobody?: boolean;
  /** True if not every node is a peer: the node then forwards new messages to its other peers. */
  readonly relays: boolean;
}

/** The data of a status message. The network actor makes it; all other messages are the protocol's. */
interface StatusData extends WireData {
  readonly type: 'status';
  /** The newest stored height. */
  readonly height: number;
}

/** The interval (ms) that is in use after this height. */
export function intervalAt({ statusMs, statusLater = [] }: StatusSetup, storedHeight: number): number {
  return statusLater.findLast(({ from }) => from <= storedHeight + 1)?.ms ?? statusMs;
}

export function setTimers(setup: StatusSetup, storedHeight: number): readonly Effect[] {
  const status: Effect = { type: 'timer.set', timer: 'status', delay: intervalAt(setup, storedHeight) };
  return [status, ...setRelayTimer(setup, storedHeight)];
}

/** A node remembers forwarded messages for at most this time (ms). If status messages are less frequent, it uses another timer. */
const mostRememberedMs = 400;

export function setRelayTimer(setup: StatusSetup, storedHeight: number): readonly Effect[] {
  if (!setup.relays || intervalAt(setup, storedHeight) <= mostRememberedMs) return [];
  return [{ type: 'timer.set', timer: 'relay', delay: mostRememberedMs }];
}

export function statuses({ peers, servesNobody = false }: StatusSetup, height: number): readonly Effect[] {
  const data: StatusData = { type: 'status', height };
  return servesNobody ? [] : [{ type: 'transmit', site: 'send', to: peers, data }];
}
