/** The corpus: bounded, green as it is, and it notices runs that are not what they were. */
import { expect } from 'chai';
import { type CorpusEntry, corpusFiles, readEntry, replayEntry, tooMuch } from '../../dev/corpus/entries.ts';

describe('the corpus', function () {
  this.timeout(240_000);
  const entries = corpusFiles().map(readEntry);
  const [rare] = entries.filter(({ marks }) => marks.length > 0) as [CorpusEntry];
  const [red] = entries.filter(({ run }) => run.properties.length > 0) as [CorpusEntry];

  it('is bounded, and has rare runs and red ones', () => {
    expect(tooMuch(corpusFiles())).to.equal(undefined);
    expect(tooMuch(Array.from({ length: 61 }, () => corpusFiles()[0] as string))).to.match(
      /^61 files of \d+ bytes are more than 60/,
    );
    expect(new Set(entries.flatMap(({ marks }) => marks)).size).to.be.greaterThan(8);
    expect(new Set(entries.map(({ run }) => run.exhibit)).size).to.be.greaterThan(3);
  });

  for (const entry of entries)
    it(`${entry.file} is what it was`, () => {
      expect(replayEntry(entry).wrong).to.equal(undefined);
    });

  it('notices an honest run that is red, or that does not come by its mark', () => {
    const broken = { ...red, run: { ...red.run, properties: [] } };
    expect(replayEntry(broken).wrong).to.match(/^violated by /);
    expect(replayEntry({ ...rare, marks: ['raft.elected-again'] }).wrong).to.equal(
      'does not come by raft.elected-again any more',
    );
  });

  it('notices a broken node that is green, and another hash', () => {
    const { exhibit: _broken, ...honest } = red.run;
    expect(replayEntry({ ...red, run: honest })).to.deep.equal({
      wrong: `not red any more by ${red.run.properties.join(', ')}`,
      isOther: true,
    });
  });
});
