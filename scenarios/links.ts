/** Links between nodes, as a scenario describes them. */
import { defaultLink, type LinkRule } from '../network-sim/index.ts';
import { type Duration, milliseconds } from './duration.ts';

export interface LinkModel {
  /** One delay, or the ends of an even range. */
  readonly delay?: Duration | readonly [Duration, Duration];
  /** Shares from 0 to 1. */
  readonly loss?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  /** Messages of which one bit arrives changed. */
  readonly corrupt?: number;
}

/** Per mille and microseconds, as the network wants them. */
export function linkRule({ delay, loss = 0, duplicate = 0, reorder = 0, corrupt = 0 }: LinkModel): LinkRule {
  return {
    delay: delay === undefined ? defaultLink.delay : delaysOf(delay),
    lossPerMille: Math.round(loss * 1000),
    duplicatePerMille: Math.round(duplicate * 1000),
    reorderPerMille: Math.round(reorder * 1000),
    corruptPerMille: Math.round(corrupt * 1000),
  };
}

function delaysOf(delay: Duration | readonly [Duration, Duration]): readonly number[] {
  return (typeof delay === 'object' ? delay : [delay]).map((duration) => milliseconds(duration) * 1000);
}
