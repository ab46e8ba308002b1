/** What a fuzz campaign is worth: one in which nothing was decided is not green, and the report says why runs were undecided. */
import { expect } from 'chai';
import { coverageOf } from '../../../apps/cli/coverage.ts';
import { fuzzCases } from '../../../apps/cli/fuzz-cases.ts';
import { fuzzJson, fuzzText, type Outcome } from '../../../apps/cli/print-fuzz.ts';
import { paintFor } from '../../../apps/cli/terminal.ts';
import { nothingRun } from '../../../campaigns/index.ts';
import { scenario } from '../../../scenarios/index.ts';

const { data } = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
const campaign = { ...nothingRun, runs: 3, lost: [], isInterrupted: false };
const coverage = coverageOf(campaign, undefined);
const outcome: Outcome = { first: 1, campaign, found: [], again: [], missed: [], idle: undefined, coverage };

describe('the outcome of a fuzz campaign', () => {
  it('is not green where no run decided anything', () => {
    expect(fuzzJson(outcome)).to.include({ ok: false, heights: 0 });
    expect(
      fuzzText(
        'four',
        outcome,
        paintFor(() => undefined),
      ),
    ).to.contain('undecided: no run decided anything');
    expect(fuzzCases(data, 'four.ts', outcome, undefined, 1).some(({ isRight }) => !isRight)).to.equal(true);
    expect(fuzzJson({ ...outcome, campaign: { ...campaign, heights: 9 } })).to.include({ ok: true });
  });

  it('counts environments, reasons, and runs in which progress was owed', () => {
    const counted = { ...campaign, heights: 9, environments: { 'a ring': 2 }, reasons: { 'given up at a standstill': 1 } };
    const shown = { ...outcome, campaign: { ...counted, undecided: ['t1.7'], owing: 2, tenHeights: 1 } };
    expect(fuzzJson(shown)).to.deep.include({
      environments: { 'a ring': 2 },
      reasons: { 'given up at a standstill': 1 },
      owing: 2,
      tenHeights: 1,
    });
    const text = fuzzText(
      'four',
      shown,
      paintFor(() => undefined),
    );
    for (const words of ['1 of the 2 runs', 'environments: a ring 2', 'undecided: given up at a standstill 1', 'replay t1.7'])
      expect(text).to.contain(words);
  });
});
