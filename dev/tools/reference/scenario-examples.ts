/** The examples of docs/reference/scenarios.md: YAML from scenario-examples.yaml, and the TypeScript that says the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { scenarioSource } from '../../../scenarios/index.ts';
import type { ScenarioData } from '../../../scenarios/model.ts';
import { parseScenario } from '../../../scenarios/yaml.ts';
import { pathsIn } from './scenario-keys.ts';

export interface Example {
  readonly section: string;
  /** As the page shows it. */
  readonly yaml: string;
  /** The lines that this example adds to an empty scenario, or the whole of one that names itself. */
  readonly typescript: string;
  /** A whole file. */
  readonly source: string;
  readonly data: ScenarioData;
  /** Paths of the keys that it uses. */
  readonly paths: ReadonlySet<string>;
}

const base = { scenario: 'example', validators: { A: 1, B: 1, C: 1, D: 1 } };

/** Throws `ScenarioError` for an example with a mistake. */
export function examplesOf(schema: z.core.$ZodType): readonly Example[] {
  const file = join(import.meta.dirname, 'scenario-examples.yaml');
  const written = parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string | readonly string[]>>;
  return Object.entries(written).flatMap(([section, texts]) => [texts].flat().map((yaml) => exampleOf(schema, section, yaml)));
}

function exampleOf(schema: z.core.$ZodType, section: string, yaml: string): Example {
  const value = { ...base, ...(parse(yaml) as object) };
  const data = parseScenario(stringify(value), `the example of '${section}'`);
  const source = scenarioSource(data);
  const isWhole = 'scenario' in (parse(yaml) as object);
  // The seed is the default, which YAML does not need to name.
  const lines = source
    .trimEnd()
    .replace(/;$/, '')
    .split('\n')
    .filter((line) => line !== '' && line !== '  .seed(42)');
  const calls = lines.filter((line) => !/^import |^export default /.test(line));
  const whole = lines.slice(1).map((line) => line.replace('export default ', ''));
  const typescript = (isWhole ? whole : calls).join('\n');
  return { section, yaml: yaml.trimEnd(), typescript, source, data, paths: pathsIn(schema, value) };
}
