/** The lessons that ship: each stop is reached, what was at fault in them, and tasks that can be done. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Lesson, type LessonStop, variantOf } from '../../../apps/page/lesson.ts';
import { lessonsThatShip } from '../../../apps/page/lessons.ts';
import { parseLesson } from '../../../apps/page/parse-lesson.ts';
import { prepared, type ReadyLesson } from '../../../apps/page/prepare-lesson.ts';
import type { PageRecord } from '../../../apps/page/record/page-record.ts';
import { recordOf } from '../../../apps/page/record/record-run.ts';
import { flightsAt } from '../../../apps/page/story/flights.ts';
import { terms, termsAt } from '../../../apps/page/story/glossary.ts';
import { goalWords, isMet } from '../../../apps/page/story/goal.ts';
import { toldBy, viewOf } from '../../../apps/page/story/shelf-chips.ts';

const folder = join(import.meta.dirname, '../../../apps/page/lessons');
const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const lessons = lessonsThatShip();
const lessonCalled = (part: string): Lesson => lessons.find(({ name }) => name.includes(part)) as Lesson;

/** The run and the stop that are on the stage. */
function stageAt({ lesson, records }: ReadyLesson, index: number): { readonly record: PageRecord; readonly stop: LessonStop } {
  const stop = lesson.stops[index] as LessonStop;
  return { record: records.find(({ variant }) => variant === variantOf(lesson, stop)) as PageRecord, stop };
}

/** What a node's cards show at a stop. */
function cardAt(ready: ReadyLesson, index: number): ReturnType<typeof viewOf> {
  const { record, stop } = stageAt(ready, index);
  return viewOf(record, record.nodes.indexOf(stop.node), stop.row);
}

/** What each node has decided last, by its short name. */
function decisionsAt(ready: ReadyLesson, index: number): readonly (string | undefined)[] {
  const { record, stop } = stageAt(ready, index);
  return record.nodes.map((_, node) => viewOf(record, node, stop.row).decision?.value);
}

describe('the lessons', function () {
  this.timeout(60_000);

  for (const lesson of lessons)
    describe(lesson.name, () => {
      let ready: ReadyLesson;
      before(() => {
        ready = prepared(lesson);
      });

      it('reaches each stop, in order within each variant, and runs as expected', () => {
        const last = new Map<string | null, number>();
        for (const stop of ready.lesson.stops) {
          const variant = variantOf(lesson, stop);
          expect(stop.row, stop.head.text).to.be.at.least(Math.max(0, last.get(variant) ?? 0));
          last.set(variant, stop.row);
        }
        for (const { variant, asExpected } of ready.records) expect(asExpected, variant ?? '').to.equal(true);
      });

      it('draws a message only while it is on its way, as the list of what was sent says', () => {
        for (const index of ready.lesson.stops.keys()) {
          const { record, stop } = stageAt(ready, index);
          const focus = record.nodes.indexOf(stop.node);
          const told = toldBy(record, focus, stop.row, Number.MAX_SAFE_INTEGER);
          for (const { from, to, words, isLost } of flightsAt(record, stop.row, focus).filter((one) => one.isFocus)) {
            expect(from).to.equal(focus);
            const name = record.nodes[to] ?? '';
            for (const word of words) {
              const row = told.find(({ text }) => text === word);
              if (!isLost) expect([...(row?.underWay ?? []), ...(row?.again ?? [])], stop.head.text).to.include(name);
            }
          }
        }
      });

      it('shows what was lost at a node that is down only, and no numbers of entries', () => {
        for (const index of ready.lesson.stops.keys()) {
          const { record, stop } = stageAt(ready, index);
          for (const node of record.nodes.keys()) {
            const { isDown, cache, disk } = viewOf(record, node, stop.row);
            if (!isDown) expect(cache.map(({ kind }) => kind)).not.to.include('lost');
            for (const { text } of [...cache, ...disk]) expect(text).not.to.match(/\d+ (more|frames?|lost)\b/);
          }
        }
      });

      it('asks within its stops, and speaks of a node that is there', () => {
        for (const { node } of lesson.stops) expect(Object.keys(lesson.data.validators)).to.include(node);
        expect(lesson.question.after).to.be.within(0, lesson.stops.length - 1);
      });

      it('has a task that its solution reaches, and that is not done from the start', () => {
        const { goal, solution, variant } = lesson.now;
        const run = (faults: Lesson['data']['faults']): PageRecord =>
          recordOf(
            { ...lesson.data, faults, decides: [], mustReach: [], until: { timeMs: 2500 } },
            variant === null ? {} : { variant },
          );
        const done = run(solution);
        for (const condition of goal) expect(isMet(condition, done), goalWords(condition)).to.equal(true);
        const untouched = run(lesson.data.faults);
        expect(
          goal.every((condition) => isMet(condition, untouched)),
          'already done',
        ).to.equal(false);
      });
    });

  it('two shows the second vote three clicks from its first stop, then the damage, and then the recovery with a log', () => {
    const ready = prepared(lessonCalled('no-log'));
    expect(ready.lesson.stops[3]?.head.text).to.equal(
      'A votes as if for the first time: a second, different prevote in round 0.',
    );
    expect(cardAt(ready, 3).memory.map(({ text }) => text)).to.deep.equal(['prevote nil']);
    expect(decisionsAt(ready, 5)).to.deep.equal(['w3', 'w3', 'v3', 'w3']);
    expect(cardAt(ready, 6).disk.map(({ text }) => text)).to.include('own precommit v3');
    expect(cardAt(ready, 7).isDown).to.equal(true);
    expect(cardAt(ready, 7).disk.map(({ text }) => text)).to.include('own precommit v3');
    expect(cardAt(ready, 8).memory.map(({ text }) => text)).to.include('precommit v3');
    expect(decisionsAt(ready, 10)).to.deep.equal(['v3', 'v3', 'v3', 'v3']);
    const variants = ready.lesson.stops.map((stop) => variantOf(ready.lesson, stop));
    expect(variants.slice(6)).to.deep.equal(Array.from({ length: 5 }, () => 'with a log'));
  });

  it('five shows the power failure that makes the rule matter: the vote was heard, and its frame is lost', () => {
    const ready = prepared(lessonCalled('flush-before'));
    const kinds = ready.lesson.stops
      .flatMap(({ head, say }) => [head, ...say])
      .flatMap(({ claims }) => claims.map(({ kind }) => kind));
    expect(kinds).to.include.members(['lost', 'forgot', 'heard', 'before']);
    // The same death of a node that flushes first, and of one that does not.
    expect(cardAt(ready, 2).isDown).to.equal(true);
    expect(cardAt(ready, 2).disk.map(({ text }) => text)).to.include('own precommit v3');
    expect(cardAt(ready, 8).cache.map(({ kind }) => kind)).to.include('lost');
    expect(cardAt(ready, 8).isDown).to.equal(true);
  });

  it('five ends with the damage: two decisions at one height, as two nodes have contradicted themselves', () => {
    const ready = prepared(lessonCalled('flush-before'));
    expect(decisionsAt(ready, 6)).to.deep.equal(['v3', 'v3', 'v3', 'v3']);
    const last = ready.lesson.stops.length - 1;
    expect(decisionsAt(ready, last)).to.deep.equal(['w3', 'w3', 'v3', 'w3']);
    const { record, stop } = stageAt(ready, last);
    for (const node of [0, 1])
      expect(toldBy(record, node, stop.row, 0).map(({ text, fault }) => ({ text, fault }))).to.deep.equal([
        { text: 'precommit v3', fault: '' },
        { text: 'precommit nil', fault: 'both in round 0' },
        { text: 'precommit w3, round 1', fault: 'it was locked on v3' },
      ]);
  });

  it('calls a contradiction two different votes, and never a second vote: a precommit is a second vote too', () => {
    for (const text of texts) expect(text).not.to.match(/second vote|votes? a second time/i);
    for (const { means } of terms) expect(means).not.to.match(/second vote/i);
  });

  it('explains at most five terms at a stop, each once, and those of its sentences first', () => {
    const shown = [
      { said: 'A prevote and a lock.', stage: 'height 3, round 0, page cache, proposal, precommit' },
      { said: 'The frame is durable.', stage: 'height 3, nil' },
    ];
    const [first, second] = [termsAt(shown.slice(0, 1)), termsAt(shown)].map((list) => list.map(({ name }) => name));
    expect(first?.slice(0, 2)).to.deep.equal(['prevote', 'lock']);
    expect(first).to.have.length(5);
    expect(second?.slice(0, 2)).to.deep.equal(['frame', 'durable']);
    expect(second).to.include('page cache');
    expect(second?.filter((name) => first?.includes(name))).to.deep.equal([]);
  });

  it('says nothing that can be taken for its opposite', () => {
    for (const text of texts) expect(text).not.to.match(/right shelf|behind|whoever/i);
  });

  it('reports all that is wrong with a lesson at once, with its file', () => {
    const [good = ''] = texts;
    const wrong = good.replace('right: true', 'right: false').replace('claim: { durable:', 'claim: { durably:');
    expect(() => parseLesson(wrong, 'mine.md')).to.throw(
      /mine\.md: .*claim is not understood[\s\S]*mine\.md: exactly one answer/,
    );
    const colon = good.replace(/^say:$/m, 'say:\n  - So: one.');
    expect(() => parseLesson(colon, 'mine.md')).to.throw(
      'mine.md: a sentence is a text or has a `text`, and {"So":"one."} is neither',
    );
    expect(() => parseLesson('# Nothing', 'mine.md')).to.throw(
      /a lesson needs a block ```scenario[\s\S]*a lesson needs at least one block ```stop/,
    );
    const unclaimed = good.replace('say:\n', 'say:\n  - The vote of B is on the disk.\n');
    expect(() => parseLesson(unclaimed, 'mine.md')).to.throw("'disk' needs a claim");
  });
});
