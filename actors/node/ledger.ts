/**
 * The ledger: the timers that a node has armed, its open requests to the host, and the messages that it has sent, all of the present height. Every output of
 * the protocol updates it, also during replay, and so does every input that answers a request or belongs to a timer that elapsed. So after a replay the node
 * knows what to send again, which timers to set and which requests to repeat. The caller begins each height with an empty ledger.
 */
import type { WireData } from '../../core/effects.ts';

export interface Ledger {
  /** Armed timers with their delay in ms, in the order of setting. */
  readonly timers: readonly { readonly timer: string; readonly delay: number }[];
  /** Requests to the host that no input has answered. */
  readonly requests: readonly { readonly key: string; readonly request: unknown }[];
  /** Own messages and published certificates of this height, oldest first. */
  readonly messages: readonly WireData[];
}

export const emptyLedger: Ledger = { timers: [], requests: [], messages: [] };

export function withTimer({ timers, requests, messages }: Ledger, timer: string, delay: number): Ledger {
  return { timers: [...timers.filter((entry) => entry.timer !== timer), { timer, delay }], requests, messages };
}

/** Removes a timer that has elapsed or was cancelled. */
export function withoutTimer(ledger: Ledger, timer: string): Ledger {
  const { timers, requests, messages } = ledger;
  if (!timers.some((entry) => entry.timer === timer)) return ledger;
  return { timers: timers.filter((entry) => entry.timer !== timer), requests, messages };
}

export function withRequest({ timers, requests, messages }: Ledger, key: string, request: unknown): Ledger {
  return { timers, requests: [...requests.filter((entry) => entry.key !== key), { key, request }], messages };
}

export function withoutRequest(ledger: Ledger, key: string): Ledger {
  const { timers, requests, messages } = ledger;
  if (!requests.some((entry) => entry.key === key)) return ledger;
  return { timers, requests: requests.filter((entry) => entry.key !== key), messages };
}

export function withMessage({ timers, requests, messages }: Ledger, data: WireData): Ledger {
  return { timers, requests, messages: [...messages, data] };
}
