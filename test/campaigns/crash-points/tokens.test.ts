/** The token of each failure that a campaign of crash points prints: its replay must violate the same property. */
import { expect } from 'chai';
import { crashpoints, replay } from '../../../campaigns/index.ts';
import { scenario } from '../../../scenarios/index.ts';

/** The others decide a height in a few ms, so they are far ahead when B comes back after a second. */
const quick = (): ReturnType<typeof scenario> =>
  scenario('quick', { A: 30, B: 1, C: 30, D: 30, E: 30 }).network({ delay: '1ms' });

describe('the token of a failure at a crash point', () => {
  for (const exhibit of ['no-fsync', 'broadcast-before-flush'])
    it(`replays to the same violation, also where the others do not need the victim (${exhibit})`, () => {
      const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
      let found = 0;
      for (const cluster of [quick(), four]) {
        const { failures } = crashpoints(cluster, { nodes: ['B'], heights: '1', sites: ['publish'], exhibit });
        for (const { token, property } of failures) {
          const violated = replay({ scenario: cluster, token })
            .properties.filter(({ verdict }) => verdict === 'violated')
            .map(({ name }) => name);
          expect(violated, token).to.include(property);
          found += 1;
        }
      }
      expect(found).to.be.greaterThan(0);
    });
});
