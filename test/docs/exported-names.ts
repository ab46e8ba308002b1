/**
 * What each entry point of the package exports: values as its module has them when it is loaded, and types as its source names them. Read apart
 * from the tool that writes docs/api, so that what the tool does not see is missed.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Door {
  /** In docs/api. */
  readonly page: string;
  readonly names: readonly string[];
}

const root = resolve(import.meta.dirname, '../..');

export async function exportedNames(): Promise<readonly Door[]> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
  const doors = Object.entries(manifest.exports).flatMap(([door, target]) => {
    const source = typeof target === 'string' ? undefined : target['lazurite-source'];
    return source === undefined ? [] : [{ page: pageOf(door), source: join(root, source) }];
  });
  return await Promise.all(
    doors.map(async ({ page, source }) => ({ page, names: [...new Set([...(await valuesOf(source)), ...typesIn(source)])] })),
  );
}

function pageOf(door: string): string {
  return `lazurite${door.slice(1)}`.replaceAll('/', '-').concat('.md');
}

async function valuesOf(source: string): Promise<readonly string[]> {
  return Object.keys((await import(pathToFileURL(source).href)) as object);
}

function typesIn(source: string): readonly string[] {
  const text = readFileSync(source, 'utf8');
  const named = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, isType, list = '']) =>
    list
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '' && (isType !== undefined || one.startsWith('type ')))
      .map(
        (one) =>
          one
            .replace(/^type /, '')
            .split(' as ')
            .at(-1) ?? '',
      ),
  );
  const declared = [...text.matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, name = '']) => name);
  const inner = [...text.matchAll(/^export (?:type )?\* from '(\.[^']+)'/gm)].flatMap(([, from = '']) =>
    typesIn(join(dirname(source), from)),
  );
  return [...named, ...declared, ...inner];
}
