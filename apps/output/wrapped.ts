/** Lines that fit on a terminal: broken at blanks, and indented further where they go on. */

/** Sequences that set a colour take no room. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** `width`: columns; undefined: lines stay as they are. A word that is longer than a line stays whole. */
export function wrapped(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  return text
    .split('\n')
    .map((line) => wrappedLine(line, width))
    .join('\n');
}

function wrappedLine(line: string, width: number): string {
  if (lengthOf(line) <= width) return line;
  const [indent = ''] = /^ */.exec(line) ?? [];
  // Never so far in that nothing fits.
  const further = ' '.repeat(Math.min(indent.length + 4, Math.floor(width / 2)));
  const lines: string[] = [];
  let current = indent;
  let isEmpty = true;
  // Blanks belong to the word before them, so that double ones stay.
  for (const word of line.slice(indent.length).match(/[^ ]+ */g) ?? []) {
    if (!isEmpty && lengthOf(current) + lengthOf(word.trimEnd()) > width) {
      lines.push(current.trimEnd());
      current = further;
    }
    current += word;
    isEmpty = false;
  }
  return [...lines, current.trimEnd()].join('\n');
}

function lengthOf(text: string): number {
  return [...text.replace(colours, '')].length;
}
