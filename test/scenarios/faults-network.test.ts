/** Faults of the wire: single messages that are lost, doubled, early or late, and bad weather. */
import { expect } from 'chai';
import { type Fault, type Run, scenario } from '../../scenarios/index.ts';
import {
  describeKinds,
  type Expectation,
  type Expectations,
  expectAlike,
  expectSurvived,
  first,
  four,
  msAfter,
  type Seen,
  seen,
  strikeOf,
  struck,
} from './faults-seen.ts';

const names = Object.keys(four);
/** What was sent from one to another after the strike, and when it arrived, in microseconds after its sending. */
function journeys(run: Run, from: string, to: string, where: Readonly<Record<string, unknown>>): readonly (readonly number[])[] {
  const strike = strikeOf(run);
  const arrived = seen(run, 'arrived', { node: to, from });
  return seen(run, 'publish', { node: from, ...where })
    .filter(({ index, detail }) => index > strike.index && (detail['to'] as readonly string[]).includes(to))
    .map((sent) => arrived.filter(({ cause }) => cause === sent.index).map(({ time }) => time - sent.time));
}

/** How many frames a vote which arrived led to. */
function framesOf(run: Run, arrived: Seen): number {
  const told = seen(run, 'arrived', { node: arrived.node, actor: 'consensus', cause: arrived.index });
  const inputs = told.map(({ index }) => index);
  return seen(run, 'disk', { node: arrived.node, site: 'wal.append' }).filter(({ cause }) => inputs.includes(cause)).length;
}

const message = (
  from: string,
  to: string,
  where: Readonly<Record<string, unknown>>,
  fate: (Fault & { type: 'message' })['fate'],
): Fault => ({
  type: 'message',
  from,
  to,
  where,
  nth: 1,
  fate,
});

const usual = 10_000;
const bad: Fault = {
  type: 'weather',
  link: { delay: ['5ms', '60ms'], loss: 0.1, duplicate: 0.1, reorder: 0.2, corrupt: 0.2 },
  forMs: 800,
};

const expectations: Expectations['network'] = {
  message: [
    {
      it: 'lost: the n-th that matches and no other; what the node needs is sent again, and it decides by that',
      holds: () => {
        // With three validators all three must be heard.
        const lost = { ...message('A', 'B', { type: 'precommit', height: 4 }, 'lost') } as const;
        const run = scenario('three', { A: 1, B: 1, C: 1 }).fault({ time: 0 }, lost).run();
        expect(run.complaints).to.deep.equal([]);
        const [gone, ...more] = seen(run, 'lost');
        expect(more).to.deep.equal([]);
        expect(gone?.node).to.equal('A');
        expect(gone?.detail).to.include({ to: 'B', reason: 'intercepted', type: 'precommit', height: 4, round: 0 });
        const decided = first(run, 'decided', { node: 'B', height: 4 });
        expect(decided.time, 'later than A').to.be.above(first(run, 'decided', { node: 'A', height: 4 }).time + usual);
        const again = seen(run, 'arrived', { node: 'B', actor: 'network', from: 'A' }).filter(
          ({ index, cause, detail }) =>
            index < decided.index &&
            cause > (gone?.index ?? 0) &&
            ['precommit', 'commitCertificate', 'sync.response'].includes(String(detail['type'])),
        );
        expect(again).to.have.lengthOf.at.least(1);
        expectSurvived(run);
      },
    },
    {
      it: 'twice: it arrives twice, and only the first is logged',
      holds: () => {
        const where = { type: 'prevote', height: 4 };
        const run = struck(message('A', 'B', where, 'twice'));
        expect(journeys(run, 'A', 'B', where)).to.deep.equal([[usual, usual]]);
        expect(journeys(run, 'A', 'C', where)).to.deep.equal([[usual]]);
        const sent = first(run, 'publish', { node: 'A', ...where });
        const copies = seen(run, 'arrived', { node: 'B', actor: 'network' }).filter(({ cause }) => cause === sent.index);
        expect(copies.map((copy) => framesOf(run, copy)).map((frames) => frames > 0)).to.deep.equal([true, false]);
        expectSurvived(run);
      },
    },
    ...[300, 0].map(
      (afterMs): Expectation => ({
        it: `${afterMs === 0 ? 'early' : 'late'}: it arrives ${afterMs} ms behind its sending, and the next as ever`,
        holds: () => {
          const type = afterMs === 0 ? 'proposal' : 'precommit';
          const run = struck(message('B', 'C', { type }, { afterMs }));
          const [met, ...usualOnes] = journeys(run, 'B', 'C', { type });
          expect(met).to.deep.equal([afterMs * 1000]);
          expect(usualOnes).to.have.lengthOf.at.least(1);
          for (const journey of usualOnes) expect(journey).to.deep.equal([usual]);
          for (const journey of journeys(run, 'B', 'D', { type })) expect(journey).to.deep.equal([usual]);
          expectSurvived(run);
        },
      }),
    ),
    {
      it: 'the third of those that match: the first two arrive',
      holds: () => {
        const run = struck({ ...message('A', 'B', {}, 'lost'), nth: 3 } as Fault);
        expect(
          journeys(run, 'A', 'B', {})
            .slice(0, 5)
            .map((journey) => journey.length),
        ).to.deep.equal([1, 1, 0, 1, 1]);
        expectSurvived(run);
      },
    },
  ],
  rule: [
    {
      it: 'lost: all that match, from those senders to those receivers, for as long as said; the rest arrives as ever',
      holds: () => {
        const where = { type: 'precommit', height: { from: 4 } };
        const run = struck({ type: 'rule', from: ['A', 'B'], to: ['C'], where, fate: 'lost', forMs: 200 });
        const gone = seen(run, 'lost');
        expect(gone).to.have.lengthOf.at.least(6);
        for (const { node, detail } of gone) {
          expect(detail).to.include({ to: 'C', reason: 'intercepted', type: 'precommit' });
          expect(node).to.be.oneOf(['A', 'B']);
          expect(detail['height']).to.be.at.least(4);
        }
        for (const one of gone) expect(msAfter(run, one)).to.be.at.most(200);
        for (const journey of journeys(run, 'A', 'D', { type: 'precommit' })) expect(journey).to.deep.equal([usual]);
        const later = journeys(run, 'A', 'C', { type: 'precommit' }).slice(gone.length);
        expect(later).to.have.lengthOf.at.least(1);
        for (const journey of later) expect(journey).to.deep.equal([usual]);
        expectSurvived(run);
      },
    },
    {
      it: 'twice, and so many ms after it was sent: each of them',
      holds: () => {
        const where = { type: 'prevote' };
        const twice = struck({ type: 'rule', where, fate: 'twice' });
        const all = journeys(twice, 'A', 'C', where);
        expect(all).to.have.lengthOf.at.least(5);
        for (const journey of all) expect(journey).to.deep.equal([usual, usual]);
        const late = struck({ type: 'rule', from: ['B'], where, fate: { afterMs: 70 }, forMs: 300 });
        const slow = journeys(late, 'B', 'A', where);
        expect(slow.filter(([delay]) => delay === 70_000)).to.have.lengthOf.at.least(3);
        expect(slow.at(-1)).to.deep.equal([usual]);
        expectSurvived(late);
      },
    },
    {
      it: 'damaged: none of them gets through the door',
      holds: () => {
        const where = { type: 'proposal' };
        const run = struck({ type: 'rule', from: ['A'], to: ['B'], where, fate: 'damaged', forMs: 1000 });
        const damaged = seen(run, 'fault', { kind: 'corrupted' });
        expect(damaged).to.have.lengthOf.at.least(3);
        const arrived = seen(run, 'arrived', { node: 'B', actor: 'network', from: 'A' }).filter(
          (one) => one.detail['type'] === 'proposal' && damaged.some(({ cause }) => cause === one.cause),
        );
        expect(arrived).to.have.lengthOf.at.least(3);
        for (const { index } of arrived)
          expect(seen(run, 'arrived', { node: 'B' }).filter(({ cause }) => cause === index)).to.deep.equal([]);
        expectSurvived(run);
      },
    },
    {
      it: 'a rule that no message met is told',
      holds: () => {
        const rule = { type: 'rule', where: { type: 'precommit', height: 99 }, fate: 'lost', forMs: 50 } as const;
        const run = scenario('unmet', four).fault({ time: 0 }, rule).run();
        expect(run.complaints).to.deep.equal(['fault 1 (rule) did nothing: no such message was sent']);
      },
    },
  ],
  weather: [
    {
      it: 'messages are late, lost, doubled and held back, on every link, until it is over',
      holds: () => {
        const run = struck(bad);
        const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
        const all = pairs.map(([from, to]) => {
          const sent = seen(run, 'publish', { node: from });
          const end =
            sent.findIndex((one) => msAfter(run, one) >= 800) - sent.filter(({ index }) => index <= strikeOf(run).index).length;
          const journeysOfPair = journeys(run, from, to, {});
          for (const journey of journeysOfPair.slice(end)) expect(journey, 'over').to.deep.equal([usual]);
          return journeysOfPair.slice(0, end);
        });
        for (const journeysOfPair of all) expect(journeysOfPair.filter(([delay]) => delay !== usual)).to.not.be.empty;
        const delays = all.flat(2);
        for (const delay of delays) expect(delay).to.be.within(5000, 4 * 60_000);
        expect(
          delays.filter((delay) => delay > 60_000),
          'held back',
        ).to.not.be.empty;
        expect(
          all.flat().filter((journey) => journey.length === 0),
          'lost',
        ).to.not.be.empty;
        expect(
          all.flat().filter((journey) => journey.length === 2),
          'doubled',
        ).to.not.be.empty;
        expect(seen(run, 'lost', { reason: 'loss' })).to.not.be.empty;
        expectAlike(run);
      },
    },
    {
      it: 'what is signed and arrives damaged goes no further than the door; a status, which is not signed, is believed and costs a question',
      holds: () => {
        const run = struck(bad);
        const damaged = seen(run, 'fault', { kind: 'corrupted' });
        const arrivals = damaged.flatMap(({ cause, detail }) =>
          seen(run, 'arrived', { node: detail['to'], actor: 'network' }).filter((one) => one.cause === cause),
        );
        const isStatus = ({ detail }: Seen): boolean => detail['type'] === 'status';
        const passed = arrivals.filter(({ node, index }) => seen(run, 'arrived', { node }).some(({ cause }) => cause === index));
        expect(arrivals.filter((one) => !isStatus(one))).to.have.lengthOf.at.least(10);
        expect(arrivals.filter(isStatus)).to.have.lengthOf.at.least(1);
        expect(passed).to.deep.equal(arrivals.filter(isStatus));
        expectAlike(run);
      },
    },
  ],
};

describeKinds('faults of the wire', expectations);
