/** What is exported, opened by the programs it is for: Mermaid, a browser's own SVG, and speedscope, a viewer of Chrome traces. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { exported } from '../../../apps/page/export.ts';
import { recordOf } from '../../../apps/page/record/record-run.ts';
import { executablePath } from '../../../dev/tools/browser.ts';
import { event, scenario } from '../../../scenarios/index.ts';

const require = createRequire(import.meta.url);

const record = recordOf(
  scenario('a crash & a "return" <1>; # and: more', { A: 1, B: 1, C: 1, D: 1 })
    .node('B', (b) =>
      b
        .waitUntil(event('publish', { type: 'precommit', height: 2 }))
        .crash()
        .restart({ after: '200ms' }),
    )
    .until({ time: '600ms' }).data,
);

/** What Mermaid puts into a page; the test knows no more of it. */
interface Mermaid {
  readonly mermaid: { render(id: string, text: string): Promise<{ readonly svg: string }> };
}

describe('what is exported, in the programs it is for', function () {
  this.timeout(120_000);
  let browser: Browser;
  let page: Page;
  let folder: string;

  before(async function () {
    if (executablePath === undefined) {
      this.skip();
      return;
    }
    folder = mkdtempSync(join(tmpdir(), 'lazurite-export-'));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--allow-file-access-from-files'] });
  });
  beforeEach(async () => {
    page = await browser.newPage();
  });
  afterEach(() => page.close());
  after(async () => {
    if (executablePath === undefined) return;
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  it('mermaid draws it, with a lane a node and each own message', async () => {
    await page.addScriptTag({ path: join(dirname(require.resolve('mermaid')), 'mermaid.min.js') });
    const text = exported(record, 'mermaid');
    const svg = await page.evaluate(
      async (source) => (await (globalThis as unknown as Mermaid).mermaid.render('drawn', source)).svg,
      text,
    );
    const messages = text.match(/->>|-x/g)?.length ?? 0;
    expect(messages).to.be.greaterThan(20);
    expect(svg.match(/class="messageText"/g)?.length).to.equal(messages);
    expect(svg).to.contain('restart').and.to.contain('crash');
  });

  it('svg: a browser reads it as XML and shows its title', async () => {
    const [title, texts] = await page.evaluate(
      (source) => {
        const read = new DOMParser().parseFromString(source, 'image/svg+xml');
        return [read.querySelector('title')?.textContent, read.querySelectorAll('text').length] as const;
      },
      exported(record, 'svg'),
    );
    expect(title).to.equal(record.data.name);
    expect(texts).to.be.greaterThan(30);
  });

  it('perfetto: speedscope opens it, a track a node', async () => {
    const profile = join(folder, 'profile.js');
    const text = Buffer.from(exported(record, 'perfetto')).toString('base64');
    writeFileSync(profile, `speedscope.loadFileFromBase64('run.json', '${text}')`);
    const index = join(dirname(require.resolve('speedscope/package.json')), 'dist/release/index.html');
    await page.goto(`file://${index}#localProfilePath=${profile}`);
    // The first track, by its name, and the number of tracks.
    const first = `${record.nodes[0]} (pid 1, tid 0) (1/${record.nodes.length})`;
    await page.getByText(first).waitFor({ timeout: 30_000 });
    expect(await page.title()).to.contain('run.json');
  });
});
