/** Changes to bytes and texts, drawn from a seed: cuts, flips, copies, splices, and pieces that mean something to a reader. */
/** A whole number from 0 to below the bound. */
export type Draw = (below: number) => number;

/** Whole numbers at the edges of their sizes, as big-endian bytes. */
const numbers: readonly (readonly number[])[] = [
  [0],
  [0x7f],
  [0xff],
  [0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0x9a, 0x06, 0xb9, 0x5d, 0x50],
  [0xbb, 0, 0, 0, 1, 0, 0, 0, 0],
  [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
];

const words: readonly string[] = [
  ...[
    '__proto__',
    'constructor',
    'null',
    'true',
    '-1',
    '0',
    '1e309',
    '9007199254740993',
    '0.5',
    '""',
    "'",
    '"',
    '\\',
    '\u0000',
    '\u202e',
    '\ud83d',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    ':',
    ': ',
    ',',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!!set ',
    '!!binary ',
    '<<: ',
    '|',
    '>',
    '#',
    '%YAML 1.1\n---\n',
    '\n---\n',
    '\t',
    '\r',
    '\ufeff',
  ],
  ...[
    '../',
    '/',
    '.',
    '@',
    '~',
    '%',
    ',names=',
    'cut=',
    'sectors=',
    ':torn',
    'h8r2',
    'ms',
    'A',
    'B@1.0/wal.flush~1:after',
    '[[[[[[[[',
    '{"a":{"a":',
    '9'.repeat(400),
  ],
];

export function mutatedBytes(draw: Draw, sample: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = [...sample];
  for (let change = draw(4); change >= 0; change -= 1) {
    const at = draw(bytes.length + 1);
    const length = draw(24);
    switch (draw(7)) {
      case 0:
        bytes = bytes.slice(0, at);
        break;
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8));
        break;
      case 2:
        bytes.splice(at, length);
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + length));
        break;
      case 4: {
        const number = numbers[draw(numbers.length)] ?? [];
        bytes.splice(at, draw(2) * number.length, ...number);
        break;
      }
      case 5: {
        const from = draw(other.length + 1);
        bytes.splice(at, length, ...other.slice(from, from + 4 * length));
        break;
      }
      default:
        for (let index = 0; index < length; index += 1) bytes[at + index] = draw(256);
    }
  }
  return Uint8Array.from(bytes, (byte) => byte ?? 0);
}

export function mutatedText(draw: Draw, sample: string, other: string): string {
  let text = sample;
  for (let change = draw(4); change >= 0; change -= 1) {
    const at = draw(text.length + 1);
    const length = draw(24);
    const word = words[draw(words.length)] ?? '';
    const from = draw(other.length + 1);
    const middle = [
      ...[text.slice(at, at + 1), '', word, word, text.slice(at, at + length).repeat(2)],
      ...[other.slice(from, from + 4 * length), String.fromCharCode(draw(0x300)), word.repeat(1 + draw(40))],
    ][draw(8)] as string;
    text = text.slice(0, at) + middle + text.slice(at + draw(2) * length);
  }
  return text;
}
