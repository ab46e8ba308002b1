/** The keys of the scenario schema, one row each: what the reference prints of a key, and where in the page it belongs. */
import { z } from 'zod';
import { duration, timeUnit, units } from '../../../scenarios/schema-words.ts';

type Schema = z.core.$ZodType;

export interface Key {
  /** From the top: `network.links.*.delay`; `[]` is an element of a list, `*` any name, `<crash>` the kind of a fault. */
  readonly path: string;
  /** The part of the page: a top-level key, one step (`nodes: crash`), or one kind of fault (`faults: crash`). */
  readonly section: string;
  readonly type: string;
  readonly unit: string | undefined;
  /** `in one form`: required in one of several maps, of which a scenario writes one. */
  readonly isNeeded: 'always' | 'in one form' | 'never';
  /** Undefined: nothing is said, as for a key that is required. */
  readonly byDefault: string | undefined;
  readonly says: string;
}

interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly items?: readonly Schema[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

interface Described {
  readonly description?: string;
}

function definitionOf(schema: Schema): Definition {
  return (schema._zod as unknown as { readonly def: Definition }).def;
}

/** All keys of a schema, in their order. A key of several alternatives is there once for each text that it has. */
export function keysOf(schema: Schema): readonly Key[] {
  const keys: Key[] = [];
  visit(schema, '', (key) => {
    if (!keys.some(({ path, says }) => path === key.path && says === key.says)) keys.push(key);
  });
  return keys;
}

function visit(schema: Schema, path: string, report: (key: Key) => void, isOneForm = false): void {
  const { type, innerType, shape, options = [], discriminator, element, valueType, items = [] } = definitionOf(schema);
  switch (type) {
    case 'optional':
      visit(innerType as Schema, path, report, isOneForm);
      break;
    case 'object':
      for (const [name, inner] of Object.entries(shape ?? {})) {
        const inside = path === '' ? name : `${path}.${name}`;
        report(keyOf(inside, inner, isOneForm));
        visit(inner, inside, report);
      }
      break;
    case 'array':
      visit(element as Schema, `${path}[]`, report);
      break;
    case 'record':
      visit(valueType as Schema, `${path}.*`, report);
      break;
    case 'union': {
      const hasForms = discriminator === undefined && options.filter((one) => definitionOf(one).type === 'object').length > 1;
      for (const option of options) visit(option, `${path}${kindOf(option, discriminator)}`, report, hasForms);
      break;
    }
    case 'tuple':
      for (const item of items) visit(item, path, report);
      break;
    default:
  }
}

/** `<crash>`: the value by which an alternative is chosen. */
function kindOf(option: Schema, discriminator: string | undefined): string {
  const chosen = discriminator === undefined ? undefined : definitionOf(option).shape?.[discriminator];
  if (chosen === undefined) return '';
  const { values = [], entries = {} } = definitionOf(chosen);
  return `<${[...values, ...Object.values(entries)].join(', ')}>`;
}

function keyOf(place: string, schema: Schema, isOneForm: boolean): Key {
  const path = entryPath(place);
  const isOptional = definitionOf(schema).type === 'optional';
  const isNeeded = isOptional ? 'never' : isOneForm ? 'in one form' : 'always';
  const text = describedBy(schema);
  const [, says = text, byDefault] = /^([\s\S]*?)\s*\(default: ([\s\S]*)\)$/.exec(text) ?? [];
  return { path, section: sectionOf(path), type: typeText(schema), unit: unitOf(schema), isNeeded, byDefault, says };
}

/** Parts of the language that occur in several places have one entry. */
const shared: readonly (readonly [RegExp, string])[] = [
  [/^.+\.where\.\*\./, 'where.*.'],
  [/^.+\.image\./, 'image.'],
  [/^.+\.link\.|^network\.links\.\*\./, 'network.'],
  [/^.+\.(?:heights|rounds|lives)\.from$/, 'span.from'],
  [/^byzantine\.\*\[\]/, 'byzantine.*'],
];

/** The path under which the reference has an entry. */
export function entryPath(path: string): string {
  return shared.reduce((now, [pattern, instead]) => now.replace(pattern, instead), path);
}

export function sectionOf(path: string): string {
  const [top = ''] = path.split(/[.[]/);
  const step = /^nodes\.\*\[\]\.(\w+)/.exec(path)?.[1];
  if (step !== undefined) return `nodes: ${step}`;
  const kind = /^faults\[\]\.fault<([^>]+)>/.exec(path)?.[1];
  return kind === undefined ? top : `faults: ${kind}`;
}

/** Empty also where the text says what a type of value is, and not what this key means. */
function describedBy(schema: Schema): string {
  const text = (schema as Described).description;
  const { type, innerType } = definitionOf(schema);
  if (text === undefined) return type === 'optional' ? describedBy(innerType as Schema) : '';
  return text === (duration as Described).description ? '' : text;
}

function unitOf(schema: Schema): string | undefined {
  const { type, innerType, options = [], valueType, items = [] } = definitionOf(schema);
  const own = units.get(schema)?.unit;
  if (own !== undefined) return own;
  const inner = type === 'optional' ? [innerType] : type === 'record' ? [valueType] : [...options, ...items];
  for (const one of inner) {
    const unit = one === undefined || definitionOf(one).type === 'object' ? undefined : unitOf(one);
    if (unit !== undefined) return unit;
  }
  return undefined;
}

export function typeText(schema: Schema): string {
  const { type, innerType, options = [], element, valueType, items = [], entries, values } = definitionOf(schema);
  if (isTime(schema)) return 'time';
  switch (type) {
    case 'optional':
      return typeText(innerType as Schema);
    case 'object':
      return 'map';
    case 'array':
      return `list of ${typeText(element as Schema)}`;
    case 'record':
      return `map of names to ${typeText(valueType as Schema)}`;
    case 'tuple':
      return `[${items.map(typeText).join(', ')}]`;
    case 'union':
      return [...new Set(options.map(typeText))].join(' or ');
    case 'enum':
      return Object.values(entries ?? {})
        .map((value) => `\`${value}\``)
        .join(', ');
    case 'literal':
      return (values ?? []).map((value) => `\`${String(value)}\``).join(', ');
    case 'null':
      return '`null`';
    case 'boolean':
      return 'true or false';
    case 'number':
      return numberText(schema);
    default:
      return isName(schema) ? 'name' : 'text';
  }
}

function isTime(schema: Schema): boolean {
  return definitionOf(schema).type !== 'optional' && units.get(schema)?.unit === timeUnit;
}

function numberText(schema: Schema): string {
  const { type, minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = z.toJSONSchema(schema);
  const kind = type === 'integer' ? 'whole number' : 'number';
  const hasLeast = minimum > Number.MIN_SAFE_INTEGER;
  if (maximum < Number.MAX_SAFE_INTEGER) return `${kind}, ${hasLeast ? minimum : 'up'} to ${maximum}`;
  return hasLeast ? `${kind} from ${minimum}` : kind;
}

function isName(schema: Schema): boolean {
  return z.toJSONSchema(schema).pattern?.startsWith('^[A-Za-z]') === true;
}

/** The paths of the keys that a value uses. Among alternatives, those that it fits count. */
export function pathsIn(schema: Schema, value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  collect(schema, value, '', found);
  return found;
}

function collect(schema: Schema, value: unknown, path: string, found: Set<string>): void {
  const { type, innerType, shape, options = [], discriminator, element, valueType } = definitionOf(schema);
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'optional') collect(innerType as Schema, value, path, found);
  if (type === 'array' && Array.isArray(value)) for (const one of value) collect(element as Schema, one, `${path}[]`, found);
  if (type === 'record' && isMap) for (const one of Object.values(value)) collect(valueType as Schema, one, `${path}.*`, found);
  if (type === 'union')
    for (const option of options)
      if ((option as z.ZodType).safeParse(value).success)
        collect(option, value, `${path}${kindOf(option, discriminator)}`, found);
  if (type === 'object' && isMap)
    for (const [name, inner] of Object.entries(value)) {
      const known = shape?.[name];
      if (known === undefined) continue;
      const inside = path === '' ? name : `${path}.${name}`;
      found.add(entryPath(inside));
      collect(known, inner, inside, found);
    }
}
