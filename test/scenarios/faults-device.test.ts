/** Faults of a disk that wait for an operation: syncs and writes that fail, lie or take long. */
import { expect } from 'chai';
import { decides, event, type Fault, type Run, type Scenario, scenario, type Trigger } from '../../scenarios/index.ts';
import { fileSystems } from '../../wal/index.ts';
import {
  beforeFlush,
  describeKinds,
  type Expectations,
  expectHalted,
  expectOldState,
  expectSurvived,
  fileOf,
  first,
  four,
  keptCorrect,
  milliseconds,
  others,
  powerFails,
  type Seen,
  seen,
  struck,
  whenHeightBegins,
} from './faults-seen.ts';

const ofB = { node: 'B' } as const;
const isFaulty = (run: Run): boolean => run.world.observer.isFaulty('B');

/** Whether all that a process would read of a file, as it was when an event had happened, would survive any loss of power. */
function isDurable(run: Run, { index }: Seen, file: string): boolean {
  const { observer } = run.at(index);
  const length = observer.fileLength('B', file);
  return length > 0 && observer.isDurable('B', file, 0, length);
}

/** B stopped itself for this reason, once, and came back 200 ms later to go on; it is owed and owes as before. */
function expectStopped(run: Run, reason: RegExp): Seen {
  const [stopped, ...more] = seen(run, 'stopped', ofB);
  expect(more).to.deep.equal([]);
  expect(stopped?.detail['reason']).to.match(reason);
  expect(milliseconds(stopped as Seen, first(run, 'restart', ofB))).to.equal(200);
  expectSurvived(run);
  return stopped as Seen;
}

function expectSyncFails(fileSystem: keyof typeof fileSystems, file: 'wal' | 'blocks'): void {
  const run = struck({ type: 'fsync-fails', node: 'B', fileSystem, file, restartMs: 200 }, { when: beforeFlush });
  const isKept = fileSystem !== 'btrfs';
  const site = file === 'wal' ? 'wal.flush' : 'store.flush';
  const failed = first(run, 'done', { ...ofB, site, error: 'EIO' });
  const stopped = expectStopped(run, /the disk reported a failed write \(EIO\)/);
  expect(stopped.time).to.equal(failed.time);
  const old = fileOf(seen(run, 'disk', { ...ofB, site }).findLast(({ index }) => index < failed.index) as Seen);
  const lengthAt = (index: number): number => run.at(index).observer.fileLength('B', old);
  if (isKept) expect(isDurable(run, stopped, old), 'what failed is durable').to.equal(false);
  else expect(lengthAt(stopped.index), 'what failed is still read').to.be.below(lengthAt(failed.index - 1));
  const recovered = first(run, 'recovered', { ...ofB, life: 1 });
  const fresh = seen(run, 'disk', { ...ofB, life: 1, operation: 'create' }).filter(({ index }) => index < recovered.index);
  expect(fresh).to.have.lengthOf(2);
  for (const written of fresh) expect(isDurable(run, recovered, fileOf(written)), fileOf(written)).to.equal(true);
  if (file === 'blocks') {
    // The block is still read, or is stored again from the log: nothing of the next height was begun before.
    expect(seen(run, 'height.start', { ...ofB, life: 0, height: 4 })).to.deep.equal([]);
    expect(recovered.detail).to.include(isKept ? { row: 'next', height: 4 } : { row: 'replay', height: 3 });
    return;
  }
  for (const name of ['publish', 'decide']) expect(seen(run, name, { ...ofB, life: 0, height: 3 }), name).to.deep.equal([]);
  const appended = seen(run, 'disk', { ...ofB, life: 0, site: 'wal.append', file: old });
  expect(recovered.detail).to.deep.equal({ row: 'replay', height: 3, frames: isKept ? appended.length : 0 });
  const [cast] = seen(run, 'vote.cast', { ...ofB, life: 0, height: 3 });
  if (isKept) expect(first(run, 'publish', { ...ofB, life: 1 }).detail).to.include(cast?.detail);
}

function expectWriteFails(code: 'ENOSPC' | 'EIO', written: number, file: 'wal' | 'blocks'): void {
  const run = struck({ type: 'write-fails', node: 'B', code, written, file, restartMs: 200 });
  const stopped = expectStopped(run, new RegExp(`only ${written} of \\d+ bytes were written \\(${code}\\)`));
  const appended = seen(run, 'disk', { ...ofB, life: 0, site: file === 'wal' ? 'wal.append' : 'store.append' });
  // What the same step appended after it is out of sequence, and torn with it.
  const strike = first(run, 'fault', { ...ofB, kind: 'write-fails' });
  const [failed, ...behind] = appended.filter(({ index }) => index > strike.index);
  expect(Number(failed?.detail['length'])).to.be.above(written);
  const torn = behind.reduce((sum, { detail }) => sum + Number(detail['length']), written);
  expect(first(run, 'judged', { ...ofB, life: 1 }).detail['lostBytes']).to.equal(torn);
  expect(run.marks['wal.torn-tail-cut'] ?? 0).to.equal(torn > 0 ? 1 : 0);
  expect(first(run, 'recovered', { ...ofB, life: 1 }).detail).to.include({ row: 'replay', height: 3 });
  expect(seen(run, 'publish', { ...ofB, life: 0 }).filter(({ index }) => index > stopped.index)).to.deep.equal([]);
}

/** B has framed its precommit of height 3, and the flush that it waits for is not issued yet. */
const precommitFramed: Trigger = { ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' };

/** Values as long as a sector nearly: the votes of a height are together after its header. */
function inOneSector(attest: 'next' | 'strict'): Scenario<keyof typeof four> {
  return scenario('without powersafe overwrite', four)
    .app({ valueBytes: 400 })
    .wal({ attest })
    .expect(decides(12, { within: '30s', nodes: others }));
}

function withoutPowersafe(attest: 'next' | 'strict', when: Trigger, death: Fault = powerFails): Run {
  const run = inOneSector(attest).fault({ time: 0 }, { type: 'unsafe-overwrite', node: 'B' }).fault(when, death).run();
  const idle = death.type === 'kill' ? ['fault 1 (unsafe-overwrite) did nothing: B did not lose power after it'] : [];
  expect(run.complaints).to.deep.equal(idle);
  return run;
}

const expectations: Expectations['device'] = {
  'fsync-fails': (['ext4', 'xfs', 'btrfs'] as const).flatMap((fileSystem) =>
    (['wal', 'blocks'] as const).map((file) => ({
      it: `${fileSystem}, in ${file}/: ${fileSystems[fileSystem].says}`,
      holds: () => expectSyncFails(fileSystem, file),
    })),
  ),
  'fsync-lies': [
    {
      it: 'what was acknowledged is not durable, and B comes back from where it began to lie; the others agree',
      holds: () => {
        const run = struck({ type: 'fsync-lies', node: 'B' }, { and: [[whenHeightBegins(6), powerFails]] });
        expect(isFaulty(run)).to.equal(true);
        const death = first(run, 'crash', ofB);
        const flush = seen(run, 'disk', { ...ofB, site: 'wal.flush' }).findLast(({ index }) => index < death.index) as Seen;
        const done = seen(run, 'done', { ...ofB, site: 'wal.flush' }).find(({ cause }) => cause === flush.index) as Seen;
        expect(done.detail['error']).to.equal(undefined);
        expect(isDurable(run, done, fileOf(flush))).to.equal(false);
        expect(death.detail['lostBytes']).to.be.above(1000);
        expectOldState(run);
      },
    },
    keptCorrect({ type: 'fsync-lies', node: 'B', keepCorrect: true }),
  ],
  'unsafe-overwrite': [
    {
      it: 'under `next` what B had made durable in the sector that it wrote is cut in silence, and it counts as faulty',
      holds: () => {
        const run = withoutPowersafe('next', precommitFramed);
        expect(isFaulty(run)).to.equal(true);
        expect(first(run, 'recovered', { ...ofB, life: 1 }).detail).to.deep.equal({ row: 'replay', height: 3, frames: 1 });
        expect(first(run, 'publish', { ...ofB, height: 3, type: 'prevote' }).life).to.equal(0);
      },
    },
    {
      it: 'under `strict` the boot finds it, and halts: both slots of the observer stand in sectors of their own',
      holds: () => {
        const run = withoutPowersafe('strict', precommitFramed);
        expectHalted(run, /^wal\/3\.1\.wal at byte 348 \(frame 28\): bytes that were durable are damaged/);
        expect(isFaulty(run)).to.equal(false);
      },
    },
    {
      it: 'while a slot of the observer is written the other one stays, and B goes on',
      holds: () => {
        const run = withoutPowersafe('strict', { node: 'B', site: 'wal.attest', phase: 'after', nth: 12 });
        expect(first(run, 'crash', ofB).detail['lostBytes']).to.equal(512);
        expectSurvived(run);
      },
    },
    {
      it: 'in the block store: found',
      holds: () => {
        for (const attest of ['next', 'strict'] as const) {
          const run = withoutPowersafe(attest, { node: 'B', site: 'store.append', phase: 'after', nth: 3 });
          expectHalted(run, /^wal\/: the store ends at height 1, and/);
        }
      },
    },
    {
      it: 'a kill loses nothing',
      holds: () => {
        const kill: Fault = { type: 'kill', nodes: ['B'], restartMs: 200 };
        expectSurvived(withoutPowersafe('strict', precommitFramed, kill));
      },
    },
    {
      it: 'kept correct it is owed as before, and breaks what it owes',
      holds: () => {
        const run = inOneSector('next')
          .fault({ time: 0 }, { type: 'unsafe-overwrite', node: 'B', keepCorrect: true })
          .fault(precommitFramed, powerFails)
          .run();
        expect(isFaulty(run)).to.equal(false);
        expect(run.properties.find(({ name }) => name === 'replay-equivalence')?.verdict).to.equal('violated');
      },
    },
  ],
  'slow-fsync': [
    {
      it: 'each flush takes so much longer until it is over; a vote leaves when its flush is done, and two share one',
      holds: () => {
        const run = struck({ type: 'slow-fsync', node: 'B', byMs: 50, forMs: 500 });
        const strike = first(run, 'publish', { ...ofB, height: 3, type: 'precommit' });
        const flushes = seen(run, 'disk', ofB).filter(({ detail }) => detail['operation'] === 'sync');
        const took = flushes.flatMap((flush) => {
          const [done] = seen(run, 'done', { ...ofB, cause: flush.index });
          if (done === undefined) return [];
          return { isSlow: flush.index > strike.index && milliseconds(strike, flush) < 500, ms: milliseconds(flush, done) };
        });
        for (const { isSlow, ms } of took) expect(ms).to.equal(isSlow ? 51 : 1);
        expect(took.filter(({ isSlow }) => isSlow)).to.have.lengthOf.at.least(5);
        const waited = ['prevote', 'precommit'].map((type) => {
          const vote = { ...ofB, height: 4, type };
          return [milliseconds(first(run, 'vote.cast', vote), first(run, 'publish', vote)), first(run, 'publish', vote).time];
        });
        expect(waited[0]).to.deep.equal([51, waited[1]?.[1]]);
        expect(waited[1]?.[0]).to.equal(51);
        const shared = flushes.filter(
          ({ detail, time }) => detail['site'] === 'wal.flush' && time === Number(waited[0]?.[1]) - 51_000,
        );
        expect(shared).to.have.lengthOf(1);
        expectSurvived(run);
      },
    },
  ],
  'write-fails': (['ENOSPC', 'EIO'] as const).flatMap((code) =>
    (['wal', 'blocks'] as const).flatMap((file) =>
      [0, 20].map((written) => ({
        it: `${code} in ${file}/ when ${written} bytes are written: the node stops, and the next life cuts what is torn`,
        holds: () => expectWriteFails(code, written, file),
      })),
    ),
  ),
};

describeKinds('faults of a disk at work', expectations);
