/**
 * The page in a real browser (Debian's Chromium, or what CHROMIUM names): opened from the disk, by keyboard, with hostile data and with 100,000
 * events. Where there is no browser these tests are pending, and say so.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'chai';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { lessonsThatShip, ready } from '../../../apps/page/lessons.ts';
import type { PageRecord } from '../../../apps/page/record/page-record.ts';
import { recordOf } from '../../../apps/page/record/record-run.ts';
import { bundle, html, type Parts } from '../../../apps/page/template.ts';
import { executablePath } from '../../../dev/tools/browser.ts';
import { event, runScenario, type ScenarioData, scenario } from '../../../scenarios/index.ts';

const four = scenario('a vote that was forgotten', { A: 1, B: 1, C: 1, D: 1 })
  .fault({ ...event('height.start', { height: 3 }), node: 'A' }, { type: 'crash', nodes: ['A'], restartMs: 1500 })
  .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'kill', nodes: ['B'], restartMs: 100 })
  .safetyPhase('2s')
  .variants({ name: 'with the log' }, { name: 'no WAL', wal: 'none', expect: { fail: ['no-equivocation'] } }).data;

describe('the page', function () {
  this.timeout(180_000);
  let browser: Browser;
  let context: BrowserContext;
  let parts: Parts;
  let folder: string;
  const said: string[] = [];

  before(async function () {
    if (executablePath === undefined) {
      this.skip();
      return;
    }
    folder = mkdtempSync(join(tmpdir(), 'lazurite-page-'));
    parts = await bundle();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  beforeEach(async () => {
    said.length = 0;
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true });
  });
  afterEach(async () => {
    await context.close();
    expect(said, 'the console stays silent').to.deep.equal([]);
  });
  after(async () => {
    if (executablePath === undefined) return;
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(
    name: string,
    records: readonly PageRecord[],
    link = '',
    more: object = { lessons: [], lesson: -1 },
  ): Promise<Page> {
    writeFileSync(join(folder, name), html(parts, name, { records, ...more }));
    const page = await context.newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|blob|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    await page.goto(`file://${join(folder, name)}${link}`);
    await page.waitForSelector('html[data-ready=yes]');
    return page;
  }

  const both = (): readonly PageRecord[] => four.variants.map(({ name }) => recordOf(four, { variant: name }));
  const opened = async (): Promise<Page> => open('run.html', both());

  it('opens from the disk, runs the scenario again in its worker, and finds the same hash as Node', async () => {
    const page = await opened();
    expect(await page.textContent('.hash')).to.equal(runScenario(four, { variant: 'with the log' }).hash);
    await page.getByText('reproduce here').click();
    await page.getByText('reproduced here: same hash').waitFor({ timeout: 60_000 });
  });

  it('shows what a crash struck out, and two rows where there were two votes', async () => {
    const page = await opened();
    await page.getByRole('button', { name: 'no WAL ✕' }).click();
    await page.locator('.badge.bad').click();
    await page.keyboard.press('2');
    for (let far = 0; far < 3; far += 1) await page.keyboard.press('Shift+ArrowRight');
    expect(await page.locator('.promises .broken').count()).to.be.greaterThan(0);
    expect(await page.textContent('.promises .broken')).to.contain('a second one');
  });

  it('re-runs a point of the crash strip', async () => {
    const page = await opened();
    await page.keyboard.press('n');
    await page.keyboard.press('2');
    await page.getByText('try every crash point').click();
    await page.waitForFunction(() => document.querySelectorAll('.strip button').length > 20, undefined, { timeout: 90_000 });
    const name = (await page.locator('.strip button').nth(12).getAttribute('title')) ?? '';
    await page.locator('.strip button').nth(12).click();
    await page.getByText(`this is the run in which ${name}`).waitFor({ timeout: 60_000 });
    expect(await page.textContent('.what')).to.contain('crash');
  });

  it('restores a position from its link', async () => {
    const page = await open('run.html', both(), '#at=500&node=C&variant=no+WAL');
    expect(await page.textContent('.place')).to.match(/^501\//);
    expect(await page.locator('.shelves h2 button[aria-pressed=true]').textContent()).to.contain('C');
    expect(await page.locator('header button[aria-pressed=true]').first().textContent()).to.contain('no WAL');
  });

  it('writes a mocha test of what was driven, and Node gives it the same hash', async () => {
    const page = await opened();
    await page.keyboard.press('d');
    await page.keyboard.press('2');
    await page.locator('#crash-now').click();
    await page.getByText('B loses power at').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Shift+ArrowRight');
    await page.locator('#restart-now').click();
    await page.getByText('B comes back at').waitFor({ timeout: 60_000 });
    const hash = await page.textContent('.hash');
    await page.locator('#as-mocha').click();
    await page.locator('#printed').waitFor({ timeout: 30_000 });
    const text = await page.locator('#printed').inputValue();
    expect(text).to.contain("describe('a vote that was forgotten'");
    const made = await scenarioIn(text);
    expect(made.faults.length).to.equal(3);
    expect(runScenario(made).hash).to.equal(hash);
  });

  it('decides the fate of single messages and fires single timers, and Node gives it the same hash', async () => {
    const record = recordOf(four, { variant: 'with the log' });
    const sent = record.messages.find(({ promise, from }) => promise === '2.0 prevote' && from === 0)?.sent ?? 0;
    const page = await open('wire.html', both(), `#at=${sent}&node=A`);
    await page.keyboard.press('d');
    const first = page.locator('.wire-list li').first();
    const words = (await first.locator('span').textContent()) ?? '';
    expect(words).to.match(/^A → [BCD]: prevote/);
    await first.getByRole('button', { name: 'drop' }).click();
    await page.getByText('is lost').waitFor({ timeout: 60_000 });
    for (const fate of ['delay', 'twice', 'deliver']) {
      await page.locator('.wire-list li').first().getByRole('button', { name: fate }).click();
      await page
        .getByText({ delay: 'comes 100 ms later', twice: 'arrives twice', deliver: 'arrives now' }[fate] ?? '')
        .waitFor({ timeout: 60_000 });
    }
    await page.locator('.fire').first().click();
    await page.getByText('elapses now').waitFor({ timeout: 60_000 });
    expect(await page.textContent('.what')).to.contain('timer');
    const hash = await page.textContent('.hash');
    await page.locator('#as-mocha').click();
    await page.locator('#printed').waitFor({ timeout: 30_000 });
    const made = await scenarioIn(await page.locator('#printed').inputValue());
    expect(made.faults.slice(2).map(({ fault }) => fault.type)).to.deep.equal([
      'message',
      'message',
      'message',
      'message',
      'timer',
    ]);
    const run = runScenario(made, { record: true });
    expect(run.hash).to.equal(hash);
    expect([...run.world.trace.events()].filter((one) => one.type === 'lost' && one.reason === 'intercepted')).to.have.length(1);
  });

  it('asks what will happen, by keyboard, and explains the answer', async () => {
    const record = recordOf(four, { variant: 'with the log' });
    const said = record.rows.findIndex(({ kind }) => kind === 'said');
    const page = await open('quiz.html', both(), `#at=${said}`);
    await page.locator('#quiz').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('✓ The gate holds it').waitFor();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.quiz').count()).to.equal(0);
  });

  it('turns a switch, says what breaks, and lights the state of the chart', async () => {
    const page = await opened();
    await page.keyboard.press('2');
    const lit = page.locator('.statechart .state.lit text');
    expect(await lit.textContent()).to.equal(
      await page
        .locator('.shelves dt', { hasText: /^step$/ })
        .locator('+ dd')
        .textContent(),
    );
    await page.getByRole('button', { name: 'no log', exact: true }).click();
    await page.getByText('no log: breaks').waitFor({ timeout: 60_000 });
    expect(await page.textContent('.note')).to.contain('no-equivocation');
    await page.getByText('reproduce here').click();
    await page.getByText('reproduced here: same hash').waitFor({ timeout: 60_000 });
  });

  /** The scenario within a printed test, without running the test. */
  async function scenarioIn(text: string): Promise<ScenarioData> {
    const expression = /const run = ([\s\S]*?)\.run\(\);/.exec(text)?.[1] ?? '';
    const names = { scenario, event };
    return (new Function(...Object.keys(names), `return ${expression};`)(...Object.values(names)) as { data: ScenarioData }).data;
  }

  it('walks a lesson by keyboard alone, to the right answer', async () => {
    const { lesson, records } = ready(lessonsThatShip()[1] as ReturnType<typeof lessonsThatShip>[number]);
    const page = await open('lesson.html', records, '', { lessons: [lesson], lesson: 0 });
    for (let stop = 0; stop < lesson.stops.length; stop += 1) {
      await page.keyboard.press('PageDown');
      const next = lesson.stops[stop + 1];
      if (next !== undefined) await page.getByText(next.say.trim().slice(0, 40)).first().waitFor({ timeout: 60_000 });
    }
    const right = lesson.question.answers.find((answer) => answer.right);
    const answer = page.getByRole('button', { name: right?.text ?? '' });
    for (let tabs = 0; tabs < 80; tabs += 1) {
      await page.keyboard.press('Tab');
      if (await answer.evaluate((element) => element === document.activeElement)) break;
    }
    await page.keyboard.press('Enter');
    await page.getByText(`✓ ${right?.why.slice(0, 30)}`).waitFor();
  });

  it('shows what is hostile as text', async () => {
    const name = '</script><script>document.title = "broken"</script>';
    const data: ScenarioData = {
      ...scenario('hostile', { A: 1 }).until({ time: '300ms' }).data,
      name,
      description: '<img src=x onerror=alert(1)>',
    };
    const page = await open('hostile.html', [recordOf(data)]);
    expect(await page.textContent('h1')).to.equal(name);
    expect(await page.title()).to.not.equal('broken');
    expect(await page.locator('img').count()).to.equal(0);
  });

  it('holds 100,000 events: opens, seeks, and keeps only what is visible in the document', async () => {
    const data = scenario('long', { A: 1, B: 1, C: 1, D: 1 }).until({ height: 380 }).data;
    const record = recordOf(data);
    expect(record.events).to.be.greaterThan(100_000);
    const page = await open('long.html', [record]);
    await page.keyboard.press('End');
    expect(await page.textContent('.place')).to.match(new RegExp(`^${record.rows.length}/`));
    await page.keyboard.press('Home');
    expect(await page.textContent('.place')).to.match(/^1\//);
    expect(await page.locator('body *').count()).to.be.lessThan(1500);
    expect(await page.locator('svg.diagram *').count()).to.be.lessThan(600);
  });

  for (const theme of ['light', 'dark'] as const)
    it(`has nothing that axe calls wrong (WCAG 2.2 AA), ${theme}, in each mode and width`, async () => {
      await context.close();
      context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        colorScheme: theme,
        offline: true,
        reducedMotion: 'reduce',
      });
      const { lesson, records } = ready(lessonsThatShip()[1] as ReturnType<typeof lessonsThatShip>[number]);
      const page = await open('axe.html', records, '', { lessons: [lesson], lesson: 0 });
      const check = async (state: string): Promise<void> => {
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
          .analyze();
        expect(violations.map(({ id, nodes }) => `${state}: ${id} ${nodes[0]?.html.slice(0, 120)}`)).to.deep.equal([]);
      };
      await check('lesson');
      for (const mode of ['watch', 'drive', 'present']) {
        await page.getByRole('button', { name: mode, exact: true }).click();
        await page.keyboard.press('n');
        await check(mode);
      }
      await page.keyboard.press('?');
      await page.keyboard.press('w');
      await check('keys and why');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'compare' }).click();
      await check('compare');
      for (const width of [390, 640, 1024]) {
        await page.setViewportSize({ width, height: 800 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `nothing stands beside a page of ${width}`).to.be.at.most(width);
        await check(`${width} wide`);
      }
    });
});
