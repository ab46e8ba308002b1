/** Nodes that wait after a decision, and end the height with a wrong certificate or report the decision too early. */
import { roundVotes, type VoteKeeper, votesOf } from '../actors/tendermint/index.ts';
import type { Exhibit } from './exhibit.ts';
import { redefined } from './redefined.ts';

export const latePrecommitsDropped: Exhibit = {
  name: 'late-precommits-dropped',
  bug: 'The node waits after its decision, and then ends the height with the certificate of the decision: precommits that came in between were counted for nothing.',
  source:
    'Malachite, core-consensus/src/handle/finalize.rs (4e8bb7d): the certificate is built once more at the end of the period; its test finalization.rs counts the signatures of both',
  rule: 'precommits that come in the period join the certificate',
  expected: ['finalization'],
  parts: endingWith(({ decision }) => decision),
};

export const anyPrecommitJoins: Exhibit = {
  name: 'any-precommit-joins',
  bug: 'Every precommit of the round that comes in the period joins the certificate, also one for nil.',
  source:
    'Malachite, core-consensus/src/handle/finalize.rs (4e8bb7d): it restores the precommits for the decided value alone, verifies the certificate once more, and ends the process if it is wrong',
  rule: 'only precommits for the decided value and round join the certificate',
  expected: ['certificate'],
  parts: endingWith(({ decision, keeper }) => {
    if (decision === undefined || keeper === undefined) return decision;
    const all = votesOf(roundVotes(keeper, decision.round).precommit);
    const others = all.filter(({ validator }) => !decision.votes.some(([signer]) => signer === validator));
    return { ...decision, votes: [...decision.votes, ...others.map(({ validator, signature }) => [validator, signature])] };
  }),
};

export const decisionReportedEarly: Exhibit = {
  name: 'decision-reported-early',
  bug: 'The node reports a decision while the precommits for it are in the page cache only. A loss of power in the period takes it back.',
  source: 'Malachite, ADR 007: what a node says must be covered by a log that is on disk',
  rule: 'a decision is reported when all that led to it is durable',
  expected: ['finalization'],
  parts: redefined<{ readonly core?: Core }, Input>((honest) => ({
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      return { state: next, outputs: outputs.map((output) => (output.type === 'report' ? ungated(output) : output)) };
    },
  })),
};

interface Decided {
  readonly round: number;
  readonly votes: readonly (readonly unknown[])[];
}

interface Core {
  readonly decision?: Decided | undefined;
  readonly keeper?: VoteKeeper;
}

interface Input {
  readonly type: string;
  readonly kind?: string;
}

/** Replaces what a height ends with when its period is over. Without a period nothing changes. */
function endingWith(other: (core: Core) => Decided | undefined): NonNullable<Exhibit['parts']> {
  return redefined<{ readonly core?: Core }, Input>((honest) => ({
    step: (state, input) => {
      const { state: next, outputs } = honest.step(state, input);
      if (input.type !== 'timeout' || input.kind !== 'finalize') return { state: next, outputs };
      const decision = other(state.core ?? {});
      return { state: next, outputs: outputs.map((output) => (output.type === 'finish' ? { ...output, decision } : output)) };
    },
  }));
}

type Report = { readonly type: 'report'; readonly event: string; readonly detail: Readonly<Record<string, unknown>> };

function ungated({ type, event, detail }: Report): Report {
  return { type, event, detail };
}
