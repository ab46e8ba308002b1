/** Damage to what lies on a disk while its node is down: flipped bits, sectors, ends of files, files, the disk. */
import { expect } from 'chai';
import { decides, event, type Fault, scenario } from '../../scenarios/index.ts';
import { damaged, expectForgotten, expectMadeGood, expectSilence, type File, isFound } from './faults-damaged.ts';
import {
  describeKinds,
  type Expectations,
  expectHalted,
  fileOf,
  first,
  four,
  keptCorrect,
  others,
  powerFails,
  seen,
  struck,
} from './faults-seen.ts';

const ofB = { node: 'B' } as const;

/** The places at which B's segment reads as other bytes than were written. */
function flippedBytes(fault: Fault): readonly number[] {
  const [hurt, whole] = [damaged(fault), struck(powerFails)].map((run) =>
    run.at(first(run, 'restart', ofB).index).observer.fileBytes('B', 'wal/3.1.wal'),
  );
  return [...(hurt ?? [])].flatMap((byte, place) => (byte === whole?.[place] ? [] : [place]));
}

const flip = (frame: 'middle' | 'last', more: { file?: File; part?: 'payload' | 'length' } = {}): Fault => ({
  type: 'bit-flip',
  node: 'B',
  frame,
  ...more,
});
const unreadable = (frame: 'middle' | 'last', file: File): Fault => ({ type: 'unreadable', node: 'B', frame, file });
const lostTail = (bytes: number, file: File): Fault => ({ type: 'lost-tail', node: 'B', bytes, file });
const missing = (file: File): Fault => ({ type: 'missing', node: 'B', file });

const bytesDamaged = /wal at byte \d+ \(frame \d+\): bytes that were durable are damaged/;
const headerDamaged = /at byte 0 \(frame 1\): the segment header is damaged/;
const storeEnds = /the store ends at height 1, and the heights that have a segment \(3\) do not follow it/;
const noSegment = /the heights that have a segment \(none\) do not follow it/;
const noStore = /no block store was found/;
const strict = 'strict' as const;

const expectations: Expectations['rest'] = {
  'bit-flip': [
    isFound(
      'in a frame that a later one speaks of: found at boot',
      { fault: flip('middle'), reason: bytesDamaged },
      { fault: flip('middle', { part: 'length' }), reason: bytesDamaged },
    ),
    {
      it: 'it is one bit, in the frame that is meant: of its payload, or of the length in its header',
      holds: () => {
        const [payload, length] = [flippedBytes(flip('middle')), flippedBytes(flip('middle', { part: 'length' }))];
        expect(length).to.deep.equal([366]);
        expect(payload).to.have.lengthOf(1);
        expect(payload[0]).to.be.within(366 + 32, 423 - 1);
      },
    },
    {
      it: 'in the last batch, under `next`: cut as a torn tail, and the node counts as faulty',
      holds: () => {
        expectForgotten(flip('last'), 5, 57);
        expectForgotten(flip('last', { part: 'length' }), 5, 57);
      },
    },
    isFound(
      'in the last batch, under `strict`: found at boot',
      { fault: flip('last'), attest: strict, reason: bytesDamaged },
      { fault: flip('last', { part: 'length' }), attest: strict, reason: bytesDamaged },
    ),
    isFound('in a block that a later one speaks of: found at boot', {
      fault: flip('middle', { file: 'blocks' }),
      reason: /^blocks\/.*bytes that were durable are damaged/,
    }),
    {
      it: 'in the last block: stored again while the log holds its decision',
      holds: () => expectMadeGood(flip('last', { file: 'blocks' })),
    },
    isFound('in the last block, when its log is gone: found at boot', {
      fault: flip('last', { file: 'blocks' }),
      reason: storeEnds,
    }),
    keptCorrect({ type: 'bit-flip', node: 'B', frame: 'last', keepCorrect: true }),
    {
      it: 'where there is no such frame: the run complains that it did nothing',
      holds: () => {
        const run = scenario('nothing to damage', four).fault({ time: 0 }, flip('middle')).run();
        expect(run.complaints.join()).to.contain('did nothing: the disk of B had nothing that it could damage');
      },
    },
  ],
  unreadable: [
    isFound(
      'the sector with the header and most frames: found at boot',
      { fault: unreadable('middle', 'wal'), reason: headerDamaged, isFaulty: true },
      { fault: unreadable('middle', 'wal'), attest: strict, reason: headerDamaged },
      { fault: unreadable('middle', 'blocks'), reason: headerDamaged },
      { fault: unreadable('last', 'blocks'), moment: 'stored', reason: headerDamaged },
    ),
    {
      it: 'the last sector, under `next`: cut with every frame that it touches, and the node counts as faulty',
      holds: () => expectForgotten(unreadable('last', 'wal'), 4, 114),
    },
    isFound('the last sector, under `strict`: found at boot', {
      fault: unreadable('last', 'wal'),
      attest: strict,
      reason: bytesDamaged,
    }),
    keptCorrect({ type: 'unreadable', node: 'B', frame: 'last', keepCorrect: true }),
  ],
  'lost-tail': [
    {
      it: 'of the log, under `next`: the frames before are replayed, and the node counts as faulty',
      holds: () => expectForgotten(lostTail(70, 'wal'), 4, 44),
    },
    isFound(
      'of the log, under `strict`: found at boot',
      { fault: lostTail(70, 'wal'), attest: strict, reason: bytesDamaged },
      { fault: lostTail(700, 'wal'), attest: strict, reason: headerDamaged },
    ),
    {
      it: 'of the block store: stored again while the log holds the decision',
      holds: () => expectMadeGood(lostTail(70, 'blocks')),
    },
    isFound(
      'of the block store, when the log of that height is gone, or all of it: found at boot',
      { fault: lostTail(70, 'blocks'), reason: storeEnds },
      { fault: lostTail(700, 'blocks'), reason: noStore },
    ),
  ],
  missing: [
    isFound('the block store: found at boot', { fault: missing('blocks'), reason: noStore }),
    isFound(
      'the one segment: found at boot',
      { fault: missing('wal'), reason: noSegment, isFaulty: true },
      { fault: missing('wal'), attest: strict, reason: noSegment },
    ),
    {
      it: 'a segment just born beside the one before it: nothing rests on it yet, and it is born anew',
      holds: () => {
        for (const attest of ['next', strict] as const) {
          const run = damaged(missing('wal'), 'born', { attest });
          const wasRead = seen(run, 'disk', { ...ofB, life: 1, site: 'boot.read' }).map(fileOf);
          expect(seen(run, 'disk', { ...ofB, life: 0, operation: 'create', file: 'wal/4.1.wal' })).to.have.lengthOf(1);
          expect(wasRead).to.include('wal/3.1.wal').and.not.include('wal/4.1.wal');
          expect(first(run, 'recovered', { ...ofB, life: 1 }).detail).to.deep.equal({ row: 'next', height: 4, frames: 0 });
          expect(seen(run, 'publish', { ...ofB, life: 0, height: 4 })).to.deep.equal([]);
          expect(run.world.isUp('B')).to.equal(true);
        }
      },
    },
  ],
  downgrade: [
    {
      it: 'of a file that died before its header was whole nobody can say who wrote it: the one before is hit',
      holds: () => {
        const run = scenario('an older binary beside a birth that died', four)
          .fault({ node: 'B', site: 'segment.create', phase: 'after', nth: 3 }, { type: 'crash', nodes: ['B'], image: 'all' })
          .fault({ ...event('crash'), node: 'B' }, { type: 'downgrade', node: 'B' })
          .expect(decides(8, { within: '30s', nodes: others }))
          .run();
        expect(run.complaints).to.deep.equal([]);
        expectHalted(run, /^wal\/\d+\.\d+\.wal: written by another version of the format/);
      },
    },
    isFound(
      'in one frame, which is whole: it is never cut, in the log and in the store',
      { fault: { type: 'downgrade', node: 'B', part: 'frame' }, reason: /^wal\/3\.1\.wal .*not understood/ },
      { fault: { type: 'downgrade', node: 'B', part: 'frame', file: 'blocks' }, reason: /^blocks\/.*not understood/ },
    ),
    ...(['wal', 'blocks'] as const).flatMap((file) =>
      (['halt', 'abstain'] as const).map((onCorrupt) => ({
        it: `${file}/: the node halts, says which file and version, and keeps everything; so with the policy '${onCorrupt}'`,
        holds: () => {
          for (const attest of ['next', 'strict'] as const) {
            const run = damaged({ type: 'downgrade', node: 'B', file }, 'voted', { attest, onCorrupt });
            const named = file === 'wal' ? 'wal/3.1.wal' : 'blocks/blocks.1.wal';
            expectHalted(run, new RegExp(`^${named}: written by another version of the format \\(version 2, flags 0\\)`));
            expect(run.world.observer.isFaulty('B')).to.equal(false);
            expect(run.marks['wal.abstains']).to.equal(undefined);
          }
        },
      })),
    ),
  ],
  wipe: [
    {
      it: 'the node halts: an empty folder is no log',
      holds: () => {
        const run = damaged({ type: 'wipe', node: 'B' });
        expect(run.world.disk('B').list('wal')).to.deep.equal([]);
        expectHalted(run, /the folder holds no log/);
        expect(run.world.observer.isFaulty('B')).to.equal(false);
      },
    },
    {
      it: 'or it asks its peers, and abstains through the height behind the highest that any of a quorum is at',
      holds: () => {
        const run = damaged({ type: 'wipe', node: 'B' }, 'voted', { onCorrupt: 'abstain' });
        expect(run.marks['wal.abstains']).to.equal(1);
        const [asked] = seen(run, 'send', { ...ofB, life: 1, type: 'height.request' });
        const until = first(run, 'abstain.until', ofB);
        const answers = seen(run, 'arrived', { ...ofB, actor: 'network', type: 'height.answer' });
        const heard = answers.filter(({ index }) => index > Number(asked?.index) && index < until.index);
        expect(heard).to.have.lengthOf.at.least(3);
        expect(until.detail['until']).to.equal(Math.max(...heard.map(({ detail }) => Number(detail['height']))) + 1);
        expectSilence(run);
      },
    },
  ],
};

describeKinds('damage at rest', expectations);
