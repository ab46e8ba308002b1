/** What the schema, its examples and its page leave unsaid about a key. */
import type { z } from 'zod';
import { type Example, examplesOf } from './scenario-examples.ts';
import { keysOf } from './scenario-keys.ts';
import { titleOf } from './scenarios-page.ts';

/** One line for each gap. */
export function gapsInScenarios(
  schema: z.core.$ZodType,
  page: string,
  examples: readonly Example[] = examplesOf(schema),
): readonly string[] {
  const keys = keysOf(schema);
  const sections = new Set(keys.map(({ section }) => section));
  return [
    ...keys.flatMap((key) => {
      const { path, section, says, isNeeded, byDefault, unit, type } = key;
      const name = path.split('.').at(-1) ?? '';
      const isShown = examples.some((example) => example.section === section && example.paths.has(path));
      return [
        ...(says === '' ? [`${path}: no description`] : []),
        ...(isNeeded === 'never' && byDefault === undefined ? [`${path}: its description ends without (default: ...)`] : []),
        ...(/(Ms|Bytes)$|^bytes$/.test(name) && type.includes('number') && unit === undefined ? [`${path}: no unit`] : []),
        ...(isShown ? [] : [`${path}: no example of '${section}' uses it`]),
        ...(hasEntry(page, section, path) ? [] : [`${path}: no entry on the page`]),
      ];
    }),
    ...examples
      .filter(({ section }) => !sections.has(section))
      .map(({ section }) => `an example of '${section}', which the schema does not have`),
  ];
}

/** In its part of the page the first cell of some row is the path, or its end within a step or a fault. */
function hasEntry(page: string, section: string, path: string): boolean {
  const inner = path.replace(/^faults\[\]\.fault<[^>]+>\./, '').replace(/^nodes\.\*\[\]\./, '');
  const parts = page.split(/^##+ /m).filter((part) => part.split('\n')[0] === titleOf(section));
  return parts.some((part) => part.includes(`\n| \`${path}\` |`) || part.includes(`\n| \`${inner}\` |`));
}
