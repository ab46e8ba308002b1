/**
 * Links: how a directed pair of nodes delays, loses, doubles and reorders. Plain data; rates are per mille and delays whole
 * microseconds, so that no floating point rounding differs between engines.
 */

/** Delays in microseconds, equally likely: one value is a constant, two are the ends of an even range, more are a table. */
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
  /** For every link without a rule of its own. */
  readonly link: LinkRule;
  /** By `A->B`. */
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
