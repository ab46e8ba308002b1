/** From a second word of a node back to the first one, its frame, and where that was lost: one story for each way to lose it. */
import { expect } from 'chai';
import { aheadAt, type Forgotten, forgottenAt } from '../../../campaigns/replay/forgotten.ts';
import { lostFramesBefore } from '../../../campaigns/replay/lost-frames.ts';
import type { RunEvent } from '../../../core/events.ts';
import { event, type Run, runScenario, type Scenario, scenario } from '../../../scenarios/index.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };

/** B prevotes for the value that A proposed, dies, comes back, and receives nothing until it votes for nil. */
const dies = (name: string) =>
  scenario(name, four)
    .proposer(1, 0, 'A')
    .node('B', (b) =>
      b
        .waitUntil(event('vote.cast', { type: 'prevote' }))
        .crash({ after: 'publish' })
        .restart({ after: '20ms' })
        .isolate({ for: '1s' }),
    );

interface Told {
  readonly run: Run;
  readonly events: readonly RunEvent[];
  /** What B forgot, at the first event at which it says a second thing. */
  readonly found: Forgotten | undefined;
}

function told(story: Scenario<string>, exhibit?: string): Told {
  const run = runScenario(story.data, { record: true, ...(exhibit === undefined ? {} : { exhibit }) });
  const events = [...run.world.trace.events()];
  const violation = run.properties.find(({ name, verdict }) => name === 'no-equivocation' && verdict === 'violated');
  return { run, events, found: violation?.event === undefined ? undefined : forgottenAt(events, violation.event) };
}

const typeAt = (one: RunEvent | undefined): string | undefined =>
  one?.type === 'effect' && one.effect.type === 'disk' ? one.effect.site : one?.type;

describe('what a node forgot', () => {
  it('is found with the life in between, and was in the log, where the node does not read its log', () => {
    const { found } = told(dies('no log'), 'no-wal');
    expect(typeAt(found?.written)).to.equal('wal.append');
    expect([found?.death?.type, found?.restart?.type, found?.first.life, found?.second.life]).to.deep.equal([
      'death',
      'restart',
      0,
      1,
    ]);
    expect(found?.lost).to.match(/^its frame was still in the log \(#\d+ read it\).*: 0 frames were given to replay$/);
  });

  it('was lost with the page cache, behind a sync that did nothing', () => {
    const { found } = told(dies('no fsync'), 'no-fsync');
    expect(found?.lost).to.match(/^a sync of its frame \(#\d+\) was answered \(#\d+\), .* \(#\d+\): that sync did nothing$/);
  });

  it('was lost with the page cache, where nothing had synced the file', () => {
    const { found } = told(dies('published first'), 'broadcast-before-flush');
    expect(found?.lost).to.match(
      /^its frame \(#\d+\) was in the page cache only: nothing had synced wal\/1\.1\.wal before the end/,
    );
  });

  it('was lost at the death that ended its life, and not at one that came later', () => {
    const twice = scenario('two deaths', four)
      .proposer(1, 0, 'A')
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { type: 'prevote' }))
          .crash({ after: 'publish' })
          .restart({ after: '20ms' })
          .isolate({ for: '1s' })
          .waitUntil(event('height.start'))
          .kill()
          .restart({ after: '20ms' }),
      );
    for (const exhibit of ['no-fsync', 'broadcast-before-flush']) {
      const { found, events } = told(twice, exhibit);
      const deaths = events.filter(({ node, type }) => node === 'B' && type === 'death').map(({ index }) => index);
      expect(deaths, exhibit).to.have.length(2);
      expect([found?.first.life, found?.second.life], exhibit).to.deep.equal([0, 2]);
      expect(found?.death?.index, exhibit).to.equal(deaths[0]);
      expect(found?.lost, exhibit).to.contain(`(#${deaths[0]})`).and.not.to.contain(`(#${deaths[1]})`);
    }
  });

  it('was on a disk that was damaged since', () => {
    const wiped = scenario('wiped', four)
      .proposer(1, 0, 'A')
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { type: 'prevote' }))
          .crash({ after: 'publish' })
          .wipe()
          .restart({ after: '20ms' })
          .isolate({ for: '1s' }),
      );
    const { found } = told(wiped, 'wiped-disk-votes');
    expect(found?.lost).to.match(/^its frame \(#\d+\) was synced \(#\d+\), and the disk was damaged since: wipe \(#\d+\)$/);
  });

  it('is nothing where both were said in one life, and where nobody says a second thing', () => {
    const liar = scenario('a liar', four).byzantine('B', 'two-votes').until({ height: 3 }).run({ record: true });
    const ofLiar = [...liar.world.trace.events()];
    const second = ofLiar.find(({ index, node }) => node === 'B' && forgottenAt(ofLiar, index) !== undefined);
    expect(forgottenAt(ofLiar, second?.index ?? -1)?.lost).to.match(/^nothing was lost: both were said in one life/);
    const { events } = told(dies('honest'));
    expect(events.filter(({ index }) => forgottenAt(events, index) !== undefined)).to.deep.equal([]);
  });

  it('says why what left was not durable', () => {
    const ahead = (exhibit: string): string | undefined => {
      const { run, events } = told(scenario('nobody dies', four).until({ height: 2 }), exhibit);
      const violation = run.properties.find(({ name, verdict }) => name === 'write-ahead' && verdict === 'violated');
      return aheadAt(events, violation?.event ?? -1);
    };
    expect(ahead('no-fsync')).to.match(/^a sync of its frame \(#\d+\) was answered .* did nothing$/);
    expect(ahead('broadcast-before-flush')).to.match(/was in the page cache only: no sync of wal\/1\.1\.wal had been answered$/);
    expect(ahead('own-frames-unwritten')).to.match(/^no frame of the log ever held it/);
    expect(ahead('decides-before-flush')).to.match(/was in the page cache only/);
  });

  it('are frames of any protocol, where the words that were lost say nothing a second time', () => {
    const raft = scenario('a follower loses power', { A: 1, B: 1, C: 1 })
      .protocol('raft')
      .fault({ point: 'B@1.1/wal.flush~1:torn' }, { type: 'crash', nodes: ['B'], restartMs: 100 })
      .safetyPhase(400);
    const { run, events } = told(raft, 'raft-replies-before-flush');
    const violation = run.properties.find(({ name, verdict }) => name === 'crash-is-pause' && verdict === 'violated');
    const found = lostFramesBefore(events, violation?.event ?? -1);
    expect(typeAt(found?.first)).to.equal('wal.append');
    expect(found?.death.type).to.equal('death');
    expect(found?.lost).to.match(/in the page cache only: nothing had synced wal\/1\.1\.wal before the end of that life/);
  });

  it('are none where everything that was appended is read again, and before any death', () => {
    const flushed = scenario('after the flush', four).node('B', (b) =>
      b
        .waitUntil(event('height.start', { height: 2 }))
        .kill({ after: 'wal.flush' })
        .restart({ after: '20ms' }),
    );
    const { events } = told(flushed);
    const end = events.find((one) => one.life === 1 && one.type === 'effect' && one.effect.type === 'host.decide');
    expect(end).to.not.equal(undefined);
    expect(lostFramesBefore(events, end?.index ?? -1)).to.equal(undefined);
    expect(lostFramesBefore(events, 20)).to.equal(undefined);
  });
});
