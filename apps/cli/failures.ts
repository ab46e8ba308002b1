/** Failures kept in `.lazurite/failures/`, a file each, named by what is in it: `f.<hash>` is its token. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../campaigns/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { exhibitOf, variantNamed } from '../../scenarios/runner.ts';
import { orNote, writeWhole } from '../output/write-whole.ts';
import type { UncheckedFailure } from './failure-file.ts';

const folder = join('.lazurite', 'failures');

export interface Kept {
  readonly token: string;
  readonly failure: Failure;
}

export function tokenOf({ hash }: Pick<Failure, 'hash'>): string {
  return `f.${hash}`;
}

/** Keeps each under its own name, after the results are printed. What cannot be kept is a note; its run is named by `token` of the report. */
export function keepFailures(failures: readonly Failure[]): void {
  for (const failure of failures) {
    const token = tokenOf(failure);
    const file = fileOf(token);
    const text = `${JSON.stringify({ token, ...failure }, null, 1)}\n`;
    orNote(
      () => {
        if (!holds(file, text)) writeWhole(file, text);
      },
      (reason) => `${token} is not kept, and cannot be replayed by this name: ${reason}`,
    );
  }
}

/** The kept failures of one scenario under one exhibit, which are tried first. The exhibit may be named by a flag or by the variant. The newest comes first. */
export async function keptFor(scenario: string, exhibit: string | undefined): Promise<readonly Kept[]> {
  const { checkedFailure, readFailure } = await import('./failure-file.ts');
  return newestFirst().flatMap((file) => {
    let kept: readonly Kept[] = [];
    orNote(
      () => {
        const failure = readFailure(file);
        if (failure.scenario.name !== scenario) return;
        const checked = checkedFailure(failure, file);
        if (exhibitIn(checked) === exhibit) kept = [{ token: tokenFor(file), failure: checked }];
      },
      (reason) => `${reason}; it is skipped`,
    );
    return kept;
  });
}

/** The file that `last`, a token or a path names, and what is in it. Throws `ScenarioError` if the file is missing or no failure. */
export async function failureNamed(text: string): Promise<{ readonly file: string; readonly failure: UncheckedFailure }> {
  const { readFailure } = await import('./failure-file.ts');
  if (text !== 'last') {
    const file = text.startsWith('f.') && !existsSync(text) ? fileOf(text) : text;
    return { file, failure: readFailure(file) };
  }
  for (const file of newestFirst()) {
    let failure: UncheckedFailure | undefined;
    orNote(
      () => {
        failure = readFailure(file);
      },
      (reason) => `${reason}; it is skipped`,
    );
    if (failure !== undefined) return { file, failure };
  }
  throw new ScenarioError(`no failure is kept in ${folder}; run \`lazurite fuzz\` or give a token or a file`);
}

function newestFirst(): readonly string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name));
  // Another command may have removed one since.
  const ages = new Map(files.map((file) => [file, statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0]));
  return files.sort((a, b) => (ages.get(b) ?? 0) - (ages.get(a) ?? 0));
}

/** Whether it is kept already. A file that was half written, or changed since, is written anew. */
function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

function exhibitIn({ scenario, variant, exhibit }: Failure): string | undefined {
  return exhibit ?? exhibitOf(variantNamed(scenario, variant));
}

function tokenFor(file: string): string {
  return `f.${file.slice(folder.length + 1, -'.json'.length)}`;
}

/** Throws `ScenarioError` for what is not the form of a token: such a name could lead out of the folder. */
function fileOf(token: string): string {
  if (!/^f\.[0-9A-F]{16}$/.test(token))
    throw new ScenarioError(`'${token}' is no token of a kept failure: f. and 16 hexadecimal digits are expected`);
  return join(folder, `${token.slice(2)}.json`);
}
