/**
 * Faults of single messages: one message is lost, arrives twice, or arrives at another time than its link says.
 *
 * Models: one lost packet, one request that a transport retries, one packet on another route. Not modelled: changed bytes (corruption.ts).
 */

/** What happens to the message. `delay` is in microseconds from its sending. */
export type Fate = { readonly type: 'lost' } | { readonly type: 'twice' } | { readonly type: 'at'; readonly delay: number };

export interface Interception {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Which messages are counted; a pure function of the data. */
  readonly matches: (data: object) => boolean;
  /** The 1-based index of the message among those, counted from now on. */
  readonly nth: number;
  readonly fate: Fate;
}

/** Counts a message. Returns the new list and the fate of the message, if it has one; the same list if no entry is about the message. */
export function intercepted(
  waiting: readonly Interception[],
  from: string,
  to: string,
  data: object,
): { readonly waiting: readonly Interception[]; readonly fate: Fate | undefined } {
  let fate: Fate | undefined;
  let isChanged = false;
  const left = waiting.flatMap((one): readonly Interception[] => {
    if (one.from !== from || one.to !== to || !one.matches(data)) return [one];
    isChanged = true;
    if (one.nth > 1) return [{ ...one, nth: one.nth - 1 }];
    fate ??= one.fate;
    return [];
  });
  return isChanged ? { waiting: left, fate } : { waiting, fate };
}
