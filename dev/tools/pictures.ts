/** Draws the pictures of the page that the documents show (docs/pictures), in a real browser, from runs made now. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import { lessonPage, runPage } from '../../apps/page/pages.ts';
import { bundle } from '../../apps/page/template.ts';
import { executablePath } from './browser.ts';

interface Picture {
  readonly name: string;
  readonly size: readonly [number, number];
  readonly theme: 'light' | 'dark';
  readonly text: string;
  readonly link: string;
  readonly prepare?: (page: Page) => Promise<unknown>;
}

if (executablePath === undefined) throw new Error('no Chromium: install it, or name it in CHROMIUM');
const parts = await bundle();
const { data } = await loadScenario('scenarios/library/01-the-lesson-of-the-log.ts');
const run = runPage(parts, data).page;
const [noLog, flush, machines] = [lessonPage(parts, 1), lessonPage(parts, 4), lessonPage(parts, 15)];

const pictures: readonly Picture[] = [
  { name: 'stage-dark', size: [1440, 900], theme: 'dark', text: noLog, link: '#stop=6' },
  { name: 'stage-light', size: [1440, 900], theme: 'light', text: flush, link: '#stop=9' },
  { name: 'question-dark', size: [1024, 768], theme: 'dark', text: flush, link: '#stop=8' },
  { name: 'present-dark', size: [1920, 1080], theme: 'dark', text: flush, link: '?present=1#stop=9' },
  { name: 'explore-light', size: [1440, 1400], theme: 'light', text: flush, link: '#stop=9&face=explore' },
  { name: 'explore-dark', size: [1920, 1080], theme: 'dark', text: run, link: '#face=explore&variant=fsync+skipped' },
  {
    name: 'compare-light',
    size: [1920, 1300],
    theme: 'light',
    text: run,
    link: '#face=explore',
    prepare: async (page) => {
      await page.locator('#compare').click();
      await page.locator('.comparing').waitFor();
    },
  },
  { name: 'drive-dark', size: [1440, 900], theme: 'dark', text: flush, link: '#stop=8&face=drive' },
  { name: 'machines-light', size: [1440, 900], theme: 'light', text: machines, link: '#stop=5' },
  { name: 'embedded-light', size: [1024, 640], theme: 'light', text: noLog, link: '?embed=1#stop=6' },
  {
    name: 'crash-strip-dark',
    size: [1440, 1400],
    theme: 'dark',
    text: run,
    link: '#face=explore&variant=fsync+skipped',
    prepare: async (page) => {
      await page.getByText('try every crash point').click();
      await page
        .getByText(/deaths? adds?/)
        .first()
        .waitFor({ timeout: 90_000 });
      await page.locator('.strip').first().scrollIntoViewIfNeeded();
    },
  },
  { name: 'phone-light', size: [390, 844], theme: 'light', text: noLog, link: '#stop=6' },
];

const folder = mkdtempSync(join(tmpdir(), 'lazurite-pictures-'));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const { name, size, theme, text, link, prepare } of pictures) {
  const [width, height] = size;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
  const file = join(folder, `${name}.html`);
  writeFileSync(file, text);
  await page.goto(`file://${file}${link}`);
  await page.waitForSelector('html[data-ready=yes]');
  await prepare?.(page);
  await page.waitForTimeout(200);
  await page.screenshot({ path: `docs/pictures/${name}.png` });
  await page.close();
}
await browser.close();
