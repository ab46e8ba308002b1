/** What a schema expects, and what was found, in words for people. */
import type { z } from 'zod';
import { tooLong } from './duration.ts';

type Schema = z.core.$ZodType;

interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly options?: readonly Schema[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  tuple: 'a list',
  record: 'a map (`name: value`)',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
};

/** Expected, in one phrase. */
export function single(schema: Schema): string {
  const { type, innerType, options, entries, values, shape } = definitionOf(schema);
  if (type === 'optional' && innerType !== undefined) return single(innerType);
  if (type === 'union' && options !== undefined) return isTime(schema) ? 'a time' : listOf([...new Set(options.map(single))]);
  if (entries !== undefined) return listOf(Object.values(entries).map((value) => `'${value}'`));
  if (values !== undefined) return listOf(values.map((value) => `'${String(value)}'`));
  if (type === 'number') return isWhole(schema) ? 'a whole number' : 'a number';
  if (type !== 'object') return kinds[type] ?? type;
  const required = Object.entries(shape ?? {}).flatMap(([key, inner]) => (isRight(inner, undefined) ? [] : [key]));
  return required.length === 0 ? 'a map (`name: value`)' : `{ ${required.map((key) => `${key}: ...`).join(', ')} }`;
}

/** What is wrong with a value that is no map or list with mistakes inside. */
export function wordsOfLeaf(schema: Schema, given: unknown, path: readonly PropertyKey[]): string {
  const name = String(path.findLast((part) => typeof part === 'string') ?? 'a scenario');
  const [issue] = (schema as z.ZodType).safeParse(given).error?.issues ?? [];
  const isNumber = issue !== undefined && 'origin' in issue && (issue.origin === 'number' || issue.origin === 'int');
  if (issue?.code === 'too_small' && isNumber) return `'${name}': at least ${issue.minimum}`;
  if (issue?.code === 'too_big' && isNumber) return `'${name}': at most ${issue.maximum}`;
  if (issue?.code === 'invalid_format') return `'${name}': ${issue.message}, and found ${found(given)}`;
  const expected =
    typeof given === 'object' && given !== null && definitionOf(schema).type === 'object' ? 'a map' : single(schema);
  return `'${name}': expected ${mapWords(schema, expected)}, and found ${found(given)}${adviceFor(schema, given)}`;
}

/** A map that needs no field is a map; one that needs some is named by them. */
function mapWords(schema: Schema, expected: string): string {
  return definitionOf(schema).type === 'object' && expected.startsWith('{')
    ? `a map (\`name: value\`) such as ${expected}`
    : expected;
}

export function found(given: unknown): string {
  if (given === undefined || given === null) return 'nothing';
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'object') return 'a map';
  return typeof given === 'string' ? `'${given}'` : String(given);
}

/** What may have been meant: the value without its quotes, as a time, or in the only field of a map. */
function adviceFor(schema: Schema, given: unknown): string {
  if (typeof given === 'string' && given.trim() !== '' && isRight(schema, Number(given)))
    return `; write ${Number(given)} without quotes`;
  if (isTime(schema)) {
    const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m)/.exec(String(given)) ?? [];
    if (String(given).trim() === `${number}${unit}`) return `; that is ${tooLong}`;
    return number === undefined ? "; write 500, '500ms', '5s' or '2m'" : `; write '${number}${unit}'`;
  }
  const { type, options = [schema] } = definitionOf(schema);
  if (type !== 'union' && type !== 'object') return '';
  const fields = options.flatMap((option): readonly { readonly key: string; readonly inner: Schema }[] => {
    const required = Object.entries(definitionOf(option).shape ?? {}).filter(([, inner]) => !isRight(inner, undefined));
    const [[key, inner] = []] = required;
    return required.length === 1 && key !== undefined && inner !== undefined && isRight(inner, given) ? [{ key, inner }] : [];
  });
  // What is a time is hardly the name of something.
  const times = fields.filter(({ inner }) => isTime(inner));
  const maps = (times.length > 0 && typeof given === 'string' ? times : fields).map(({ key }) => `{ ${key}: ${String(given)} }`);
  return maps.length === 0 || given === null || typeof given === 'object' ? '' : `; write ${listOf(maps)}`;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** It takes both a number of ms and a text with a unit. */
function isTime(schema: Schema): boolean {
  const { type } = definitionOf(schema);
  return type === 'union' && isRight(schema, 500) && isRight(schema, '500ms') && !isRight(schema, 'none');
}

function isWhole(schema: Schema): boolean {
  return isRight(schema, 1) && !isRight(schema, 1.5);
}

function isRight(schema: Schema, value: unknown): boolean {
  return (schema as z.ZodType).safeParse(value).success;
}

function definitionOf(schema: Schema): Definition {
  return (schema._zod as unknown as { readonly def: Definition }).def;
}
