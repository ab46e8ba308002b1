/** For the tests of damage at rest: a node that comes back to a damaged disk, and the allowed outcomes. */
import { expect } from 'chai';
import type { Fault, Run, Trigger } from '../../scenarios/index.ts';
import { type Circumstances, type Expectation, expectHalted, first, milliseconds, seen, struck } from './faults-seen.ts';

type Attest = 'next' | 'strict';
export type File = 'wal' | 'blocks';
/** After the precommit of height 3; or when its block is stored; or when the segment of height 4 is born and the old one still there. */
type Moment = 'voted' | 'stored' | 'born';

const calm: Fault = { type: 'drift', node: 'A', perMille: 1 };
const ofB = { node: 'B' } as const;

/** The time at which a run without a fault has come there: what a disk does has no moment that a trigger could wait for. */
function timeOf(moment: 'stored' | 'born', attest: Attest): Trigger {
  const run = struck(calm, { attest });
  const stored = first(run, 'done', {
    ...ofB,
    site: 'store.flush',
    cause: seen(run, 'disk', { ...ofB, site: 'store.flush' })[2]?.index,
  });
  const born = seen(run, 'done', { ...ofB, site: 'segment.open' }).find(({ index }) => index > stored.index);
  return { timeMs: ((moment === 'stored' ? stored.time : Number(born?.time)) + 10) / 1000 };
}

/** B loses its power, its disk is damaged, and 300 ms later it comes back to that. */
export function damaged(fault: Fault, moment: Moment = 'voted', log: Circumstances = {}): Run {
  const { attest = 'next' } = log;
  const run = struck(fault, { ...log, ...(moment === 'voted' ? {} : { when: timeOf(moment, attest) }) });
  const death = first(run, 'crash', ofB);
  expect(milliseconds(death, first(run, 'restart', ofB))).to.equal(300);
  return run;
}

interface Found {
  readonly fault: Fault;
  readonly moment?: Moment;
  readonly attest?: Attest;
  readonly reason: RegExp;
  /** Under `next` even what is found may count: whether it can be found depends on what else the sector or the file held. */
  readonly isFaulty?: boolean;
}

/** The boot finds it, and halts; with the policy `abstain` it follows instead, and votes again later. */
function expectFound({ fault, moment = 'voted', attest = 'next', reason, isFaulty = false }: Found): void {
  const run = damaged(fault, moment, { attest });
  expectHalted(run, reason);
  expect(run.world.observer.isFaulty('B'), 'counts as faulty').to.equal(isFaulty);
  const abstaining = damaged(fault, moment, { attest, onCorrupt: 'abstain' });
  expect(abstaining.marks['wal.votes-again']).to.equal(1);
  expectSilence(abstaining);
}

/** From its promise not to vote to its end B says nothing, and it votes again only after the height that it has promised. */
export function expectSilence(run: Run): void {
  const [begin, until, end] = ['abstain.begin', 'abstain.until', 'abstain.end'].map((name) => seen(run, name, ofB)[0]);
  expect(begin).to.not.equal(undefined);
  const last = Number(until?.detail['until'] ?? begin?.detail['until']);
  expect(end?.detail['height']).to.equal(last + 1);
  const said = seen(run, 'vote.cast', ofB).filter(({ index }) => index > Number(begin?.index));
  expect(said[0]?.index).to.be.above(Number(end?.index));
  expect(Math.min(...said.map(({ detail }) => Number(detail['height'])))).to.be.above(last);
}

/** The node comes back with fewer frames than it had made durable; nobody can notice that, so it counts as faulty. */
export function expectForgotten(fault: Fault, frames: number, tornBytes: number): void {
  const run = damaged(fault);
  expect(run.world.observer.isFaulty('B')).to.equal(true);
  const had = first(struck({ type: 'crash', nodes: ['B'], restartMs: 200 }), 'recovered', { ...ofB, life: 1 });
  const back = first(run, 'recovered', { ...ofB, life: 1 });
  expect(back.detail).to.deep.equal({ row: 'replay', height: 3, frames });
  expect(frames).to.be.below(Number(had.detail['frames']));
  expect(first(run, 'judged', { ...ofB, life: 1 }).detail['lostBytes']).to.equal(tornBytes);
}

/** The last block is gone and the log still holds its decision: it is stored again, and the node goes on, owed and owing. */
export function expectMadeGood(fault: Fault): void {
  const again = [damaged(fault, 'stored'), damaged(fault, 'born')];
  for (const run of again) {
    expect(run.world.observer.isFaulty('B')).to.equal(false);
    expect(run.world.isUp('B')).to.equal(true);
    expect(first(run, 'judged', { ...ofB, life: 1 }).detail['lostBytes']).to.be.above(0);
  }
  const rows = again.map((run) => first(run, 'recovered', { ...ofB, life: 1 }).detail);
  expect(rows[0]).to.include({ row: 'replay', height: 3 });
  expect(rows[1]).to.include({ row: 'behind', height: 4 });
}

export const isFound = (it: string, ...all: readonly Found[]): Expectation => ({
  it,
  holds: () => {
    for (const found of all) expectFound(found);
  },
});
