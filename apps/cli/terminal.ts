/** How text leaves the command: in colour or not, with all signs or in ASCII alone. */
import { styleText } from 'node:util';

export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Prints for people, with only line breaks and colours acting; `asIs` prints what another program reads, which has escapes of its own. */
export type Print = ((text: string) => void) & { readonly asIs: (text: string) => void };

export type ColourFlag = 'auto' | 'always' | 'never' | true | undefined;

/** `flag`: as given by `--color`; asked each time, since flags are parsed after commands are made. */
export function paintFor(flag: () => ColourFlag): Paint {
  const styled = (style: 'green' | 'red' | 'dim') => (text: string) =>
    hasColour(flag()) ? styleText(style, text, { validateStream: false }) : text;
  return { good: styled('green'), bad: styled('red'), dim: styled('dim') };
}

/** Colour only on a terminal, unless a flag says so; NO_COLOR (https://no-color.org) is honoured. */
export function hasColour(flag: ColourFlag): boolean {
  if (flag === 'always' || flag === true) return true;
  return flag !== 'never' && process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
}

/** Columns of the terminal; elsewhere what COLUMNS says, and undefined if nothing does: lines stay whole for other programs. */
export function terminalWidth(): number | undefined {
  const columns = process.stdout.isTTY === true ? process.stdout.columns : Number(process.env['COLUMNS']);
  return columns >= leastColumns ? columns : undefined;
}

/** On anything narrower, broken lines are harder to read than long ones. */
const leastColumns = 20;

const plain: Readonly<Record<string, string>> = {
  '✓': '+',
  '✕': 'x',
  '·': '.',
  '↻': 'R',
  '⟳': 'r',
  '→': '->',
  '←': '<-',
  '■': '#',
  '…': '...',
  '—': '-',
  '×': 'x',
};

/** The signs that this command uses, in ASCII. */
export function asciiOf(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (sign) => plain[sign] ?? '?');
}
