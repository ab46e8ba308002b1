/**
 * The rule of a link: how messages from one node to another are delayed, lost, doubled and reordered. Rates are per mille and delays are whole
 * microseconds, so that no engine rounds them differently.
 */

/** Delays in microseconds. One value is a constant, two are the ends of a uniform range, and more are a table of equally likely values. */
export type Distribution = readonly number[];

export interface LinkRule {
  readonly delay: Distribution;
  /** Lost messages per thousand. */
  readonly lossPerMille: number;
  /** Messages per thousand that arrive twice. */
  readonly duplicatePerMille: number;
  /** Messages per thousand that are held back by up to four more delays, so that later ones overtake them. */
  readonly reorderPerMille: number;
  /** Messages per thousand of which one bit arrives changed. */
  readonly corruptPerMille: number;
}

export interface NetworkPlan {
  /** The rule of every link that is not in `links`. */
  readonly link: LinkRule;
  /** Rules of single links, by names such as `A->B`. */
  readonly links: Readonly<Record<string, LinkRule>>;
  /** From this virtual time on (microseconds) nothing is lost and every delay is at most the bound. */
  readonly gst?: { readonly time: number; readonly bound: number };
}

/** A link that delays each message by 10 ms and loses none. */
export const defaultLink: LinkRule = {
  delay: [10_000],
  lossPerMille: 0,
  duplicatePerMille: 0,
  reorderPerMille: 0,
  corruptPerMille: 0,
};
