import { scenario } from 'lazurite';
import { lazuriteChai } from 'lazurite/chai';
import { chai, describe, expect, it } from 'vitest';

chai.use(lazuriteChai);

describe('under vitest', () => {
  const run = scenario('four validators', { A: 1, B: 1, C: 1, D: 1 })
    .node('B', (b) =>
      b
        .waitUntil({ event: 'publish', where: { type: 'precommit', height: 2 } })
        .crash()
        .restart(),
    )
    .run();

  it('agrees, and does not equivocate', () => {
    expect(run).to.agree();
    expect(run).to.not.equivocate();
    expect(run.node('B')).to.replay({ height: 2 }).restoring('votes');
  });

  it('fails where it must', () => {
    expect(() => expect(run).to.equivocate()).to.throw(/equivocate/);
  });
});
