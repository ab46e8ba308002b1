/** Draws the pictures of the page that the documents show (docs/pictures), in a real browser, from runs made now. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import { lessonsThatShip, ready } from '../../apps/page/lessons.ts';
import { recordOf } from '../../apps/page/record/record-run.ts';
import { bundle, html } from '../../apps/page/template.ts';
import { executablePath } from './browser.ts';

interface Picture {
  readonly name: string;
  readonly size: readonly [number, number];
  readonly theme: 'light' | 'dark';
  readonly data: object;
  readonly link?: string;
  readonly prepare?: (page: Page) => Promise<unknown>;
}

const { data } = await loadScenario('scenarios/library/01-the-lesson-of-the-log.ts');
const records = data.variants.map(({ name }) => recordOf(data, { variant: name }));
const story = { records, lessons: [], lesson: -1 };
const [taught] = lessonsThatShip().slice(4).map(ready);
const lesson = { records: taught?.records ?? [], lessons: [taught?.lesson], lesson: 0 };
const broken = records.find(({ variant }) => variant === 'no WAL');
const second = broken?.properties.find(({ name }) => name === 'no-equivocation')?.row ?? 0;
// When it is heard, there are two rows where one promise should be.
const heard = Math.min(...(broken?.messages.flatMap((one) => (one.sent === second && one.heard > 0 ? [one.heard] : [])) ?? []));
const forgotten = `#at=${heard}&node=B&variant=no+WAL`;
const [honest] = records;
const voted = honest?.messages.find(({ promise }) => promise === '3.0 prevote')?.sent ?? 0;
const drive = async (page: Page): Promise<void> => {
  await page.keyboard.press('d');
  await page.locator('#quiz').click();
  await page.locator('.quiz button').first().click();
};

const pictures: readonly Picture[] = [
  { name: 'page-dark', size: [1280, 860], theme: 'dark', data: story, link: forgotten },
  { name: 'page-light', size: [1280, 860], theme: 'light', data: story, link: forgotten },
  {
    name: 'drive-dark',
    size: [1280, 1480],
    theme: 'dark',
    data: story,
    link: `#at=${voted}&node=${honest?.nodes[honest.rows[voted]?.node ?? 0]}`,
    prepare: drive,
  },
  { name: 'lesson-light', size: [1024, 768], theme: 'light', data: lesson, prepare: (page) => page.keyboard.press('PageDown') },
  { name: 'narrow-dark', size: [390, 844], theme: 'dark', data: story, link: forgotten },
];

const parts = await bundle();
const folder = mkdtempSync(join(tmpdir(), 'lazurite-pictures-'));
if (executablePath === undefined) throw new Error('no Chromium: install it, or name it in CHROMIUM');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const { name, size, theme, data: shown, link = '', prepare } of pictures) {
  const [width, height] = size;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
  writeFileSync(join(folder, `${name}.html`), html(parts, name, shown));
  await page.goto(`file://${join(folder, `${name}.html`)}${link}`);
  await page.waitForSelector('html[data-ready=yes]');
  await prepare?.(page);
  await page.waitForTimeout(200);
  await page.screenshot({ path: `docs/pictures/${name}.png` });
  await page.close();
}
await browser.close();
