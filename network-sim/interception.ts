/**
 * Single messages that meet another fate than their link's: lost, sent twice, or arriving at a time of their own.
 *
 * Models: one packet lost, one request retried by a transport, one that took another way. Not modelled: changed bytes (`corruption.ts`).
 */

/** What becomes of the message. Microseconds from its sending. */
export type Fate = { readonly type: 'lost' } | { readonly type: 'twice' } | { readonly type: 'at'; readonly delay: number };

export interface Interception {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Which messages count; a pure function of what is sent. */
  readonly matches: (data: object) => boolean;
  /** The how many-th of these, from now and from 1. */
  readonly nth: number;
  readonly fate: Fate;
}

/** The list with this message counted, and the fate that it met, if any. The list itself when nothing in it speaks of the message. */
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
