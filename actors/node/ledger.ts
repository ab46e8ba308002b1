/**
 * The ledger: what a node has armed, asked and said at the present height. One pure reducer folds outputs into it, live and in
 * replay, so that after a replay the node knows what to send again, which timers to set and which questions are open.
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

/** The timer has elapsed or was cancelled. */
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
