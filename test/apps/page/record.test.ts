/** What the page's record and its sentences say of honest and of broken nodes, without a browser. */
import { expect } from 'chai';
import type { PageRecord } from '../../../apps/page/record/page-record.ts';
import { recordOf } from '../../../apps/page/record/record-run.ts';
import { beatsOf, openingBeat } from '../../../apps/page/story/beats.ts';
import { shelvesAt } from '../../../apps/page/story/facts.ts';
import { propertyWords } from '../../../apps/page/story/goal.ts';
import { narrate } from '../../../apps/page/story/narrate.ts';
import { toldBy, viewOf } from '../../../apps/page/story/shelf-chips.ts';
import { event, scenario } from '../../../scenarios/index.ts';

const { data } = scenario('a vote and a loss of power', { A: 1, B: 1, C: 1, D: 1 })
  .fault({ ...event('publish', { type: 'precommit', height: 2 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 300 })
  .until({ time: '600ms' });

const honest = recordOf(data);
const unsynced = recordOf(data, { exhibit: 'no-fsync' });
const early = recordOf(data, { exhibit: 'broadcast-before-flush' });
const unlogged = recordOf(data, { exhibit: 'no-wal' });

const B = 1;
const sends = (record: PageRecord): number =>
  record.rows.findIndex(
    ({ words, node }) => node === B && words.startsWith('publish precommit') === false && /^publish\s+precommit\(v2/.test(words),
  );
const textAt = (record: PageRecord, at: number): string => {
  const { head, more } = narrate(record, at);
  return [head, ...more].map(({ text }) => text).join(' ');
};
const dies = (record: PageRecord): number => record.rows.findIndex(({ kind, node }) => kind === 'death' && node === B);

describe('the record of a run', () => {
  it('calls nothing durable on a disk that pretends to sync', () => {
    const durable = (record: PageRecord): number => record.frames.filter((frame) => frame.isOwn && frame.durable !== -1).length;
    expect(durable(honest)).to.be.greaterThan(5);
    expect(durable(unsynced)).to.equal(0);
  });

  it('says that a vote leaves before it is durable when the node publishes before the flush, or skips fsync', () => {
    expect(textAt(honest, sends(honest))).to.contain('it was durable before the message left');
    for (const record of [unsynced, early]) {
      const text = textAt(record, sends(record));
      expect(text).to.contain('before its frame is durable').and.to.contain('not on the disk');
      expect(text).not.to.contain('was durable');
    }
  });

  it('shows no log for a node without one', () => {
    const at = dies(unlogged) - 1;
    expect(viewOf(unlogged, B, at).disk.map(({ text }) => text)).to.deep.equal(['no log, only decisions']);
    expect(viewOf(unlogged, B, at).cache).to.deep.equal([]);
    expect(shelvesAt(unlogged, B, at).durable).to.deep.equal([]);
    expect(viewOf(honest, B, at).disk.length).to.be.greaterThan(1);
  });

  it('shows what the death took as lost, and nothing where the frame had been synced', () => {
    const lost = (record: PageRecord): readonly string[] => shelvesAt(record, B, dies(record)).ghosts.map(({ label }) => label);
    expect(lost(honest).filter((label) => label.startsWith('own'))).to.deep.equal([]);
    expect(lost(early)).to.include('own precommit(v2.0-B.1) at 2.0');
  });

  it('lists what is on its way under what a node has told others', () => {
    const at = sends(honest);
    const told = toldBy(honest, B, at, 7).at(-1);
    expect(told).to.deep.include({ text: 'precommit v2', heard: [], underWay: ['A', 'C', 'D'] });
  });

  it('says of what was heard that it is sent again', () => {
    const again = honest.rows.findLastIndex(({ words, node }) => node === B && /^publish +precommit.*at 2\.0/.test(words));
    expect(again).to.be.greaterThan(sends(honest));
    const told = toldBy(honest, B, again, 7).find(({ text }) => text === 'precommit v2');
    expect(told).to.deep.include({ heard: ['A', 'C', 'D'], underWay: [], again: ['A', 'C', 'D'] });
  });

  it('does not leave a message on its way for ever that comes to a dead node', () => {
    const death = dies(honest);
    const back = honest.rows.findIndex(({ kind }) => kind === 'restart');
    const toB = honest.messages.filter(({ to, sent, heard }) => to === B && sent > death - 40 && sent < back && heard === -1);
    expect(toB.length).to.be.greaterThan(0);
    for (const { sent, lost } of toB) expect(lost).to.be.at.least(Math.max(sent, death));
  });

  it('marks a frame that a fault has damaged, from the fault on', () => {
    const { data: flipped } = scenario('a bit flips', { A: 1, B: 1, C: 1, D: 1 })
      .fault(
        { ...event('publish', { type: 'precommit', height: 3 }), node: 'B' },
        { type: 'bit-flip', node: 'B', frame: 'middle' },
      )
      .until({ time: '400ms' });
    const record = recordOf(flipped);
    const chips = viewOf(record, B, dies(record)).disk.filter(({ kind }) => kind === 'damaged');
    expect(chips).to.have.length(1);
    expect(viewOf(record, B, dies(record) - 5).disk.filter(({ kind }) => kind === 'damaged')).to.deep.equal([]);
  });

  it('has no frame on a disk that is an older copy: none of it is there, so none is damaged', () => {
    const { data: copied } = scenario('an older copy', { A: 1, B: 1, C: 1, D: 1 })
      .fault({ ...event('height.start', { height: 3 }), node: 'B' }, { type: 'old-snapshot', node: 'B', afterMs: 36 })
      .until({ time: '600ms' });
    const record = recordOf(copied);
    const back = record.rows.findIndex(({ kind }) => kind === 'restart');
    const disk = viewOf(record, B, back).disk;
    expect(disk.map(({ kind }) => kind)).to.not.include('damaged');
    expect(disk.map(({ text }) => text).join()).to.not.contain('prevote v3');
    expect(viewOf(record, B, dies(record) - 5).disk.map(({ text }) => text)).to.include('own prevote v3');
  });

  it('names properties so that a broken one does not read as a double negative', () => {
    for (const { name } of honest.properties) expect(propertyWords(name)).not.to.match(/^no\b|-/);
  });

  it('opens a run at what was broken', () => {
    const twice = recordOf(
      scenario('two votes', { A: 1, B: 1, C: 1, D: 1 })
        .fault({ ...event('height.start', { height: 3 }), node: 'A' }, { type: 'crash', nodes: ['A'], restartMs: 1500 })
        .fault(
          { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' },
          { type: 'kill', nodes: ['B'], restartMs: 100 },
        )
        .safetyPhase('2s').data,
      { exhibit: 'no-wal' },
    );
    const beat = beatsOf(twice)[openingBeat(twice)];
    expect(textAt(twice, beat?.row ?? 0)).to.match(/^B votes again, and differently/);
  });
});
