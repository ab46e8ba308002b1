/** Comments of scenario files, so that formatting loses none: in YAML they stay in place, and in the other language they are put at the top. */
import { isPair, isScalar, Lexer, type Pair, parseDocument, type Scalar, visit } from 'yaml';
import { type Duration, durationText, milliseconds } from './duration.ts';

/** Keys whose value is a time. `from` and `until` may be heights, so only texts count there. */
const timeKeys: readonly string[] = [
  'after',
  'within',
  'for',
  'time',
  'bound',
  'safetyPhase',
  'by',
  'delay',
  'propose',
  'prevote',
  'precommit',
  'growth',
  'rebroadcast',
  'status',
];
const mixedKeys: readonly string[] = ['from', 'until'];

/** The same YAML, with its comments, its order and its style, and with times written one way. */
export function reformattedYaml(text: string): string {
  const document = parseDocument(text);
  visit(document, {
    Scalar: (_, scalar, path) => {
      const ms = timeIn(scalar, [...path].reverse().find(isPair));
      if (ms === undefined) return;
      scalar.value = durationText(ms);
      delete scalar.source;
      delete scalar.type;
    },
  });
  return document.toString({ lineWidth: 120 });
}

/** Milliseconds, where the scalar is a time: the value of such a key, or in a list of such values. */
function timeIn({ value }: Scalar, pair: Pair | undefined): number | undefined {
  const key = isScalar(pair?.key) ? String(pair.key.value) : '';
  if (pair === undefined || pair.key === undefined || !isTime(value, key)) return undefined;
  return milliseconds(value);
}

function isTime(value: unknown, key: string): value is Duration {
  if (typeof value === 'number') return timeKeys.includes(key) && value >= 0;
  return typeof value === 'string' && /^\d+(\.\d+)?(ms|s|m)$/.test(value) && [...timeKeys, ...mixedKeys].includes(key);
}

/** The comments of a file in YAML, without their signs, but for what editors read. */
export function commentsInYaml(text: string): readonly string[] {
  const found: string[] = [];
  for (const token of new Lexer().lex(text)) if (token.startsWith('#')) found.push(token.replace(/^#+ ?/, '').trimEnd());
  return found.filter((comment) => !/^yaml-language-server:/.test(comment));
}

/** The comments of a file in TypeScript or JavaScript, a line each, without their signs. */
export function commentsInCode(text: string): readonly string[] {
  const found: string[] = [];
  // Strings, regular expressions after a sign that cannot end a value, and the two kinds of comments.
  const tokens =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|[=(,:[!&|?{};]\s*\/(?![/*])(?:\\.|[^/\\\n])+\/|\/\/.*|\/\*[\s\S]*?\*\//g;
  for (const [token] of text.matchAll(tokens)) {
    if (token.startsWith('//')) found.push(token.replace(/^\/+ ?/, '').trimEnd());
    else if (token.startsWith('/*')) found.push(...linesOf(token));
  }
  return found.filter((comment) => !/^(biome-ignore|@ts-|eslint-)/.test(comment));
}

function linesOf(comment: string): readonly string[] {
  const inner = comment.replace(/^\/\*+/, '').replace(/\*+\/$/, '');
  return inner
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .filter((line) => line !== '');
}

/** `sign`: such as `#`. */
export function withCommentsAbove(text: string, comments: readonly string[], sign: string): string {
  return [...comments.map((comment) => `${sign} ${comment}`.trimEnd()), text].join('\n');
}
