/** The language of comments and documents: what is a sentence, what is counted, and that the counts may only fall. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { dialect, lowered, measuresOf, riseOver } from '../../dev/tools/language/measures.ts';
import { commentSentences, pageSentences, wordsIn } from '../../dev/tools/language/prose.ts';

const texts = (sentences: readonly { readonly text: string }[]): readonly string[] => sentences.map(({ text }) => text);
const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');
const measured = (file: string, text: string, name: string): number =>
  measuresOf([{ file, text }]).find((measure) => measure.name.includes(name))?.value ?? -1;

describe('the language of comments and documents', () => {
  it('takes the sentences of comments, also of one on several lines, and nothing of code, examples and directives', () => {
    const source = [
      '/**',
      ' * One thought goes',
      ' * on here. Another: `a long. Name` of code.',
      ' *',
      ' * @example',
      " * const text = 'not a sentence';",
      ' */',
      "const text = '// no comment. At all';",
      '  // A second comment.',
      '  // biome-ignore lint: not ours.',
    ].join('\n');
    expect(texts(commentSentences(source))).to.deep.equal([
      'One thought goes on here.',
      'Another: CODE of code.',
      'A second comment.',
    ]);
    expect(commentSentences(source).map(({ line }) => line)).to.deep.equal([2, 2, 9]);
  });

  it('takes the sentences of a page: paragraphs, items and cells, and no code or headings', () => {
    const page =
      '# Title\n\nFirst line\ngoes on. A [link](x.md) here.\n\n- An item.\n\n| a cell | `code` |\n| --- | --- |\n\n```sh\nnpx x. Y\n```\n';
    expect(texts(pageSentences(page))).to.deep.equal(['First line goes on.', 'A link here.', 'An item.', 'a cell', 'CODE']);
  });

  it('counts words, and sentences of more than 35 of them', () => {
    expect(wordsIn('a b-c — d.e, (f)')).to.equal(4);
    expect(measured('x.ts', `// ${words(35)}.`, 'comments: sentences over 35')).to.equal(0);
    expect(measured('x.ts', `// ${words(36)}.`, 'comments: sentences over 35')).to.equal(1);
    expect(measured('x.md', `${words(36)}.`, 'documents: sentences over 35')).to.equal(1);
  });

  it('counts each word of the dialect', () => {
    const examples: Readonly<Record<string, string>> = {
      behind: 'a frame behind it',
      stands: 'the file stands there',
      tells: 'it tells nothing',
      who: 'who comes first',
      'the how many-th': 'the how many-th decision',
      'leaves out': 'it leaves out the end',
      'Of ..., the': 'Of these, the first counts',
      'in whose': 'a file in whose birth',
      'what comes of': 'what comes of it',
      "one's own": "a log of one's own",
      hears: 'B hears it',
      'otherwise than': 'otherwise than before',
      'so many': 'so many bytes',
      'comes by': 'a run that comes by a mark',
      'in vain': 'it waits in vain',
      whatever: 'whatever it holds',
      'goes by': 'the judge goes by content',
    };
    expect(Object.keys(examples)).to.deep.equal(dialect.map(({ name }) => name));
    for (const [name, text] of Object.entries(examples)) expect(measured('x.ts', `// ${text}`, `'${name}'`), name).to.equal(1);
  });

  it('is red when a count rises, when a sentence is too long, and when most are', () => {
    const plain = measuresOf([{ file: 'x.md', text: 'A short page.\n' }]);
    const kept = lowered(plain, {});
    expect(riseOver(plain, kept)).to.deep.equal([]);
    const risen = (text: string): readonly string[] =>
      riseOver(measuresOf([{ file: 'x.md', text }]), kept).map(({ name }) => name);
    expect(risen('It stands there.\n')).to.deep.equal(["documents: 'stands' (plain: is, or is in)"]);
    expect(risen(`${words(36)}.\n`)).to.include('documents: sentences over 35 words');
    expect(risen(`${words(23)}.\n`)).to.deep.equal(['documents: words of a sentence, 90th percentile']);
    expect(risen(`${words(22)}.\n`)).to.deep.equal([]);
  });

  it('keeps the lower of two counts', () => {
    const [first] = measuresOf([{ file: 'x.md', text: 'A page.\n' }]);
    const { name = '' } = first ?? {};
    expect(lowered([{ name, value: 3, places: [] }], { [name]: 5 })).to.deep.equal({ [name]: 3 });
    expect(lowered([{ name, value: 7, places: [] }], { [name]: 5 })).to.deep.equal({ [name]: 5 });
  });

  it('keeps a count for each measure', () => {
    const kept = JSON.parse(readFileSync('dev/language.json', 'utf8')) as Readonly<Record<string, number>>;
    expect(Object.keys(kept)).to.deep.equal(measuresOf([]).map(({ name }) => name));
  });
});
