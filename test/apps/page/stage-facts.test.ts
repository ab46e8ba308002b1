/** What the stage says of a lesson's run: cut links, messages over them, what a node has received in this life, and whose precommits decided. */
import { expect } from 'chai';
import type { Lesson } from '../../../apps/page/lesson.ts';
import { lessonsThatShip } from '../../../apps/page/lessons.ts';
import type { PageRecord } from '../../../apps/page/record/page-record.ts';
import { recordOf } from '../../../apps/page/record/record-run.ts';
import { cutOff, heardInThisLife } from '../../../apps/page/story/facts.ts';
import { flightsAt } from '../../../apps/page/story/flights.ts';
import { toldBy, viewOf } from '../../../apps/page/story/shelf-chips.ts';

const [A, B, C, D] = [0, 1, 2, 3] as const;
const lesson = lessonsThatShip().find(({ name }) => name.startsWith('02'));
if (lesson === undefined) throw new Error('there is no lesson 02');
const record: PageRecord = recordOf(lesson.data, { variant: 'no log' });

const rowOf = (node: number, words: RegExp): number =>
  record.rows.findIndex((row) => row.node === node && words.test(row.words.trim()));
const sends = rowOf(B, /^publish\s+precommit\(v3/);
const returns = record.rows.findLastIndex(({ kind }) => kind === 'restart');

describe('the stage of a lesson', () => {
  it('names the nodes that a partition cuts off, while it lasts', () => {
    expect(cutOff(record, D, sends)).to.deep.equal({ from: ['A', 'B', 'C'], unheardBy: [], deafTo: [] });
    expect(cutOff(record, A, sends).from).to.deep.equal(['D']);
    expect(cutOff(record, C, returns).from).to.deep.equal(['A', 'B', 'D']);
    expect(cutOff(record, D, returns).from).to.deep.equal(['C']);
    expect(cutOff(record, D, 0).from).to.deep.equal([]);
  });

  it('draws a message over a cut link as lost as soon as it is sent, and does not call it on its way', () => {
    const lost = flightsAt(record, sends, B).filter(({ isLost }) => isLost);
    expect(lost.map(({ to }) => to)).to.deep.equal([D]);
    const told = toldBy(record, B, sends, 4).find(({ text }) => text === 'precommit v3');
    expect(told?.underWay).to.deep.equal(['A', 'C']);
  });

  it('says of a vote that is not sent that it waits for the disk, and without a log that it is not sent yet', () => {
    const waiting = viewOf(record, C, sends).memory.find(({ kind }) => kind === 'waiting');
    expect(waiting?.text).to.equal('precommit v3, not sent yet');
    const logged = recordOf((lesson as Lesson).data, { variant: 'with a log' });
    const cast = logged.rows.findIndex(({ node, words }) => node === B && /^vote.cast\s+precommit\(v3/.test(words.trim()));
    expect(viewOf(logged, B, cast).memory.map(({ text }) => text)).to.include('precommit v3, waits');
  });

  it('does not say that a node has heard what only its earlier life heard', () => {
    const prevote = 'prevote(v3.0-C.1) at 3.0';
    expect(heardInThisLife(record, B, prevote, A, sends)).to.equal(true);
    expect(heardInThisLife(record, B, prevote, A, returns)).to.equal(false);
    expect(heardInThisLife(record, C, prevote, A, returns)).to.equal(true);
    expect(viewOf(record, A, returns).memory.map(({ text }) => text)).to.deep.equal(['knows of no vote']);
    expect(viewOf(record, D, returns).memory.map(({ text }) => text)).to.deep.equal(['no vote yet']);
  });

  it('counts the precommits of each of two decisions at one height', () => {
    const end = record.rows.length - 1;
    const split = record.decisions.findLast(({ node, height }) => node === D && height === 3)?.row ?? end;
    const [c, d] = [C, D].map((node) => viewOf(record, node, split).decision);
    expect([c?.value, c?.by]).to.deep.equal(['v3', ['A', 'B', 'C']]);
    expect([d?.value, d?.by, d?.isNews]).to.deep.equal(['w3', ['A', 'B', 'D'], true]);
  });

  it('names a precommit against a lock only where the run breaks that rule', () => {
    const end = record.rows.length - 1;
    const faults = (of: PageRecord): readonly string[] => toldBy(of, A, end, 4).map(({ fault }) => fault);
    expect(faults(record)).to.include('it was locked on v3');
    const kept = { ...record, properties: record.properties.filter(({ name }) => name !== 'lock-discipline') };
    expect(faults(kept)).not.to.include('it was locked on v3');
  });
});
