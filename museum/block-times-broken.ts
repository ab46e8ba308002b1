/** Nodes that trust the clock of their machine, or the clock of the proposer. */
import type { NodeParts } from '../actors/node/index.ts';
import type { Exhibit } from './exhibit.ts';

export const blockTimeFromClock: Exhibit = {
  name: 'block-time-from-clock',
  bug: 'A proposer gives its value the time that its clock says, also where the block before is later. When a clock was set back, no value of this proposer is valid until the clock has caught up.',
  source: 'MystenLabs/sui issue 17261 and FISCO-BCOS issue 5488: after a restart the clock was behind the newest block',
  rule: 'a proposer takes the time after the block before, if its clock says less',
  expected: ['block-time'],
  parts: withApplication(({ answer, ...honest }) => ({
    ...honest,
    answer: (state, request, nonce, newest, clock) => {
      const forgetful = { ...(state as object), time: 0 } as typeof state;
      return answer(forgetful, request, nonce, newest, clock);
    },
  })),
};

export const blockTimeUnchecked: Exhibit = {
  name: 'block-time-unchecked',
  bug: 'A proposer takes its clock as it is, and validators do not compare the time of a value with the block before: time goes backwards in the chain.',
  source: 'CometBFT, spec/consensus/bft-time.md: time must increase from block to block, whatever a single clock says',
  rule: 'a value whose time is not later than the block before is invalid',
  expected: ['block-time'],
  parts: withApplication(({ answer, judge, ...honest }) => ({
    ...honest,
    answer: (state, request, nonce, newest, clock) =>
      answer({ ...(state as object), time: 0 } as typeof state, request, nonce, newest, clock),
    judge: (state, input) => judge({ ...(state as object), time: -1 } as typeof state, input),
  })),
};

type Parts = NonNullable<Exhibit['parts']>;
type Application = NodeParts<unknown, unknown, unknown, unknown, unknown>['application'];

/** Both change the application of the simulated chain only. */
function withApplication(change: (honest: Application) => Application): Parts {
  return ((parts) => ({ ...parts, application: change(parts.application as Application) as never })) as Parts;
}
