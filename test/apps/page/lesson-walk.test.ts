/** Every lesson in a real browser, by mouse and by keyboard alone; what it opens with; print; and "now you". */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { lessonsThatShip } from '../../../apps/page/lessons.ts';
import { lessonPage } from '../../../apps/page/pages.ts';
import { prepared, type ReadyLesson } from '../../../apps/page/prepare-lesson.ts';
import { bundle, html, type Parts } from '../../../apps/page/template.ts';
import { executablePath } from '../../../dev/tools/browser.ts';

describe('a lesson on the page', function () {
  this.timeout(180_000);
  let browser: Browser;
  let parts: Parts;
  let folder: string;
  let page: Page;
  const said: string[] = [];
  const lessons = lessonsThatShip();

  before(async function () {
    if (executablePath === undefined) {
      this.skip();
      return;
    }
    folder = mkdtempSync(join(tmpdir(), 'lazurite-lesson-'));
    parts = await bundle();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  beforeEach(async () => {
    said.length = 0;
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
  });
  afterEach(async () => {
    await page.close();
    expect(said, 'the console stays silent').to.deep.equal([]);
  });
  after(async () => {
    if (executablePath === undefined) return;
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(text: string): Promise<void> {
    const file = join(folder, 'lesson.html');
    writeFileSync(file, text);
    await page.goto(`file://${file}`);
    await page.waitForSelector('html[data-ready=yes]');
  }

  async function openReady(index: number): Promise<ReadyLesson> {
    const ready = prepared(lessons[index] as (typeof lessons)[number]);
    const all = lessons.map((one, at) => (at === index ? ready.lesson : one));
    await open(html(parts, ready.lesson.title, { records: ready.records, lessons: all, lesson: index }));
    return ready;
  }

  /** The sentence in large type, the row, and the node that is marked. */
  async function here(): Promise<{ readonly head: string | null; readonly row: number; readonly node: string | null }> {
    const [, row = '0'] = /moment (\d+)/.exec((await page.textContent('#place')) ?? '') ?? [];
    return {
      head: await page.locator('.say h2').textContent(),
      row: Number(row) - 1,
      node: await page.locator('.node.focus .name').textContent(),
    };
  }

  for (const [index, { name }] of lessons.entries())
    it(`${name}: opens at its first stop, and is walked by mouse and by keyboard to the right answer`, async () => {
      const { lesson } = await openReady(index);
      const right = lesson.question.answers.find((answer) => answer.right);
      for (const way of ['mouse', 'keyboard'] as const) {
        const on = async (): Promise<void> => {
          if (way === 'mouse') await page.locator('#next').click();
          else await page.keyboard.press('PageDown');
        };
        for (const [at, stop] of lesson.stops.entries()) {
          expect(await here(), `stop ${at + 1}, ${way}`).to.deep.equal({ head: stop.head.text, row: stop.row, node: stop.node });
          if (at === lesson.question.after) {
            const answer = page.getByRole('button', { name: right?.text ?? '' });
            if (way === 'mouse') await answer.click();
            else {
              await page.locator('fieldset button').first().focus();
              for (let tabs = 0; tabs < 5 && !(await answer.evaluate((one) => one === document.activeElement)); tabs += 1)
                await page.keyboard.press('Tab');
              await page.keyboard.press('Enter');
            }
            await page.locator('fieldset p', { hasText: right?.why.text.slice(0, 30) ?? '' }).waitFor();
          }
          await on();
        }
        expect(await page.locator('.say h2').textContent()).to.equal('The rule');
        for (let back = 0; back < lesson.stops.length; back += 1) await page.keyboard.press('PageUp');
      }
    });

  it('two: the second vote of one node is three clicks away', async () => {
    await open(lessonPage(parts, 1));
    for (let click = 0; click < 3; click += 1) await page.locator('#next').click();
    expect((await here()).head).to.equal('A votes as if for the first time: a second, different prevote in round 0.');
    expect(await page.locator('.node.focus.broken .second').first().textContent()).to.contain('both in round 0');
  });

  for (const index of [1, 4, 12, 14, 15])
    it(`${lessons[index]?.name}: every sign on the stage is in the legend, and no other`, async () => {
      await open(lessonPage(parts, index));
      for (const _ of lessons[index]?.stops ?? []) {
        const { signs, explained } = await page.evaluate(() => {
          const kindOf = (element: Element): string =>
            [...element.classList].filter((name) => !['sample', 'own', 'more', 'empty'].includes(name)).join(' ');
          const kinds = (selector: string): string[] => [...new Set([...document.querySelectorAll(selector)].map(kindOf))].sort();
          return {
            signs: kinds('.stage .chip:not(.more, .empty), .stage .pill'),
            explained: kinds('.stand .legend .sample'),
          };
        });
        expect(explained).to.deep.equal(signs);
        await page.locator('#next').click();
      }
      expect(await page.locator('.lanes li').count()).to.be.at.least(4);
    });

  it('shows what the others have heard of the node of which is spoken', async () => {
    await open(lessonPage(parts, 1));
    for (let click = 0; click < 3; click += 1) await page.locator('#next').click();
    const heardBy = (name: string): Promise<string | null> =>
      page
        .locator('.node', { has: page.locator(`.name:text-is("${name}")`) })
        .locator('.heard')
        .textContent();
    expect(await heardBy('C')).to.equal('heard from A: prevote v3, precommit v3');
    expect(await heardBy('D')).to.equal('heard from A: prevote nil');
  });

  for (const index of [1, 4, 6, 15])
    it(`${lessons[index]?.name}: cards and the way back keep their places, and no pill lies on a card`, async () => {
      await open(lessonPage(parts, index));
      const places = new Set<string>();
      for (let at = 0; at <= (lessons[index]?.stops.length ?? 0); at += 1) {
        const seen = await page.evaluate(() => {
          const boxOf = (element: Element): DOMRect => element.getBoundingClientRect();
          const cards = [...document.querySelectorAll('.stage .node')].map(boxOf);
          const pills = [...document.querySelectorAll('.stage .pill.own')].map(boxOf);
          const meets = (a: DOMRect, b: DOMRect): boolean =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          const back = document.querySelector('#back');
          const [legend, stand] = [document.querySelector('.stand .legend'), document.querySelector('.stand')];
          return {
            places: [
              ...cards.map(({ left, top }) => [left, top]),
              back === null ? [] : [boxOf(back).left, boxOf(back).bottom],
            ].map((one) => one.map((length) => Math.round(length / 4))),
            covered: pills.filter((pill) => cards.some((card) => meets(pill, card))).length,
            room: stand === null || legend === null ? 0 : boxOf(stand).bottom - boxOf(legend).bottom,
          };
        });
        places.add(JSON.stringify(seen.places));
        expect(seen.covered, `stop ${at + 1}`).to.equal(0);
        expect(seen.room, `stop ${at + 1}`).to.be.at.least(8);
        await page.keyboard.press('PageDown');
      }
      // A key that has spoken at two heights has a card higher than half of the stage.
      if (index !== 15) expect([...places]).to.have.length(1);
    });

  it('announces another run, lists broken promises one by one, and counts as far as the slider goes', async () => {
    await open(lessonPage(parts, 4));
    expect(await page.locator('.story .count').textContent()).to.contain('run: flush, then send');
    for (let click = 0; click < 7; click += 1) await page.locator('#next').click();
    expect(await page.locator('.say .run.other').textContent()).to.contain('Another run of the same scenario: send, then flush');
    for (let click = 0; click < 4; click += 1) await page.locator('#next').click();
    expect(await page.locator('.place .promise').allTextContents()).to.deep.equal([
      'one decision at each height',
      'one vote of each kind in a round',
      'and 3 more',
    ]);
    const [, last = '0'] = / of (\d+)/.exec((await page.textContent('#place')) ?? '') ?? [];
    expect(Number(last) - 1).to.equal(Number(await page.locator('.scrub input').getAttribute('max')));
    await open(lessonPage(parts, 1));
    for (let click = 0; click < 11; click += 1) await page.locator('#next').click();
    expect(await page.locator('.say .run.other').textContent()).to.contain('This happens in another run: no log');
  });

  it('asks within its frame, and the way past the question is not the obvious one', async () => {
    await open(lessonPage(parts, 1));
    for (let click = 0; click < 2; click += 1) await page.locator('#next').click();
    const [frame, words] = await Promise.all(['fieldset', 'fieldset legend'].map((one) => page.locator(one).boundingBox()));
    expect(words?.y).to.be.at.least((frame?.y ?? 0) + 4);
    expect(await page.locator('#next').getAttribute('class')).to.equal('');
    await page.locator('fieldset button').nth(1).click();
    expect(await page.locator('#next').getAttribute('class')).to.equal('primary');
  });

  it('explains each term where it first appears, and not again', async () => {
    await open(lessonPage(parts, 4));
    const named: string[] = [];
    for (const _ of lessons[4]?.stops ?? []) {
      named.push(...(await page.locator('.terms dt').allTextContents()));
      await page.locator('#next').click();
    }
    expect(named).to.include.members(['height', 'round', 'prevote', 'precommit', 'lock', 'page cache', 'flush', 'durable']);
    expect(new Set(named).size).to.equal(named.length);
  });

  it('checks what is done by hand against its goal', async () => {
    await open(lessonPage(parts, 0));
    for (let click = 0; click < 7; click += 1) await page.locator('#next').click();
    expect(await page.locator('.faces [aria-pressed=true]').textContent()).to.equal('Drive');
    expect(await page.locator('#task-done').count()).to.equal(0);
    await page.locator('#crash-now').click();
    await page.getByText('B loses power at').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Shift+ArrowRight');
    await page.locator('#restart-now').click();
    await page.locator('#task-done').waitFor({ timeout: 60_000 });
  });

  for (const index of [1, 4, 14, 15])
    it(`${lessons[index]?.name} prints as a handout, a page a stop and one for the question`, async () => {
      const { lesson } = await openReady(index);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length;
      expect(pages).to.equal(lesson.stops.length + 1);
    });
});
