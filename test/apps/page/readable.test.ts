/** What is drawn can be read: sizes of letters, whole words, accessibility (axe, WCAG 2.2 AA), no sentence without its claim, in each face, theme and width. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { lessonPage } from '../../../apps/page/pages.ts';
import { markedWords } from '../../../apps/page/story/marked-words.ts';
import { bundle, type Parts } from '../../../apps/page/template.ts';
import { executablePath } from '../../../dev/tools/browser.ts';

const smallestPx = 13;
const faces = ['story', 'explore', 'drive', 'present', 'compare'] as const;
type Face = (typeof faces)[number];

/** Texts in sight that are smaller than they may be, and words that are broken over two lines. Runs in the page. */
function misprints(smallest: number): readonly string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = node.textContent ?? '';
    if (parent === null || text.trim() === '' || parent.closest('script, style, noscript, .hidden, option') !== null) continue;
    const box = parent.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    let zoom = 1;
    for (let element: HTMLElement | null = parent as HTMLElement; element !== null; element = element.parentElement)
      zoom *= Number(element.style?.zoom === undefined || element.style.zoom === '' ? 1 : element.style.zoom);
    const size = Number.parseFloat(getComputedStyle(parent).fontSize) * zoom;
    if (size < smallest - 0.05) found.push(`${size.toFixed(1)} px: ${text.trim().slice(0, 40)}`);
    if (parent.closest('svg') !== null) continue;
    for (const match of text.matchAll(/[^\s-]+-?/g)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const tops = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top / 4)));
      if (tops.size > 1) found.push(`broken: ${match[0]}`);
    }
  }
  return [...new Set(found)].slice(0, 8);
}

/** Sentences in sight with a marked word that rest on nothing. Runs in the page. */
function unclaimed(patterns: readonly string[]): readonly string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const rests =
    '[data-claims], [data-rule], [data-quoted], [data-guess], script, style, noscript, option, h1, pre, textarea, .node, button.primary';
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent ?? '';
    if (!patterns.some((pattern) => new RegExp(pattern, 'i').test(text)) || node.parentElement?.closest(rests) !== null) continue;
    found.push(text.trim());
  }
  // The labels of the shelves are names, not sentences.
  return found.filter((text) => !/^(disk|page cache|survives)$/.test(text));
}

describe('the page can be read', function () {
  this.timeout(240_000);
  let browser: Browser;
  let parts: Parts;
  let folder: string;
  let text: string;
  const said: string[] = [];

  before(async function () {
    if (executablePath === undefined) {
      this.skip();
      return;
    }
    folder = mkdtempSync(join(tmpdir(), 'lazurite-readable-'));
    parts = await bundle();
    text = lessonPage(parts, 4);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  after(async () => {
    if (executablePath === undefined) return;
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(face: Face, theme: 'light' | 'dark', width: number): Promise<Page> {
    said.length = 0;
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    const file = join(folder, 'page.html');
    writeFileSync(file, text);
    const link = face === 'compare' ? 'explore' : face === 'present' ? 'story' : face;
    await page.goto(`file://${file}${face === 'present' ? '?present=1' : ''}#stop=8&face=${link}`);
    await page.waitForSelector('html[data-ready=yes]');
    if (face === 'compare') {
      await page.locator('#compare').click();
      await page.locator('.comparing .stage').nth(1).waitFor();
    }
    if (face === 'explore') {
      await page.keyboard.press('?');
      await page.keyboard.press('w');
    }
    if (face === 'story') await page.locator('fieldset button').first().click();
    return page;
  }

  for (const face of faces)
    for (const width of [390, 1024, 1440, 1920])
      it(`${face} at ${width} px: no letter under ${smallestPx} px, no broken word, nothing beside the page, no empty tooltip`, async () => {
        const page = await open(face, 'dark', width);
        expect(await page.evaluate(misprints, smallestPx)).to.deep.equal([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(width);
        expect(await page.locator('[title=""]').count()).to.equal(0);
        expect(
          await page.evaluate(
            unclaimed,
            markedWords.map(({ pattern }) => pattern.source),
          ),
        ).to.deep.equal([]);
        expect(said).to.deep.equal([]);
        await page.context().close();
      });

  for (const theme of ['light', 'dark'] as const)
    for (const face of faces)
      it(`${face}, ${theme}: axe finds nothing wrong at four widths`, async () => {
        const page = await open(face, theme, 1440);
        for (const width of [1440, 1920, 1024, 390]) {
          await page.setViewportSize({ width, height: 900 });
          const { violations } = await new AxeBuilder({ page })
            .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
            .analyze();
          expect(
            violations.map(
              ({ id, nodes }) => `${width}: ${id} ${nodes[0]?.html.slice(0, 140)} ${nodes[0]?.failureSummary ?? ''}`,
            ),
          ).to.deep.equal([]);
        }
        await page.context().close();
      });

  it('a planted sentence without a claim is noticed, and so are small letters and a broken word', async () => {
    const page = await open('story', 'dark', 1440);
    await page.evaluate(() => {
      const planted = document.createElement('p');
      planted.textContent = 'Its frame is on the disk, incomprehensibilities';
      Object.assign(planted.style, { fontSize: '12px', width: '60px', overflowWrap: 'anywhere' });
      document.querySelector('.say')?.append(planted);
    });
    expect(
      await page.evaluate(
        unclaimed,
        markedWords.map(({ pattern }) => pattern.source),
      ),
    ).to.have.length(1);
    const found = (await page.evaluate(misprints, smallestPx)).join();
    expect(found).to.contain('12.0 px').and.to.contain('broken: incomprehensibilities');
    await page.context().close();
  });

  it('presents at the size of a projector: everything on the stage is larger', async () => {
    const sizeIn = async (face: Face): Promise<number> => {
      const page = await open(face, 'dark', 1920);
      const box = await page.locator('.say h2').evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize));
      await page.context().close();
      return box;
    };
    expect(await sizeIn('present')).to.be.greaterThan((await sizeIn('story')) * 1.4);
  });

  it('has an interface of at most 100 KB, compressed', () => {
    const size = gzipSync(parts.script, { level: 9 }).length + gzipSync(parts.style, { level: 9 }).length;
    expect(size).to.be.at.most(100_000);
  });
});
