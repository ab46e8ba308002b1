/**
 * The ledger: the timers that a node has armed, its open requests to the host, and the messages that it has sent, all of the present height. Each output is
 * applied to it, also during replay. So after a replay the node knows what to send again, which timers to set and which requests to repeat.
 */
import type { WireData } from '../../core/effects.ts';

export interface Ledger {
  /** Armed timers with their delay in ms, in the order of setting. */
  readonly timers: readonly { readonly timer: string; readonly delay: number }[];
  /** Requests to the host that no input has answered. */
  readonly requests: readonly { readonly key: string; readonly request: unknown }[];
  /** Own messages and published certificates of this height, oldest first. */
  readonly said: readonly WireData[];
}

export const emptyLedger: Ledger = { timers: [], requests: [], said: [] };

export function armed({ timers, requests, said }: Ledger, timer: string, delay: number): Ledger {
  return { timers: [...timers.filter((entry) => entry.timer !== timer), { timer, delay }], requests, said };
}

/** Removes a timer that has elapsed or was cancelled. */
export function disarmed(ledger: Ledger, timer: string): Ledger {
  const { timers, requests, said } = ledger;
  if (!timers.some((entry) => entry.timer === timer)) return ledger;
  return { timers: timers.filter((entry) => entry.timer !== timer), requests, said };
}

export function asked({ timers, requests, said }: Ledger, key: string, request: unknown): Ledger {
  return { timers, requests: [...requests.filter((entry) => entry.key !== key), { key, request }], said };
}

export function answered(ledger: Ledger, key: string): Ledger {
  const { timers, requests, said } = ledger;
  if (!requests.some((entry) => entry.key === key)) return ledger;
  return { timers, requests: requests.filter((entry) => entry.key !== key), said };
}

export function said({ timers, requests, said: before }: Ledger, data: WireData): Ledger {
  return { timers, requests, said: [...before, data] };
}
