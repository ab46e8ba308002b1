/** The steered half of a campaign: drawn around rare runs, within the same bound, and named by a token. */
import { expect } from 'chai';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { chanceOfNew, corpusOf, mergePairs, parentOf, steeredCase } from '../../../campaigns/fuzzing/steering.ts';
import { drawnCase, fuzz, fuzzSeeds, replay } from '../../../campaigns/index.ts';
import { formatToken, runScenario, scenario, scenarioHash } from '../../../scenarios/index.ts';

const { data: raft } = await loadScenario('scenarios/library/25-raft-loses-power.ts');
const four = scenario('four validators', { A: 1, B: 1, C: 1, D: 1 });

describe('a steered campaign', () => {
  it('keeps the first runs that came to rare pairs, the rarest first, and no more than 64', () => {
    const pairs = { common: { runs: 9, seed: 1 }, twice: { runs: 2, seed: 2 }, once: { runs: 1, seed: 3 } };
    expect(corpusOf(pairs)).to.deep.equal([3, 2]);
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, seed) => [`pair ${seed}`, { runs: 1, seed }]));
    expect(corpusOf(many)).to.have.lengthOf(64);
    expect(parentOf([], 7)).to.equal(undefined);
    expect([2, 3]).to.include(parentOf([2, 3], 7));
  });

  it('adds groups of runs up, and the first seed stays', () => {
    const sum = mergePairs({ a: { runs: 1, seed: 4 } }, { a: { runs: 2, seed: 9 }, toString: { runs: 1, seed: 9 } });
    expect(sum).to.deep.equal({ a: { runs: 3, seed: 4 }, toString: { runs: 1, seed: 9 } });
  });

  it('says the chance of a new pair: the share of runs that came to one which no other came to', () => {
    const pairs = { a: { runs: 1, seed: 1 }, b: { runs: 5, seed: 1 }, c: { runs: 1, seed: 2 }, d: { runs: 1, seed: 2 } };
    expect(chanceOfNew(pairs, 10)).to.equal(0.2);
    expect(chanceOfNew({}, 0)).to.equal(1);
  });

  it('draws half of its runs so, and every one of them finds itself again by its token', () => {
    const report = fuzz(four, { runs: 30, seed: 1, mode: 'environments', exhibit: 'no-wal', shrink: false });
    expect(report.runs).to.equal(30);
    expect(report.steered).to.equal(15);
    const steered = report.failures.filter(({ parent }) => parent !== undefined);
    expect(steered.length).to.be.at.least(1);
    for (const { seed, parent, hash } of steered) {
      const what = `environments-${parent}`;
      const token = formatToken({ scenario: scenarioHash(four.data), seed, variant: undefined, exhibit: 'no-wal', what });
      expect(replay({ scenario: four, token }).hash, token).to.equal(hash);
    }
  });

  it('leaves a scenario that keeps its own story as it is', () => {
    expect(fuzz(four, { runs: 4, seed: 1, mode: 'around' }).steered).to.equal(0);
  });

  it('differs from its parent, and keeps nodes, liars and what is down for good', () => {
    let differs = 0;
    for (let parent = 1; parent <= 60; parent += 1) {
      const from = drawnCase.environments(four.data, parent);
      const data = steeredCase(four.data, 'environments', parent, 1000 + parent);
      const { validators, byzantine, safetyMs } = from;
      expect({ validators: data.validators, byzantine: data.byzantine, safetyMs: data.safetyMs }).to.deep.equal({
        validators,
        byzantine,
        safetyMs,
      });
      const early = data.faults.filter(({ trigger }) => 'timeMs' in trigger && trigger.timeMs === 1);
      expect(early.length, 'all moved to the start').to.be.at.most(Math.max(1, data.faults.length / 2));
      const gone = from.faults.filter(({ fault }) => fault.type === 'kill' && fault.restartMs === undefined);
      expect(data.faults).to.include.deep.members(gone);
      if (scenarioHash(data) !== scenarioHash(from)) differs += 1;
    }
    expect(differs).to.equal(60);
  });

  for (const [name, data, mode] of [
    ['Tendermint', four.data, 'environments'],
    ['Raft', raft, 'fuzz'],
  ] as const)
    it(`stays within what an honest node of ${name} survives`, () => {
      const seeds = Array.from({ length: 40 }, (_, index) => 5000 + index);
      const corpus = Array.from({ length: 40 }, (_, index) => 1 + index);
      const { runs, steered, failures, undecided } = fuzzSeeds(data, seeds, { mode, corpus });
      expect({ runs, steered, failures, undecided }).to.deep.equal({ runs: 40, steered: 40, failures: [], undecided: [] });
      expect(runScenario(steeredCase(data, mode, 1, 5000)).hash).to.equal(runScenario(steeredCase(data, mode, 1, 5000)).hash);
    });
});
