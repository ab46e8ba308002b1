/**
 * The log without one rule. Each rule of the log that names its own harm is taken away from the counter on one node, and the crash points
 * of that node find the trace. The honest counter holds under the same deaths. The page docs/decisions/0018 says what needs more than
 * deaths, and why.
 */
import { expect } from 'chai';
import { syncedClaimsTooMuch } from '../../../museum/false-words.ts';
import { lifeReused } from '../../../museum/log-misread.ts';
import {
  bootRemovesFirst,
  repairStartsAnew,
  repairUnsynced,
  storeNotRenewed,
  unbornCalledCorrupt,
  wipedDiskVotes,
} from '../../../museum/log-repaired.ts';
import { noFsync } from '../../../museum/no-fsync.ts';
import {
  namesUnsynced,
  openedUnsynced,
  removesBeforeBirth,
  resetSyncedOnce,
  storeUnsynced,
} from '../../../museum/syncs-left-out.ts';
import type { Alteration } from '../../../scenarios/build-world.ts';
import { firstRed, type Searched, searched, undisturbed } from './deaths.ts';
import {
  acknowledgementsLate,
  acknowledgementsUnnamed,
  anyFrameBehindCounts,
  bornByOpenedAlone,
  noteWithFrame,
  removalUnsynced,
  saltKnown,
  sequencesRestart,
} from './left-out.ts';

const longNote = '-'.repeat(1100);
const searches = {
  'one death': {},
  'two deaths': { nested: true },
  'one death, values of three sectors': { note: longNote },
  'one death, values of three sectors, on a stale disk': { note: longNote, lostSectors: 'stale' },
  'two deaths, values of three sectors': { note: longNote, nested: true, sites: ['publish'], lastHeight: 1 },
  'two deaths, the first at a flush': { nested: true, sites: ['wal.flush'], lastHeight: 1 },
  'one death, values in which a frame stands': { note: noteWithFrame() },
  'one death, acknowledgements come again late': { alterations: [acknowledgementsLate] },
  'one death, the newest segment is lost at rest': { loses: 'newest segment' },
  'one death, the disk is wiped at rest': { loses: 'everything' },
} as const satisfies Readonly<Record<string, Searched>>;

interface LeftOut {
  readonly rule: string;
  readonly by: Alteration;
  readonly search: keyof typeof searches;
  readonly red: 'kept' | 'comes-back';
}

const leftOut: readonly LeftOut[] = [
  {
    rule: 'acknowledgements name what they acknowledge',
    by: acknowledgementsUnnamed,
    search: 'one death, acknowledgements come again late',
    red: 'kept',
  },
  {
    rule: 'the sequence never restarts',
    by: sequencesRestart,
    search: 'one death, acknowledgements come again late',
    red: 'kept',
  },
  {
    rule: 'a file is born when all its copies are whole',
    by: bornByOpenedAlone,
    search: 'two deaths, values of three sectors',
    red: 'kept',
  },
  {
    rule: "a height's end syncs the directory before the gate opens",
    by: removalUnsynced("at a height's end"),
    search: 'one death, the newest segment is lost at rest',
    red: 'kept',
  },
  {
    rule: 'boot syncs the directory before the gate opens',
    by: removalUnsynced('at boot'),
    search: 'one death, the newest segment is lost at rest',
    red: 'kept',
  },
  { rule: 'each boot opens a new block store', by: storeNotRenewed, search: 'two deaths', red: 'comes-back' },
  { rule: 'init is the only maker', by: wipedDiskVotes, search: 'one death, the disk is wiped at rest', red: 'kept' },
  {
    rule: 'a frame behind bad bytes counts only if it says that they were durable',
    by: anyFrameBehindCounts,
    search: 'one death, values of three sectors',
    red: 'comes-back',
  },
  {
    rule: 'a frame says durable only what its writer knew to be',
    by: syncedClaimsTooMuch,
    search: 'one death, values of three sectors',
    red: 'comes-back',
  },
  { rule: "the salt is nobody else's", by: saltKnown, search: 'one death, values in which a frame stands', red: 'comes-back' },
  {
    rule: 'at boot nothing is removed before its successor is born',
    by: bootRemovesFirst,
    search: 'one death',
    red: 'comes-back',
  },
  {
    rule: "at a height's end nothing is removed before its successor is born",
    by: removesBeforeBirth,
    search: 'one death',
    red: 'comes-back',
  },
  { rule: 'nothing is removed before its successor is durable', by: openedUnsynced, search: 'one death', red: 'comes-back' },
  {
    rule: "nothing is removed before its successor's name is durable",
    by: namesUnsynced,
    search: 'one death',
    red: 'comes-back',
  },
  { rule: 'a block is durable before its height is removed', by: storeUnsynced, search: 'one death', red: 'comes-back' },
  { rule: 'whatever is read is written anew, durably', by: repairUnsynced, search: 'one death', red: 'comes-back' },
  { rule: 'each life writes its own file', by: lifeReused, search: 'two deaths, the first at a flush', red: 'kept' },
  { rule: 'the header is durable before the frames', by: resetSyncedOnce, search: 'one death', red: 'comes-back' },
  { rule: 'an unborn file is no finding', by: unbornCalledCorrupt, search: 'one death', red: 'comes-back' },
  { rule: 'the frames before a torn tail are kept', by: repairStartsAnew, search: 'one death', red: 'kept' },
  { rule: 'a flush is an fsync', by: noFsync, search: 'one death', red: 'kept' },
];

describe('the log of the counter', function () {
  this.timeout(120_000);

  for (const [name, search] of Object.entries(searches)) {
    it(`holds with all its rules: ${name}`, () => {
      const { cells, images, states } = searched(search);
      console.log(`      ${cells.length} crash points, ${images} images, ${states.length} states`);
      expect(cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
      expect(images).to.be.greaterThan(1000);
    });
  }

  for (const { rule, by, search, red } of leftOut) {
    it(`without the rule "${rule}" is red by ${red}: ${search}`, () => {
      const options: Searched = { ...searches[search] };
      const broken = { ...options, alterations: [by, ...(options.alterations ?? [])] };
      expect(undisturbed(broken)).to.deep.equal({ height: 5, broken: [] });
      const found = firstRed(broken);
      console.log(`      ${found?.images} images: ${found?.death}: ${found?.message.slice(0, 110)}`);
      expect(found?.property).to.equal(red);
    });
  }
});
