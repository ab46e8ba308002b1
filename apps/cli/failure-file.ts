/**
 * Reads files in which a failure or a run was kept. What is in them is checked before it is used: they may be half written, of another version, or
 * changed by hand. This is a file of its own because it loads the schema, which most commands do not need.
 */
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { Failure } from '../../campaigns/index.ts';
import { type ScenarioData, ScenarioError, scenarioHash } from '../../scenarios/index.ts';
import { alterationOf, variantNamed } from '../../scenarios/runner.ts';
import { toWritten } from '../../scenarios/serialize.ts';
import { mistakesIn } from '../../scenarios/validate.ts';
import { systemErrorWords } from '../output/system-error.ts';

/** The largest file; a scenario with its faults has some thousand bytes. */
const limitBytes = 4 * 1024 * 1024;

const remedy = 'remove the file, or write it anew by `lazurite fuzz` or `run --record`';

/** A kept failure. Its scenario is not checked yet: that needs the protocol that it names. */
export type UncheckedFailure = Omit<Failure, 'scenario'> & {
  readonly scenario: { readonly name: string; readonly protocol?: string };
};

/** It is printed, so that no other sign may be in it. */
const idForm = 'the id of a record is 1 to 64 letters, digits, _ and -';

const envelope = z.object({
  version: z.literal(1, 'version 1 is expected'),
  id: z
    .string(idForm)
    .regex(/^[\w-]{1,64}$/, idForm)
    .optional(),
  scenario: z.looseObject({ name: z.string(), protocol: z.string().optional() }),
  seed: z.number().int().min(0).max(0xffff_ffff),
  variant: z.string().optional(),
  exhibit: z.string().optional(),
  hash: z.string().regex(/^[0-9A-F]{16}$/, 'a run hash is 16 hexadecimal digits'),
  properties: z.array(z.string()),
  message: z.string(),
  from: z.string().optional(),
});

/** Throws `ScenarioError` for a file that cannot be read or is not a failure file. */
export function readFailure(file: string): UncheckedFailure {
  return parseFailure(textOf(file), file);
}

/** Throws `ScenarioError` that names each field that is wrong. */
export function parseFailure(text: string, file: string): UncheckedFailure {
  const { data, error } = envelope.safeParse(jsonOf(text, file));
  if (data !== undefined) return data as UncheckedFailure;
  const wrong = error.issues.map(({ path, message }) => `${path.length === 0 ? 'the file' : path.join('.')}: ${message}`);
  throw new ScenarioError(`${file}: not a failure file of version 1: ${wrong.join('; ')}; ${remedy}`);
}

/** The failure with a scenario, variant and exhibit that can be run. Its protocol must be known. Throws `ScenarioError` otherwise. */
export function checkedFailure({ scenario, ...failure }: UncheckedFailure, file: string): Failure {
  // What was found may have faults beside it that do nothing.
  const { data, mistakes } = mistakesIn(writtenOf(scenario, file), { isDrawn: true });
  if (data === undefined || mistakes.length > 0) {
    const words = mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ScenarioError(`${file}: the scenario in it cannot be run: ${words.join('; ')}; ${remedy}`);
  }
  if (scenarioHash(data) !== scenarioHash(scenario as unknown as ScenarioData))
    throw new ScenarioError(`${file}: the scenario in it has fields that this version does not know; ${remedy}`);
  if (failure.variant !== undefined) variantNamed(data, failure.variant);
  alterationOf(failure.exhibit, data.protocol);
  const { isDrawn: _drawn, ...written } = data;
  return { ...failure, scenario: (scenario as Partial<ScenarioData>).isDrawn === true ? data : written };
}

function textOf(file: string): string {
  try {
    const { size } = statSync(file);
    if (size <= limitBytes) return readFileSync(file, 'utf8');
    throw new ScenarioError(`${file}: ${size} bytes are too many for a failure file (at most ${limitBytes}); ${remedy}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new ScenarioError(`${file}: there is no such failure file; \`lazurite fuzz\` writes them`);
    const words = systemErrorWords(error);
    throw words === undefined ? error : new ScenarioError(`${file}: it cannot be read: ${words}`);
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScenarioError(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}; ${remedy}`);
  }
}

/** Goes through every field. A value that it fails on has no such fields. */
function writtenOf(scenario: object, file: string): unknown {
  try {
    return toWritten(scenario as ScenarioData);
  } catch {
    throw new ScenarioError(`${file}: the scenario in it is not whole; ${remedy}`);
  }
}
