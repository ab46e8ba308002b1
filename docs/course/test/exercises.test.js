// Each exercise must hold, everywhere. Until it is solved its test is red, and says how it breaks.
// `COURSE=solutions npm test` runs the solutions.
import { expect } from 'chai';
import { scenario } from 'lazurite';
import { everyCrashImage, recoverFrom } from 'lazurite/checker';
import { surroundings } from '../rollcall.js';

const folder = process.env.COURSE === 'solutions' ? 'solutions' : 'exercises';

/** What breaks, in words; nothing: it holds. */
const logBreaks = ({ openLog }) =>
  recoverFrom(openLog, everyCrashImage({ entryBytes: 60 })).findings.map(
    ({ at, image, message }) => `${at}, ${image}: ${message}`,
  );

function nodeBreaks({ protocol }) {
  const broken = [];
  for (const phase of ['before', 'after'])
    for (const site of ['wal.append', 'wal.flush', 'publish', 'send'])
      for (const nth of [1, 2, 3]) {
        const { properties } = scenario('a roll call', { A: 1, B: 1, C: 1 })
          .protocol(protocol, surroundings)
          .fault({ node: 'B', site, phase, nth }, { type: 'crash', nodes: ['B'], restartMs: 200 })
          .until({ time: '1s' })
          .run();
        for (const { name, verdict, message } of properties) if (verdict === 'violated') broken.push(`${name}: ${message}`);
      }
  return broken;
}

const storyBreaks = ({ default: story }) => story.run().complaints;

const exercises = [
  ['1-append-is-not-durable', logBreaks],
  ['2-a-name-is-not-durable', logBreaks],
  ['3-the-torn-tail', logBreaks],
  ['4-behind-the-torn-tail', logBreaks],
  ['5-flush-before-you-speak', nodeBreaks],
  ['6-log-what-you-are-told', nodeBreaks],
  ['7-abstain-after-a-wiped-disk', storyBreaks],
];

describe(`the ${folder}`, () => {
  for (const [name, breaks] of exercises)
    it(name, async () => {
      const exercise = await import(`../${folder}/${name}.js`);
      const broken = breaks(exercise);
      expect(broken.slice(0, 3), `${broken.length} ways to break it; the first of them`).to.deep.equal([]);
    });
});
