/** Failures kept in `.lazurite/failures/`, a file each, named by what is in it: `f.<hash>` is its token. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../campaigns/index.ts';
import { ScenarioError, scenarioHash } from '../../scenarios/index.ts';
import { exhibitOf, variantNamed } from '../../scenarios/runner.ts';

const folder = join('.lazurite', 'failures');

/** Writes it whole under its own name; returns its token. */
export function keepFailure(failure: Failure): string {
  mkdirSync(folder, { recursive: true });
  const token = `f.${failure.hash}`;
  const file = fileOf(token);
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify({ token, ...failure }, null, 1)}\n`);
  return token;
}

/** Those that were kept, newest first. */
export function keptFailures(): readonly { readonly token: string; readonly failure: Failure }[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const byAge = names.sort((a, b) => statSync(join(folder, b)).mtimeMs - statSync(join(folder, a)).mtimeMs);
  return byAge.map((name) => ({ token: `f.${name.replace(/\.json$/, '')}`, failure: readFailure(join(folder, name)) }));
}

/** Of one scenario under one exhibit, whether it is named beside it or by its variant: what is tried first. */
export function keptFor(
  scenario: string,
  exhibit: string | undefined,
): readonly { readonly token: string; readonly failure: Failure }[] {
  return keptFailures().filter(({ failure }) => failure.scenario.name === scenario && exhibitIn(failure) === exhibit);
}

/** Throws `ScenarioError` where the file is missing or no failure. */
export function failureNamed(text: string): Failure {
  if (text === 'last') {
    const [newest] = keptFailures();
    if (newest === undefined)
      throw new ScenarioError(`no failure is kept in ${folder}; run \`lazurite fuzz\` or give a token or a file`);
    return newest.failure;
  }
  return readFailure(text.startsWith('f.') ? fileOf(text) : text);
}

/** The form of an id made by nanoid; it is printed, so that no other sign may be in it. */
function isRecordId(id: unknown): boolean {
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id);
}

function exhibitIn({ scenario, variant, exhibit }: Failure): string | undefined {
  return exhibit ?? exhibitOf(variantNamed(scenario, variant));
}

function fileOf(token: string): string {
  return join(folder, `${token.slice(2)}.json`);
}

function readFailure(file: string): Failure {
  if (!existsSync(file)) throw new ScenarioError(`${file}: there is no such failure file; \`lazurite fuzz\` writes them`);
  let found: Partial<Failure>;
  try {
    found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Failure>;
  } catch (error) {
    throw new ScenarioError(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (found.version !== 1 || found.scenario === undefined || typeof found.seed !== 'number' || typeof found.hash !== 'string')
    throw new ScenarioError(`${file}: not a failure file of version 1 (scenario, seed and hash are expected)`);
  if (found.id !== undefined && !isRecordId(found.id))
    throw new ScenarioError(`${file}: the id of a record is 1 to 64 letters, digits, _ and -; correct it or remove it`);
  // Its data must be whole: a scenario that cannot be hashed cannot be run.
  scenarioHash(found.scenario);
  return found as Failure;
}
