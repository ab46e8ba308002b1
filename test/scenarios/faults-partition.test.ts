/** Partitions: groups that cannot hear each other, one way or both, for a while, in turns or without end. */
import { expect } from 'chai';
import { type Fault, type Run, scenario } from '../../scenarios/index.ts';
import {
  behindPrecommit,
  describeKinds,
  type Expectations,
  expectAlike,
  four,
  msAfter,
  type Seen,
  seen,
  strikeOf,
  struck,
} from './faults-seen.ts';

const names = Object.keys(four);

/** Everything that one node sent to another, and whether the partition took it. The strike is after what was sent at its moment. */
function sentBetween(run: Run, isMeant: (from: string, to: string) => boolean): readonly (Seen & { readonly isCut: boolean })[] {
  const cut = new Set(seen(run, 'lost', { reason: 'partition' }).map(({ cause, detail }) => `${cause} ${detail['to']}`));
  const strike = strikeOf(run);
  return ['publish', 'send'].flatMap((site) =>
    seen(run, site).flatMap((sent) =>
      sent.index <= strike.index
        ? []
        : (sent.detail['to'] as readonly string[])
            .filter((to) => isMeant(sent.node, to))
            .map((to) => ({ ...sent, isCut: cut.has(`${sent.index} ${to}`) })),
    ),
  );
}

const heightsDecided = (run: Run, node: string, from: number, to: number): readonly number[] =>
  seen(run, 'decided', { node })
    .filter((decided) => msAfter(run, decided) > from && msAfter(run, decided) <= to)
    .map(({ detail }) => Number(detail['height']));

const halves = [
  ['A', 'B'],
  ['C', 'D'],
] as const;
const isAcross = (from: string, to: string): boolean =>
  halves.some((half) => half.some((name) => name === from) !== half.some((name) => name === to));

const partition = (
  groups: readonly (readonly string[])[],
  oneWay: boolean,
  more: { forMs?: number; flapMs?: number },
): Fault => ({
  type: 'partition',
  groups,
  oneWay,
  ...more,
});

const expectations: Expectations['partition'] = {
  partition: [
    {
      it: 'one way: nobody hears B and B hears all; then everybody hears everybody',
      holds: () => {
        const run = struck(partition([['B'], ['A', 'C', 'D']], true, { forMs: 500 }));
        const ofB = sentBetween(run, (from) => from === 'B');
        expect(ofB.length).to.be.above(10);
        for (const sent of ofB) expect(sent.isCut, `${msAfter(run, sent)} ms behind`).to.equal(msAfter(run, sent) < 500);
        expect(ofB.filter(({ isCut }) => isCut)).to.have.lengthOf.at.least(3);
        expect(sentBetween(run, (from) => from !== 'B').filter(({ isCut }) => isCut)).to.deep.equal([]);
        expect(heightsDecided(run, 'B', 20, 500), 'B goes along').to.include(4);
        expectAlike(run);
      },
    },
    {
      it: 'one against three: the three go on without it, and it decides what they decided when it is healed',
      holds: () => {
        const run = struck(partition([['B'], ['A', 'C', 'D']], false, { forMs: 600 }));
        const across = sentBetween(run, (from, to) => (from === 'B') !== (to === 'B'));
        for (const sent of across) expect(sent.isCut).to.equal(msAfter(run, sent) < 600);
        const meanwhile = heightsDecided(run, 'A', 20, 600);
        expect(meanwhile).to.have.lengthOf.at.least(1);
        expect(heightsDecided(run, 'B', 20, 600)).to.deep.equal([]);
        expect(heightsDecided(run, 'B', 600, Number.POSITIVE_INFINITY)).to.include.members([...meanwhile]);
        expectAlike(run);
      },
    },
    {
      it: 'two halves: neither decides; after healing all decide',
      holds: () => {
        const run = struck(partition(halves, false, { forMs: 700 }));
        for (const name of names) {
          expect(heightsDecided(run, name, 20, 700), name).to.deep.equal([]);
          expect(heightsDecided(run, name, 700, Number.POSITIVE_INFINITY), name).to.have.lengthOf.at.least(5);
        }
        expectAlike(run);
      },
    },
    {
      it: 'in turns: what is sent across is lost in each first turn and arrives in each second one',
      holds: () => {
        const run = struck(partition(halves, false, { forMs: 900, flapMs: 150 }));
        const across = sentBetween(run, isAcross);
        const turnOf = (sent: Seen): number => Math.floor(msAfter(run, sent) / 150);
        for (const sent of across)
          expect(sent.isCut, `turn ${turnOf(sent)}`).to.equal(turnOf(sent) < 6 && turnOf(sent) % 2 === 0);
        expect([...new Set(across.map(turnOf))]).to.include.members([0, 1, 2, 3, 4, 6]);
        expect(sentBetween(run, (from, to) => !isAcross(from, to)).filter(({ isCut }) => isCut)).to.deep.equal([]);
        expectAlike(run);
      },
    },
    {
      it: 'without end: it is never healed, and three go on',
      holds: () => {
        const run = scenario('cut off', four)
          .fault(behindPrecommit, partition([['B'], ['A', 'C', 'D']], false, {}))
          .until({ time: '5s' })
          .run();
        for (const { isCut } of sentBetween(run, (from) => from === 'B')) expect(isCut).to.equal(true);
        expect(heightsDecided(run, 'A', 20, 5000)).to.have.lengthOf.at.least(5);
        expect(heightsDecided(run, 'B', 20, 5000)).to.deep.equal([]);
      },
    },
  ],
};

describeKinds('groups that cannot hear each other', expectations);
