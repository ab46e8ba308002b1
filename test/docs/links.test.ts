/** Every link between documents leads to a file, and to a heading of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** As GitHub makes them: small letters, hyphens for spaces, no other signs. */
function anchorsIn(text: string): ReadonlySet<string> {
  const headings = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  const anchors = new Set<string>();
  for (const heading of headings) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    for (let copy = 0; ; copy += 1) {
      const name = copy === 0 ? anchor : `${anchor}-${copy}`;
      if (anchors.has(name)) continue;
      anchors.add(name);
      break;
    }
  }
  return anchors;
}

function brokenLinksIn(page: string, text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(([, file = '', anchor]) => {
    const target = file === '' ? join(root, page) : resolve(join(root, page), '..', file);
    if (!existsSync(target)) return [`${page}: no file ${file}`];
    if (anchor === undefined || anchorsIn(file === '' ? text : readFileSync(target, 'utf8')).has(anchor)) return [];
    return [`${page}: ${file} has no heading #${anchor}`];
  });
}

describe('the links of the documents', () => {
  it('lead somewhere', () => {
    expect(pages.flatMap((page) => brokenLinksIn(page, readFileSync(join(root, page), 'utf8')))).to.deep.equal([]);
  });

  it('and what CONTRIBUTING names is there: files, folders and scripts', () => {
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: object };
    const files = [...text.matchAll(/(?<![\w.])\.?(?:[a-z][\w-]*\/)+[\w.-]*\w(?![\w/*-])/g)].map(([name]) => name);
    expect(files.length).to.be.greaterThan(30);
    expect(files.filter((name) => !existsSync(join(root, name)) && !/[A-Z]{4}|NN-/.test(name))).to.deep.equal([]);
    const run = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(run.filter((name) => !Object.hasOwn(scripts, name))).to.deep.equal([]);
  });

  it('and every test that a document names is there', () => {
    const named = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/(?<![\w/.-])test\/[\w./-]+\.test\.ts/g)].map(([name]) => ({
        page,
        name,
      })),
    );
    expect(named.length).to.be.greaterThan(150);
    expect(named.filter(({ name }) => !existsSync(join(root, name)))).to.deep.equal([]);
  });

  it('are missed where file or heading is gone', () => {
    const text = '# One\n\n[a](#one) [b](#two) [c](nowhere.md) [d](docs/explore.md#nowhere)\n';
    expect(brokenLinksIn('README.md', text)).to.deep.equal([
      'README.md:  has no heading #two',
      'README.md: no file nowhere.md',
      'README.md: docs/explore.md has no heading #nowhere',
    ]);
  });
});
