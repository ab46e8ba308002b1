/**
 * Checks a value against a schema and reports all mistakes at once. The valid parts are kept, so that their meaning can be checked as well. For a union it lists
 * the alternatives, or the mistakes in the alternative that was meant.
 */
import type { z } from 'zod';
import { found, single, wordsOfLeaf } from './shape-words.ts';
import { didYouMean } from './spelling.ts';

export type Path = readonly PropertyKey[];

export interface Mistake {
  readonly path: Path;
  readonly message: string;
  /** It is the key that is wrong, and not its value. */
  readonly isKey?: boolean;
}

/** What is kept of a value; without `value` nothing of it is. */
interface Kept {
  readonly value?: unknown;
}

type Schema = z.core.$ZodType;
type Shape = Readonly<Record<string, Schema>>;
type Report = (path: Path, message: string, isKey?: boolean) => void;

/** The replacement for a wrong element of a list or map, so that the others keep their indices. Undefined if the element is dropped. */
export type PlaceHolder = (parent: Path, element: unknown) => unknown;

export function checkShape(
  schema: Schema,
  value: unknown,
  placeHolder: PlaceHolder,
): { readonly kept: Kept; readonly mistakes: readonly Mistake[]; readonly holes: readonly Path[] } {
  const mistakes: Mistake[] = [];
  const holes: Path[] = [];
  const report: Report = (path, message, isKey) => {
    mistakes.push({ path, message, ...(isKey === true ? { isKey } : {}) });
  };
  const walk = (of: Schema, given: unknown, path: Path): Kept => {
    const { def } = of._zod as unknown as { readonly def: Definition };
    switch (def.type) {
      case 'optional':
        return given === undefined ? { value: undefined } : walk(def.innerType as Schema, given, path);
      case 'object':
        return isMap(given) ? inObject(def.shape as Shape, given, path) : notA(of, given, path);
      case 'record':
        return isMap(given) ? inRecord(of, def, given, path) : notA(of, given, path);
      case 'array':
        return Array.isArray(given) ? inList(of, def.element as Schema, given, path) : notA(of, given, path);
      case 'tuple':
        return Array.isArray(given) ? inTuple(def.items ?? [], given, path) : notA(of, given, path);
      case 'union':
        return inUnion(of, def, given, path);
      default:
        return isRight(of, given) ? { value: given } : notA(of, given, path);
    }
  };
  const notA = (of: Schema, given: unknown, path: Path): Kept => {
    report(path, wordsOfLeaf(of, given, path));
    return {};
  };
  const inObject = (shape: Shape, given: Record<string, unknown>, path: Path): Kept => {
    let isWhole = true;
    const kept: Record<string, unknown> = {};
    for (const key of Object.keys(given))
      if (!Object.hasOwn(shape, key)) report([...path, key], unknownKey(key, Object.keys(shape), path), true);
    for (const [key, inner] of Object.entries(shape)) {
      const isOptional = isRight(inner, undefined);
      if (!Object.hasOwn(given, key) || given[key] === undefined) {
        if (isOptional) continue;
        isWhole = false;
        report([...path, key], `'${key}' is missing: expected ${single(inner)}`);
        continue;
      }
      const child = walk(inner, given[key], [...path, key]);
      if ('value' in child) kept[key] = child.value;
      else isWhole &&= isOptional;
    }
    return isWhole ? { value: kept } : {};
  };
  const inRecord = (of: Schema, { keyType, valueType }: Definition, given: Record<string, unknown>, path: Path): Kept => {
    const entries = Object.entries(given).flatMap(([key, inner]): readonly [string, unknown][] => {
      const wrong = (keyType as z.ZodType).safeParse(key).error?.issues[0]?.message;
      if (wrong !== undefined) report([...path, key], `'${key}': ${wrong}`, true);
      const child = walk(valueType as Schema, inner, [...path, key]);
      if (wrong !== undefined) return [];
      const value = 'value' in child ? child.value : placeHolder(path, inner);
      return value === undefined ? [] : [[key, value]];
    });
    const value = Object.fromEntries(entries);
    // What is asked of the map as a whole.
    const issue = (of as z.ZodType).safeParse(given).error?.issues.find((one) => one.path.length === 0);
    if (issue?.code === 'custom') report(path, issue.message);
    return issue?.code === 'custom' ? {} : { value };
  };
  const inList = (of: Schema, element: Schema, given: readonly unknown[], path: Path): Kept => {
    const short = (of as z.ZodType).safeParse(given).error?.issues.find((one) => one.path.length === 0);
    if (short?.code === 'too_small') {
      report(path, `'${String(path.at(-1))}' is empty: ${short.message}`);
      return {};
    }
    const value = given.flatMap((inner, index): readonly unknown[] => {
      const child = walk(element, inner, [...path, index]);
      if ('value' in child) return [child.value];
      holes.push([...path, index]);
      const instead = placeHolder(path, inner);
      return instead === undefined ? [] : [instead];
    });
    return { value };
  };
  /** A list of a fixed length, each entry of its own kind. */
  const inTuple = (items: readonly Schema[], given: readonly unknown[], path: Path): Kept => {
    if (given.length !== items.length) {
      report(path, `'${String(path.at(-1))}': expected a list of ${items.length}, and found one of ${given.length}`);
      return {};
    }
    const kept = items.map((item, index) => walk(item, given[index], [...path, index]));
    return kept.every((one) => 'value' in one) ? { value: kept.map(({ value: inner }) => inner) } : {};
  };
  const inUnion = (of: Schema, { options = [], discriminator }: Definition, given: unknown, path: Path): Kept => {
    const right = options.find((option) => isRight(option, given));
    if (right !== undefined) return { value: given };
    if (discriminator !== undefined && isMap(given)) return inKind(options, discriminator, given, path);
    const fitting = options.filter((option) =>
      Array.isArray(given) ? ['array', 'tuple'].includes(typeOf(option)) : isMap(given) && shapeOf(option),
    );
    const [only] = fitting;
    if (Array.isArray(given) && only !== undefined) return walk(only, given, path);
    if (!isMap(given)) return notA(of, given, path);
    const meant = meantBy(given, fitting);
    const [first, second] = meant;
    if (first !== undefined && second === undefined) return walk(first, given, path);
    const keys = fitting.flatMap((option) => Object.keys(shapeOf(option) ?? {}));
    if (second !== undefined) {
      const both = meant.flatMap(requiredOf).filter((key) => Object.hasOwn(given, key));
      report(path, `give one of ${fitting.flatMap(requiredOf).join(', ')}, and not ${both.join(' and ')} together`);
      return {};
    }
    const unknown = Object.keys(given).filter((key) => !keys.includes(key));
    for (const key of unknown)
      report([...path, key], unknownKey(key, [...new Set([...fitting.flatMap(requiredOf), ...keys])], path), true);
    if (unknown.length === 0) return notA(of, given, path);
    return {};
  };
  /** A union of kinds that a key distinguishes. */
  const inKind = (options: readonly Schema[], word: string, given: Record<string, unknown>, path: Path): Kept => {
    const chosen = options.find((option) => isRight(shapeOf(option)?.[word] as Schema, given[word]));
    if (chosen !== undefined) return inObject(shapeOf(chosen) as Shape, given, path);
    const names = options.flatMap((option) => [...((shapeOf(option)?.[word]?._zod.values as Set<string> | undefined) ?? [])]);
    const kind = String(path.at(-1) ?? 'thing');
    const list = `there are ${names.join(', ')}`;
    if (given[word] === undefined) report([...path, word], `'${word}' is missing: ${list}`);
    else
      report(
        [...path, word],
        `no ${kind} is called ${found(given[word])}${didYouMean(String(given[word]), names) || `; ${list}`}`,
      );
    return {};
  };
  const kept = walk(schema, value, []);
  return { kept, mistakes, holes };
}

interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly shape?: Shape;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly element?: Schema;
  readonly items?: readonly Schema[];
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
}

function definitionOf(schema: Schema): Definition {
  return (schema._zod as unknown as { readonly def: Definition }).def;
}

function typeOf(schema: Schema): string {
  return definitionOf(schema).type;
}

/** The fields of a map schema; undefined for any other schema. */
function shapeOf(schema: Schema): Shape | undefined {
  return definitionOf(schema).shape;
}

function requiredOf(schema: Schema): readonly string[] {
  return Object.entries(shapeOf(schema) ?? {}).flatMap(([key, inner]) => (isRight(inner, undefined) ? [] : [key]));
}

/** The alternatives all of whose own keys are present. If there is no such alternative, the one with the most of its keys present. */
function meantBy(given: Record<string, unknown>, options: readonly Schema[]): readonly Schema[] {
  const has = (key: string): boolean => Object.hasOwn(given, key);
  const whole = options.filter((option) => requiredOf(option).every(has));
  if (whole.length > 0) return whole;
  const counted = options.map((option) => ({ option, count: requiredOf(option).filter(has).length }));
  const most = Math.max(0, ...counted.map(({ count }) => count));
  const best = most === 0 ? [] : counted.filter(({ count }) => count === most).map(({ option }) => option);
  return best.length === 1 ? best : [];
}

function isRight(schema: Schema, value: unknown): boolean {
  return (schema as z.ZodType).safeParse(value).success;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownKey(key: string, known: readonly string[], path: Path): string {
  const list = `; ${path.length === 0 ? 'a scenario has' : 'there are'} ${known.join(', ')}`;
  return `'${key}' is not known here${didYouMean(key, known) || list}`;
}
