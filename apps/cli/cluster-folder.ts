/** The folder of a cluster in place of a RUN argument: what cannot be asked of it, and its verdict in words. */
import { type ClusterRun, isClusterFolder, openCluster } from '../../runtime/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { counted } from '../output/counted.ts';
import type { Paint } from './terminal.ts';

export { isClusterFolder };

/** Throws `ScenarioError` if flags are given that need a run that can be repeated. */
export function refuseRepetition(folder: string, flags: Readonly<Record<string, unknown>>): void {
  const [flag] = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (flag !== undefined)
    throw new ScenarioError(`--${flag}: ${folder} is a record of real nodes, which cannot be run again; leave the flag out`);
}

/** Throws `ScenarioError` if the folder has no complete record, or another variant is asked for. */
export function clusterRunIn(folder: string, { variant }: { readonly variant?: string }): ClusterRun {
  refuseRepetition(folder, { variant });
  return openCluster(folder).judged();
}

export function* clusterLines({ data, verdict, events, properties, strange }: ClusterRun, paint: Paint): Generator<string> {
  const deaths = events.filter(({ type }) => type === 'death').length;
  const sign = verdict === 'held' ? paint.good('✓ held') : paint.bad(`${verdict === 'violated' ? '✕' : '?'} ${verdict}`);
  const seconds = ((events.at(-1)?.time ?? 0) / 1_000_000).toFixed(1);
  yield `${sign}  ${data.name}  ${paint.dim(`${counted(deaths, 'death')}, ${counted(events.length, 'event')} in ${seconds} s`)}`;
  for (const { name, message, event } of properties.filter((property) => property.verdict === 'violated'))
    yield `    ${paint.bad('violated')} ${name}: ${message ?? ''}${event === undefined ? '' : ` (#${event})`}`;
  for (const [wanted, words] of [
    ['undecided', 'not exercised'],
    ['off', 'not judged on a machine'],
  ]) {
    const names = properties.filter((property) => property.verdict === wanted).map(({ name }) => name);
    if (names.length > 0) yield paint.dim(`    ${words}: ${names.join(', ')}`);
  }
  for (const what of strange) yield `    ${paint.bad('strange')} ${what}`;
}
