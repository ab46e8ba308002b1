/** The page: bytes of interface and engine, and what a browser takes to open 100,000 events and to seek in them. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { recordOf } from '../../apps/page/record/record-run.ts';
import { bundle, html } from '../../apps/page/template.ts';
import { scenario } from '../../scenarios/index.ts';

export interface PageFigures {
  /** Kilobytes, compressed. */
  readonly interfaceKb: number;
  readonly engineKb: number;
  /** Milliseconds; undefined if there is no browser. */
  readonly openMs: number | undefined;
  readonly seekMs: number | undefined;
}

const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export async function measurePage(): Promise<PageFigures> {
  const parts = await bundle();
  const size = (text: string): number => gzipSync(text, { level: 9 }).length / 1000;
  const sizes = { interfaceKb: size(parts.script) + size(parts.style), engineKb: size(parts.engine) };
  if (!existsSync(browserPath)) return { ...sizes, openMs: undefined, seekMs: undefined };
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-bench-'));
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  try {
    const record = recordOf(scenario('long', { A: 1, B: 1, C: 1, D: 1 }).until({ height: 380 }).data);
    writeFileSync(join(folder, 'long.html'), html(parts, 'long', { records: [record], lessons: [], lesson: -1 }));
    const page = await browser.newPage();
    await page.goto(`file://${join(folder, 'long.html')}`);
    await page.waitForSelector('html[data-ready=yes]');
    const openMs = Number(await page.evaluate('performance.now()'));
    const seekMs = Number(
      await page.evaluate(`new Promise((resolve) => {
        const slider = document.querySelector('.scrub input');
        const times = [];
        const next = (nth) => {
          if (nth === 20) return resolve(times.sort((a, b) => a - b)[10]);
          const started = performance.now();
          slider.value = String(Math.floor((Number(slider.max) * ((nth * 7) % 20)) / 20));
          slider.dispatchEvent(new Event('input', { bubbles: true }));
          requestAnimationFrame(() => setTimeout(() => { times.push(performance.now() - started); next(nth + 1); }));
        };
        next(0);
      })`),
    );
    return { ...sizes, openMs, seekMs };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}
