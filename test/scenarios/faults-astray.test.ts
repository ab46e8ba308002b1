/** What a disk has lost in silence: a write that was never made, one that went astray, an earlier state put back. */
import { expect } from 'chai';
import { event, type Run, type Trigger } from '../../scenarios/index.ts';
import {
  behindPrecommit,
  describeKinds,
  type Expectations,
  expectHalted,
  expectOldState,
  expectSurvived,
  first,
  keptCorrect,
  milliseconds,
  powerFails,
  seen,
  struck,
  whenHeightBegins,
} from './faults-seen.ts';

const ofB = { node: 'B' } as const;
const isFaulty = (run: Run): boolean => run.world.observer.isFaulty('B');

type Astray = 'lost-write' | 'misdirected';
/** The last write of its flush is the precommit's frame. */
const whenPrecommitted: Trigger = { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' };
/** The decision is flushed: frames after the precommit say that it was durable. */
const whenDecided: Trigger = { point: 'B@3.0/store.append~1:before' };

/** A write of the log goes astray, and power fails at once or when later frames are durable. */
function astray(type: Astray, attest: 'next' | 'strict', death: Trigger, keepCorrect = false): Run {
  const more = keepCorrect ? { keepCorrect } : {};
  return struck({ type, node: 'B', ...more }, { when: whenPrecommitted, attest, and: [[death, powerFails]] });
}

/** The write of the third block goes astray, and power fails. */
function astrayInStore(type: Astray, death: Trigger): Run {
  const run = struck({ type, node: 'B', file: 'blocks' }, { and: [[death, powerFails]] });
  expect(isFaulty(run), 'counts as faulty').to.equal(false);
  return run;
}

const whenStored: Trigger = { point: 'B@3.0/store.flush~1:after' };
const whenNextIsBorn: Trigger = { point: 'B@3.0/segment.open~2:after' };
const found = /bytes that were durable are damaged|the segment header is damaged|ends before a frame that was durable/;

const expectations: Expectations['astray'] = {
  'lost-write': [
    {
      it: 'under `next` the node counts as faulty: it comes back without a frame that was acknowledged',
      holds: () => {
        const run = astray('lost-write', 'next', behindPrecommit);
        expect(isFaulty(run)).to.equal(true);
        const frames = seen(run, 'disk', { ...ofB, life: 0, site: 'wal.append', file: 'wal/3.1.wal' });
        const cast = frames.findLast(
          ({ index }) => index < first(run, 'vote.cast', { ...ofB, type: 'precommit', height: 3 }).index,
        );
        const before = frames.filter(({ index }) => index < (cast?.index ?? 0));
        expect(first(run, 'recovered', { ...ofB, life: 1 }).detail['frames']).to.equal(before.length);
      },
    },
    {
      it: 'under `next`, when later frames speak of it: found at boot',
      holds: () => expectHalted(astray('lost-write', 'next', whenDecided), found),
    },
    {
      it: 'under `strict`: found at boot',
      holds: () => expectHalted(astray('lost-write', 'strict', behindPrecommit), found),
    },
    {
      it: 'in the block store: stored again from the log that is still there',
      holds: () => {
        const stored = astrayInStore('lost-write', whenStored);
        expect(first(stored, 'recovered', { ...ofB, life: 1 }).detail).to.include({ row: 'replay', height: 3 });
        const born = astrayInStore('lost-write', whenNextIsBorn);
        expect(first(born, 'recovered', { ...ofB, life: 1 }).detail).to.include({ row: 'behind', height: 4 });
        expect(born.marks['wal.store-behind']).to.equal(1);
        for (const run of [stored, born]) expectSurvived(run);
      },
    },
    {
      it: 'in the block store, when the log of that height is gone: found at boot',
      holds: () => {
        expectHalted(astrayInStore('lost-write', whenHeightBegins(4)), /the store ends at height 2/);
        expectHalted(astrayInStore('lost-write', whenHeightBegins(5)), found);
      },
    },
    keptCorrect({ type: 'lost-write', node: 'B', keepCorrect: true }),
  ],
  misdirected: [
    {
      it: 'the node counts as faulty; what it wrote over is found at boot, whatever attests it',
      holds: () => {
        for (const attest of ['next', 'strict'] as const)
          for (const death of [behindPrecommit, whenDecided]) {
            const run = astray('misdirected', attest, death);
            expect(isFaulty(run)).to.equal(true);
            expectHalted(run, found);
          }
      },
    },
    {
      it: 'in the block store: found at boot',
      holds: () => {
        for (const death of [whenStored, whenNextIsBorn, whenHeightBegins(4), whenHeightBegins(5)])
          expectHalted(astrayInStore('misdirected', death), found);
      },
    },
    keptCorrect({ type: 'misdirected', node: 'B', keepCorrect: true }),
  ],
  'old-snapshot': [
    {
      it: 'power fails when it is put back, and B comes back from where the copy was taken; the others agree',
      holds: () => {
        const run = struck({ type: 'old-snapshot', node: 'B', afterMs: 300 });
        const death = first(run, 'crash', ofB);
        expect(milliseconds(first(run, 'publish', { ...ofB, height: 3, type: 'precommit' }), death)).to.equal(300);
        expect(seen(run, 'fault', { ...ofB, kind: 'counted as faulty' })).to.have.lengthOf(1);
        expect(isFaulty(run)).to.equal(true);
        expectOldState(run);
      },
    },
    keptCorrect({ type: 'old-snapshot', node: 'B', afterMs: 300, keepCorrect: true }),
  ],
};

describeKinds('what a disk loses in silence', expectations);
