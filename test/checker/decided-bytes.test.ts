/** The bytes of a decided value are those that were proposed: damage on the wire changes what no signature covers. */
import { expect } from 'chai';
import { type Run, scenario } from '../../scenarios/index.ts';

const four = { A: 1, B: 1, C: 1, D: 1 } as const;

function verdictOf(run: Run): unknown {
  return run.properties.find(({ name }) => name === 'decided-bytes')?.verdict;
}

describe('the bytes of a decided value', () => {
  it('are those that were proposed, whatever the wire does to proposals and to decided values that a node catches up with', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const run = scenario('bits that flip', four)
        .seed(seed)
        .fault({ time: 50 }, { type: 'crash', nodes: ['B'], restartMs: 600 })
        .fault({ time: 40 }, { type: 'weather', link: { delay: [1, 20], corrupt: 0.5 }, forMs: 2500 })
        .safetyPhase('3s')
        .run();
      expect(run.verdict, `seed ${seed}`).to.equal('held');
      expect(verdictOf(run)).to.equal('held');
    }
  });
});
