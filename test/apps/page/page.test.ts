/**
 * The page in a real browser (Debian's Chromium, or what CHROMIUM names): opened from the disk, its three faces by mouse and by keyboard, with hostile
 * data and with 100,000 events. If there is no browser these tests are pending, and say so.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { lessonPage, runPage } from '../../../apps/page/pages.ts';
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

  async function open(text: string, link = ''): Promise<Page> {
    const file = join(folder, 'page.html');
    writeFileSync(file, text);
    const page = await context.newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|blob|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    await page.goto(`file://${file}${link}`);
    await page.waitForSelector('html[data-ready=yes]');
    return page;
  }

  const opened = async (link = '', data: ScenarioData = four): Promise<Page> => open(runPage(parts, data).page, link);

  it('opens from the disk, runs the scenario again in its worker, and finds the same hash as Node', async () => {
    const page = await opened();
    await page.keyboard.press('e');
    expect(await page.textContent('.hash')).to.equal(runScenario(four, { variant: 'with the log' }).hash);
    await page.getByText('run again here').click();
    await page.getByText('run again here: same hash').waitFor({ timeout: 60_000 });
  });

  it('opens a broken run at what was broken, on the stage', async () => {
    const page = await open(runPage(parts, four, { variant: 'no WAL' }).page);
    expect(await page.locator('.say h2').textContent()).to.equal('B votes again, and differently: now prevote nil.');
    expect(await page.locator('.node.broken .told .second').textContent()).to.contain('both in round 0');
    const disks = await page.locator('.stage .shelf:last-of-type .chip').allTextContents();
    expect(disks).to.include('no log, only decisions');
  });

  it('keeps the moment when the variant changes', async () => {
    const page = await opened('#face=explore&at=500&node=C');
    const time = await page.locator('.place span').nth(1).textContent();
    await page.getByRole('button', { name: 'no WAL ✕' }).click();
    await page.locator('button[aria-pressed=true]', { hasText: 'no WAL' }).waitFor();
    expect(Number.parseFloat((await page.locator('.place span').nth(1).textContent()) ?? '')).to.be.closeTo(
      Number.parseFloat(time ?? ''),
      2,
    );
  });

  it('restores face, position, node and variant from its link', async () => {
    const page = await opened('#face=drive&at=500&node=C&variant=no+WAL');
    expect(await page.textContent('#place')).to.match(/^moment 501 /);
    expect(await page.locator('.node.focus .name').textContent()).to.equal('C');
    expect(await page.locator('.faces [aria-pressed=true]').textContent()).to.equal('Drive');
    expect(await page.locator('[aria-label=variants] [aria-pressed=true]').textContent()).to.contain('no WAL');
    expect(page.url()).to.contain('face=drive').and.to.contain('at=500').and.to.contain('node=C');
  });

  it('names and groups the points of the crash strip, says what a death adds, and re-runs one', async () => {
    const page = await open(runPage(parts, { ...four, variants: [] }, { exhibit: 'no-fsync' }).page, '#face=explore');
    await page.keyboard.press('n');
    await page.keyboard.press('2');
    await page.getByText('try every crash point').click();
    await page.waitForFunction(() => document.querySelectorAll('.strip button').length > 20, undefined, { timeout: 90_000 });
    expect((await page.locator('.strip h3').allTextContents()).join()).to.contain('round 0, wal.flush');
    expect(await page.locator('.strip button').first().textContent()).to.match(/^[·✕?] \d+ (before|after|torn)$/);
    await page
      .getByText(/deaths? adds?: .* is broken/)
      .first()
      .waitFor({ timeout: 90_000 });
    const cell = page.locator('.strip button').nth(12);
    const name = ((await cell.getAttribute('aria-label')) ?? '').split(' ')[0] ?? '';
    await cell.click();
    await page.getByText(`This is the run in which ${name}`).waitFor({ timeout: 60_000 });
    expect(await page.textContent('.narration h2')).to.match(/loses power|is killed/);
  });

  it('compares two stages with two disks at one time, and marks the first difference', async () => {
    const page = await opened('#face=explore&at=480');
    await page.locator('#compare').click();
    await page.getByText('The first difference of the two runs is row').waitFor({ timeout: 60_000 });
    expect(await page.locator('.comparing .stage').count()).to.equal(2);
    expect(await page.locator('.comparing .stage').nth(1).locator('.shelf:has-text("disk")').count()).to.equal(4);
    expect(await page.locator('.comparing .side h2').first().textContent()).to.equal('with the log');
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
    const { made, hash } = await printedBy(page);
    expect(made.faults.length).to.equal(3);
    expect(runScenario(made).hash).to.equal(hash);
  });

  it('drives the broken node that is on screen, and Node gives it the same hash', async () => {
    const page = await opened('#face=drive&at=400&node=B&variant=no+WAL');
    await page.locator('.node.focus .acts button', { hasText: 'kill it' }).click();
    await page.getByText('B is killed at').waitFor({ timeout: 60_000 });
    const { made, hash } = await printedBy(page);
    const run = runScenario(made);
    expect(run.exhibit).to.equal('no-wal');
    expect(run.hash).to.equal(hash);
  });

  it('decides the fate of single messages and fires single timers, and Node gives it the same hash', async () => {
    const record = recordOf(four, { variant: 'with the log' });
    const sent = record.messages.find(({ promise, from }) => promise === '2.0 prevote' && from === 0)?.sent ?? 0;
    const page = await opened(`#face=drive&at=${sent}&node=A`);
    await page.locator('button.pill.own').first().click();
    const first = page.locator('.wire-list li.picked');
    expect(await first.locator('span').first().textContent()).to.match(/^A → [BCD]: prevote v2/);
    await first.getByRole('button', { name: 'drop' }).click();
    await page.getByText('never arrives').first().waitFor({ timeout: 60_000 });
    for (const fate of ['delay', 'twice', 'deliver']) {
      await page.locator('.wire-list li').first().getByRole('button', { name: fate }).click();
      await page
        .getByText({ delay: 'comes 100 ms later', twice: 'arrives twice', deliver: 'arrives now' }[fate] ?? '')
        .waitFor({ timeout: 60_000 });
    }
    await page.locator('.fire').first().click();
    await page.getByText('elapses now').waitFor({ timeout: 60_000 });
    const { made, hash } = await printedBy(page);
    expect(made.faults.slice(2).map(({ fault }) => fault.type)).to.deep.equal([...Array(4).fill('message'), 'timer']);
    const run = runScenario(made, { record: true });
    expect(run.hash).to.equal(hash);
    expect([...run.world.trace.events()].filter((one) => one.type === 'lost' && one.reason === 'intercepted')).to.have.length(1);
  });

  it('asks what will happen, by keyboard, and explains the answer', async () => {
    const record = recordOf(four, { variant: 'with the log' });
    const at = record.rows.findIndex(({ kind }) => kind === 'said');
    const page = await opened(`#face=explore&at=${at}`);
    await page.locator('#quiz').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('✓ The gate holds it').waitFor();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.quiz').count()).to.equal(0);
  });

  it('turns a switch, says what breaks, and lights the state of the chart', async () => {
    const page = await opened('#face=explore');
    await page.keyboard.press('2');
    const lit = page.locator('.statechart .state.lit text');
    const step = page.locator('.shelves dt', { hasText: /^step$/ }).locator('+ dd');
    expect(await lit.textContent()).to.equal(await step.textContent());
    await page.getByRole('button', { name: 'no log', exact: true }).click();
    await page.getByText('With "no log" this is broken: ').waitFor({ timeout: 60_000 });
    expect(await page.textContent('.note')).to.contain('one vote of each kind in a round');
    expect(await page.locator('#no-log').count()).to.equal(1);
  });

  /** The scenario within the printed test, without running the test, and the hash on the page. */
  async function printedBy(page: Page): Promise<{ readonly made: ScenarioData; readonly hash: string | null }> {
    const hash = await page.textContent('.drive .hash');
    await page.locator('#as-mocha').click();
    await page.locator('#printed').waitFor({ timeout: 30_000 });
    const text = await page.locator('#printed').inputValue();
    expect(text).to.contain("describe('a vote that was forgotten'");
    const expression = /const run = ([\s\S]*?)\.run\(\);/.exec(text)?.[1] ?? '';
    const names = { scenario, event };
    const { data } = new Function(...Object.keys(names), `return ${expression};`)(...Object.values(names)) as {
      data: ScenarioData;
    };
    return { made: data, hash };
  }

  it('shows what is hostile as text', async () => {
    const name = '</script><script>document.title = "broken"</script>';
    const data: ScenarioData = {
      ...scenario('hostile', { A: 1 }).until({ time: '300ms' }).data,
      name,
      description: '<img src=x onerror=alert(1)>',
    };
    const page = await opened('', data);
    expect(await page.textContent('h1')).to.equal(name);
    expect(await page.title()).to.not.equal('broken');
    expect(await page.locator('img').count()).to.equal(0);
  });

  it('holds 100,000 events: opens, seeks, and keeps only what is visible in the document', async () => {
    const data = scenario('long', { A: 1, B: 1, C: 1, D: 1 }).until({ height: 380 }).data;
    const record = recordOf(data);
    expect(record.events).to.be.greaterThan(100_000);
    const page = await open(html(parts, 'long', { records: [record], lessons: [], lesson: -1 }));
    for (const face of ['s', 'e', 'd']) {
      await page.keyboard.press(face);
      await page.keyboard.press('End');
      expect(await page.textContent('#place')).to.match(new RegExp(`^moment ${record.rows.length} `));
      await page.keyboard.press('Home');
      expect(await page.textContent('#place')).to.match(/^moment 1 /);
      expect(await page.locator('body *').count()).to.be.lessThan(1500);
    }
  });

  it('holds the lessons, whatever it was made for, and runs one when it is chosen', async () => {
    const page = await opened();
    await page.locator('.choice select').selectOption({ label: '5. Flush before you speak' });
    await page.getByText('B wants to send its precommit for v3, and waits.').waitFor({ timeout: 60_000 });
    expect(await page.locator('.node.focus .name').textContent()).to.equal('B');
  });

  it('is small where it stands in another page', async () => {
    const page = await open(lessonPage(parts, 1), '?embed=1');
    expect(await page.locator('.choice').isVisible()).to.equal(false);
    await page.locator('#next').click();
    await page.getByText('A and B die. C gets their votes all the same, and decides v3.').waitFor();
  });
});
