/** What a RUN argument names: a token, `last`, or a file in which a failure or a run is kept. `replay`, `why`, `diff`, `view` and `export` ask here. */
import { existsSync, readFileSync } from 'node:fs';
import { failedCase, namedCase } from '../../campaigns/index.ts';
import { parseToken, type RunOptions, type ScenarioData, ScenarioError } from '../../scenarios/index.ts';
import { isClusterFolder } from './cluster-folder.ts';
import { failureNamed } from './failures.ts';
import { findScenario, makeKnown } from './find-scenario.ts';
import { loadScenario, registerBroken } from './load-scenario.ts';

export interface NamedCase {
  readonly data: ScenarioData;
  readonly options: RunOptions;
  /** The hash that was recorded, if one was. */
  readonly recorded: string | undefined;
  /** The id of the record, if it was read from one that has an id. */
  readonly id: string | undefined;
}

/** `path`: where the scenario of a token is looked for first. Throws `ScenarioError` for what names no run. */
export async function caseNamed(text: string, path: string | undefined): Promise<NamedCase> {
  const name = parseToken(text);
  if (name === 'wrong') throw new ScenarioError(`${text}: the check digits do not fit; a letter was lost or changed`);
  if (name !== undefined) {
    await registerBroken(name.exhibit);
    const scenario = await findScenario(name.scenario, path === undefined ? [] : [path]);
    return { ...namedCase(scenario.data, name), recorded: undefined, id: undefined };
  }
  if (text !== 'last' && !text.startsWith('f.') && !existsSync(text))
    throw new ScenarioError(`'${text}' is no token (t1. or f.), no file, and not 'last'`);
  const { file, failure: unchecked } = await failureNamed(text);
  await makeKnown(unchecked.scenario.protocol, path);
  await registerBroken(unchecked.exhibit);
  const { checkedFailure } = await import('./failure-file.ts');
  const failure = checkedFailure(unchecked, file);
  return { ...failedCase(failure), recorded: failure.hash, id: failure.id };
}

/** The same, and scenario files beside. */
export async function caseOf(
  text: string,
  { variant, in: path }: { readonly variant?: string; readonly in?: string },
): Promise<NamedCase> {
  if (isClusterFolder(text))
    throw new ScenarioError(`${text}: a record of real nodes, which cannot be run again; view, export, why and replay open it`);
  if (!existsSync(text) ? !/\.(ts|mts|js|mjs|ya?ml)$/.test(text) : isRecord(text)) return caseNamed(text, path);
  const { data } = await loadScenario(text);
  return { data, options: variant === undefined ? {} : { variant }, recorded: undefined, id: undefined };
}

/** A file that a run or a failure was kept in, and not a scenario in JSON. */
function isRecord(file: string): boolean {
  if (!file.endsWith('.json')) return false;
  const text = readFileSync(file, 'utf8');
  return text.includes('"hash"') && text.includes('"version"');
}
