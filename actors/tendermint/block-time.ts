/**
 * Block times: each value names the time at which it was made, by the wall clock of its proposer's machine. Times must rise from block to block. A clock can be
 * wrong, and it can be set back. So a proposer takes its clock or the time after the block before, the later of both.
 *
 * Source: CometBFT, consensus/state.go, voteTime: a time is at least one millisecond after the block. Not modelled: that a time far in the future is refused.
 */
import type { Application } from '../node/definition.ts';
import type { Chain } from './chain.ts';
import type { Decision, TendermintInput } from './types.ts';

/** The application with block times: a value whose time is not later than that of the block before is invalid. */
export function timedChain(chain: Application<Chain, TendermintInput>): Application<Chain, TendermintInput> {
  return {
    ...chain,
    answersFromState: true,
    answer: (state, request, nonce, newest, clock = 0) =>
      chain.answer(state, request, `${nonce}@${Math.max(clock, timeAfter(state))}`, newest, clock),
    isTooEarly: (state, input) => input.type === 'proposal' && input.height > state.height + 1,
    judge: (state, input) => {
      const judged = chain.judge(state, input);
      if (judged?.type !== 'proposal' || judged.height !== state.height + 1) return judged;
      const time = timeIn(judged.value);
      return time === undefined || time < timeAfter(state) ? { ...judged, validity: false } : judged;
    },
    execute: (state, decision) => ({ ...chain.execute(state, decision), time: timeIn((decision as Decision).value) ?? 0 }),
  };
}

/** The earliest time (ms) that the next block may have. */
function timeAfter({ time = 0 }: Chain): number {
  return time + 1;
}

/** The time (ms) that a value names. */
function timeIn(value: string): number | undefined {
  const [, time] = /@(\d+)(?=[\^~]|$)/.exec(value) ?? [];
  return time === undefined ? undefined : Number(time);
}
