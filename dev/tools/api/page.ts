/** One page of docs/api: the exports of an entry point, with links to the types that they use. */
import type { Declared } from './declarations.ts';

export interface EntryPoint {
  /** As users import it: `lazurite/wal`. */
  readonly name: string;
  readonly manual: string;
  readonly declared: readonly Declared[];
  /** What it adds to types that are there already, such as the assertions of chai. */
  readonly augmented: string | undefined;
}

export function fileOf({ name }: Pick<EntryPoint, 'name'>): string {
  return `${name.replaceAll('/', '-')}.md`;
}

export function pageText(entry: EntryPoint, all: readonly EntryPoint[]): string {
  const sorted = [...entry.declared].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.map((one) => sectionText(one, entry, all));
  const added =
    entry.augmented === undefined
      ? []
      : [`## global\n\nWhat it adds to types that are there already.\n\n\`\`\`typescript\n${entry.augmented}\n\`\`\`\n`];
  const manual = entry.manual === '' ? '' : `${entry.manual}\n\n`;
  const count = `${sorted.length} ${sorted.length === 1 ? 'export' : 'exports'}`;
  return `# ${entry.name}\n\n${manual}Generated from the docstrings by \`npm run api\`; ${count}. [All entry points](README.md).\n\n${[...parts, ...added].join('\n')}`;
}

export function indexText(all: readonly EntryPoint[]): string {
  const rows = all.map((entry) => {
    const names = entry.declared.map(({ name }) => `[\`${name}\`](${linkTo(name, fileOf(entry))})`).sort();
    return `## [${entry.name}](${fileOf(entry)})\n\n${entry.manual === '' ? '' : `${entry.manual}\n\n`}${names.join(', ')}\n`;
  });
  return `# The entry points of the package\n\n\`npm run api\` writes these pages from the docstrings.\n\n${rows.join('\n')}`;
}

function linkTo(name: string, page: string): string {
  return `${page}#${name.toLowerCase()}`;
}

function sectionText({ name, comment, code }: Declared, entry: EntryPoint, all: readonly EntryPoint[]): string {
  const link = (word: string): string | undefined => (word === name ? undefined : linkOf(word, entry, all));
  const { says, throws, examples } = partsOf(comment);
  const linked = (text: string): string =>
    text.replace(/`(\w+)`/g, (whole, word: string) => {
      const target = link(word);
      return target === undefined ? whole : `[${whole}](${target})`;
    });
  const used = namesUsed(code).filter((word) => link(word) !== undefined);
  const parts = [
    `## ${name}`,
    linked(says),
    linked(throws),
    `\`\`\`typescript\n${code}\n\`\`\``,
    ...examples,
    used.length === 0 ? '' : `See ${used.map((word) => `[\`${word}\`](${link(word)})`).join(', ')}.`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

interface CommentParts {
  readonly says: string;
  /** The sentences that begin with `Throws`. */
  readonly throws: string;
  /** As code, fenced or not in the comment. */
  readonly examples: readonly string[];
}

function partsOf(comment: string): CommentParts {
  const [prose = '', ...examples] = comment.split(/^@example\n/m);
  const sentences = prose
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=\.) (?=[A-Z`])/);
  const isThrow = (text: string): boolean => /^Throws\b/.test(text);
  return {
    says: sentences.filter((text) => !isThrow(text)).join(' '),
    throws: sentences
      .filter(isThrow)
      .map((text) => text.replace(/^Throws/, '**Throws**'))
      .join(' '),
    examples: examples.map((text) => (text.startsWith('```') ? text.trim() : `\`\`\`ts\n${text.trim()}\n\`\`\``)),
  };
}

/** The comment with which the source of an entry point begins. */
export function manualText(comment: string): string {
  const [prose = '', ...examples] = comment.split(/^@example\n/m);
  const paragraphs = prose.split(/\n\s*\n/).map((text) => text.replace(/\s+/g, ' ').trim());
  return [...paragraphs, ...partsOf(`\n@example\n${examples.join('\n@example\n')}`).examples.filter(() => examples.length > 0)]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Where a name is explained: on this page, else on the first that has it. */
function linkOf(word: string, entry: EntryPoint, all: readonly EntryPoint[]): string | undefined {
  const has = ({ declared }: EntryPoint): boolean => declared.some(({ name }) => name === word);
  if (has(entry)) return `#${word.toLowerCase()}`;
  const other = all.find(has);
  return other === undefined ? undefined : linkTo(word, fileOf(other));
}

function namesUsed(code: string): readonly string[] {
  const bare = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'/g, ' ');
  return [...new Set([...bare.matchAll(/\b[A-Z]\w+/g)].map(([word]) => word))].sort();
}
