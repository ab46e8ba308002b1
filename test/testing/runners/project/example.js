/** One suite for all runners: what README promises of each. */
import { event, scenario } from 'lazurite';
import { itAtEveryCrashPoint } from 'lazurite/mocha';
import { everyCrashImage } from 'lazurite/testing';

const four = () => scenario('four validators', { A: 1, B: 1, C: 1, D: 1 });

/** A log that syncs each entry under a name of its own. */
const openLog = async (storage) => {
  const names = () => storage.list('log').toSorted((a, b) => a - b);
  const entries = () => names().map((name) => storage.read(`log/${name}`));
  for (const unfinished of storage.list('new')) storage.remove(`new/${unfinished}`);
  let next = names().length;
  const waiting = [];
  return {
    append: async (entry) => waiting.push(entry),
    flush: async () => {
      for (const entry of waiting.splice(0)) {
        storage.create(`new/${next}`);
        storage.append(`new/${next}`, entry);
        storage.sync(`new/${next}`);
        storage.rename(`new/${next}`, `log/${next}`);
        next += 1;
      }
      storage.syncDirectory('log');
    },
    read: async () => entries(),
  };
};

export function exampleSuite({ it, expect }) {
  it('a node comes back with its votes', () => {
    const run = four()
      .node('B', (b) =>
        b
          .waitUntil(event('publish', { type: 'precommit', height: 2 }))
          .crash()
          .restart(),
      )
      .run();
    expect(run).to.be.asIntended();
    expect(run).to.agree();
    expect(run).to.not.equivocate();
    expect(run.node('B')).to.replay({ height: 2 }).restoring('votes');
  });

  it('a death that never struck is no success', () => {
    const run = four()
      .node('B', (b) => b.crash({ after: 'publish', nth: 100_000 }))
      .until({ time: '1s' })
      .run();
    expect(() => expect(run).to.agree()).to.throw(/B never reached step 1/);
  });

  it('an asynchronous log recovers', async () => {
    await expect(openLog).to.recoverFrom(everyCrashImage({ batches: [1, 1], entryBytes: 20 }));
  });

  itAtEveryCrashPoint(four(), { node: 'B', heights: [1, 1], sites: ['publish', 'decided'] }, (run) => {
    expect(run).to.agree();
    expect(run).to.be.indistinguishableFromPause();
  });
}
