/** The prose of a file: the sentences of its comments, or of a Markdown page. Code, links and names of things are taken out. */

export interface Sentence {
  readonly text: string;
  /** 1-based: where the paragraph begins that the sentence is in. */
  readonly line: number;
}

interface Paragraph {
  readonly text: string;
  readonly line: number;
}

/** The sentences of the comments that have lines of their own. */
export function commentSentences(source: string): readonly Sentence[] {
  const paragraphs: Paragraph[] = [];
  let block: { line: number; words: string[] } | undefined;
  let isExample = false;
  const close = (): void => {
    if (block !== undefined && block.words.length > 0) paragraphs.push({ text: block.words.join(' '), line: block.line });
    block = undefined;
  };
  let isBlock = false;
  for (const [index, whole] of source.split('\n').entries()) {
    const line = whole.trim();
    const opens = !isBlock && line.startsWith('/*');
    if (opens) {
      close();
      isBlock = true;
      isExample = false;
    }
    const isLineComment = !isBlock && line.startsWith('//') && !/^\/\/ (biome-ignore|@ts-|eslint)/.test(line);
    if (!isBlock && !isLineComment) {
      close();
      continue;
    }
    const text = isBlock ? line.replace(/^(\/\*+|\*(?!\/))/, '').replace(/\*+\/$/, '') : line.replace(/^\/+/, '');
    if (/^\s*@/.test(text)) isExample = true;
    if (text.trim() === '' || isExample) close();
    else {
      block ??= { line: index + 1, words: [] };
      block.words.push(text.trim());
    }
    if (isBlock && line.endsWith('*/')) {
      close();
      isBlock = false;
      isExample = false;
    }
  }
  close();
  return paragraphs.flatMap(sentencesIn);
}

/** The sentences of a page: of its paragraphs, list items and cells of tables. */
export function pageSentences(page: string): readonly Sentence[] {
  const paragraphs: Paragraph[] = [];
  let open: { line: number; words: string[] } | undefined;
  let isCode = false;
  const close = (): void => {
    if (open !== undefined) paragraphs.push({ text: open.words.join(' '), line: open.line });
    open = undefined;
  };
  for (const [index, whole] of page.split('\n').entries()) {
    const line = whole.trim();
    if (line.startsWith('```')) {
      isCode = !isCode;
      close();
    } else if (isCode || line === '' || /^(#|<|!\[|---)/.test(line)) close();
    else if (line.startsWith('|')) {
      close();
      for (const cell of line.split(/(?<!\\)\|/)) paragraphs.push({ text: cell.trim(), line: index + 1 });
    } else {
      if (/^([-*]|\d+\.) /.test(line)) close();
      open ??= { line: index + 1, words: [] };
      open.words.push(line.replace(/^([-*]|\d+\.) /, ''));
    }
  }
  close();
  return paragraphs.flatMap(sentencesIn);
}

function sentencesIn({ text, line }: Paragraph): readonly Sentence[] {
  return plain(text)
    .split(/(?<=[.!?][)"']?) +(?=[A-Z"'(`])/)
    .map((sentence) => ({ text: sentence.trim(), line }))
    .filter((sentence) => wordsIn(sentence.text) > 0);
}

/** Without code, addresses and marks: what is left is what a reader reads as words. */
function plain(text: string): string {
  return text
    .replace(/`[^`]*`/g, 'CODE')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/https?:\S+/g, 'URL')
    .replace(/\*\*|__/g, '');
}

export function wordsIn(text: string): number {
  return text.split(/[\s/]+/).filter((word) => /[A-Za-z0-9]/.test(word)).length;
}
