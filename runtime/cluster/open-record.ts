/** Opens the folder of a cluster that was kept: its records become the events of a run, judged again as they were while it ran. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent, VerdictName } from '../../core/events.ts';
import { exhibitNamed } from '../../museum/index.ts';
import { type PropertyResult, type ScenarioData, ScenarioError, scenario } from '../../scenarios/index.ts';
import { wordsOf } from '../../scenarios/trace-text.ts';
import { EventReader } from '../node/event-file.ts';
import { readKey, readNodeConfig } from '../node/node-config.ts';
import { type EventListener, Judge, keptBlocks } from './judge.ts';
import { MergedRecords, supervisor } from './merged-records.ts';
import { type JudgedHome, recordPath } from './node-home.ts';
import { type SupervisorRecord, supervisorPath, type TimedSupervisorRecord } from './supervisor-record.ts';

/** What the folder of a cluster holds. */
export interface KeptCluster {
  /** The nodes as a scenario has them. No scenario gives this run again: the machine decided its moments. */
  readonly data: ScenarioData;
  /** The broken node that ran in place of the honest one. */
  readonly exhibit: string | undefined;
  /** Judges the records again. `listener` sees each event as it happens. */
  judged(listener?: EventListener): ClusterRun;
}

/** A run of real nodes. Times are in microseconds since its first event, on the clock of the machine. */
export interface ClusterRun extends Pick<KeptCluster, 'data' | 'exhibit'> {
  readonly events: readonly RunEvent[];
  readonly properties: readonly PropertyResult[];
  /** What went wrong beside the properties. */
  readonly strange: readonly string[];
  readonly verdict: VerdictName;
}

type Start = SupervisorRecord & { readonly type: 'start' };

export function isClusterFolder(path: string): boolean {
  return existsSync(supervisorPath(path));
}

/** Throws `ScenarioError` if the folder has no complete record. So does `judged`. */
export function openCluster(folder: string): KeptCluster {
  if (!isClusterFolder(folder))
    throw new ScenarioError(`${folder}: expected the folder of a cluster, with records/cluster.events; keep one with --keep`);
  return readable(folder, () => {
    const supervised = new EventReader<TimedSupervisorRecord>(supervisorPath(folder)).next();
    const start = startIn(folder, supervised);
    const homes = start.nodes.map(([name, files]): JudgedHome => {
      const config = readNodeConfig(join(folder, `${name}.json`));
      return { config, key: readKey(config), files };
    });
    const data = dataOf(start, homes);
    const exhibit = start.exhibit ?? undefined;
    return {
      data,
      exhibit,
      judged: (listener) => ({ data, exhibit, ...readable(folder, () => judged(folder, homes, start, supervised, listener)) }),
    };
  });
}

function readable<Result>(folder: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScenarioError(
      `${folder}: its records cannot be read (${reason}); was a file changed, or written by another version?`,
    );
  }
}

/** The first record. Throws `ScenarioError` if this version cannot open the rest. */
function startIn(folder: string, supervised: readonly SupervisorRecord[]): Start {
  const [start] = supervised;
  if (start?.type !== 'start' || start.version !== 1)
    throw new ScenarioError(`${supervisorPath(folder)}: expected a record of version 1; run the cluster again with this version`);
  if (start.exhibit !== null && exhibitNamed(start.exhibit) === undefined)
    throw new ScenarioError(`${folder}: its nodes were the exhibit '${start.exhibit}', which this version does not have`);
  const removed = supervised.find((record) => record.type === 'removed');
  if (removed !== undefined)
    throw new ScenarioError(
      `${folder}: the record of ${removed.node}, life ${removed.life}, was deleted to save space; --keep FOLDER keeps all records`,
    );
  return start;
}

function judged(
  folder: string,
  homes: readonly JudgedHome[],
  start: Start,
  supervised: readonly TimedSupervisorRecord[],
  listener: EventListener | undefined,
): Omit<ClusterRun, 'data' | 'exhibit'> {
  const events: RunEvent[] = [];
  const alteration = start.exhibit === null ? undefined : exhibitNamed(start.exhibit);
  const judge = new Judge(homes, alteration, (event, observer) => {
    events.push(event);
    // It throws if the event lacks a field, because its file was changed.
    wordsOf(event);
    listener?.(event, observer);
  });
  const merged = mergedRecords(folder, start, supervised);
  for (const [node, record] of merged.upTo(Number.POSITIVE_INFINITY)) judge.take(node, record);
  const end = supervised.find((record) => record.type === 'end');
  const strange = [...(end?.strange ?? []), ...judge.strange];
  const off = judge.off.map((name): PropertyResult => ({ name, verdict: 'off', message: 'its bounds are in virtual time' }));
  const properties = [...judge.verdicts(), ...off];
  const isViolated = strange.length > 0 || properties.some(({ verdict }) => verdict === 'violated');
  return { events, properties, strange, verdict: isViolated ? 'violated' : end?.isReached === true ? 'held' : 'undecided' };
}

/** All records in one order: of each node the records of its lives, with the deaths that the supervisor recorded between them. */
function mergedRecords(folder: string, { nodes }: Start, supervised: readonly TimedSupervisorRecord[]): MergedRecords {
  const all = new MergedRecords(nodes.map(([name]) => name));
  const files = readdirSync(join(folder, 'records'));
  const deaths = supervised.filter((record) => record.type === 'death');
  const counts = [...deaths, ...supervised.flatMap((record) => (record.type === 'end' ? record.records : []))];
  for (const [node] of nodes) {
    const named = files.flatMap((file) => {
      const [name, life, ...ending] = file.split('.');
      return name === node && ending.join('.') === 'events' ? [Number(life)] : [];
    });
    const known = counts.flatMap((one) => (one.node === node ? [one.life] : []));
    for (const life of [...new Set([...named, ...known])].sort((one, other) => one - other)) {
      const path = recordPath(folder, node, life);
      // A process that was killed while it loaded has no file.
      const records = new EventReader(path).next();
      const expected = counts.find((one) => one.node === node && one.life === life)?.records;
      if (expected !== undefined && expected !== records.length)
        throw new ScenarioError(
          `${path}: expected ${expected} records, found ${records.length}; the file was changed or deleted`,
        );
      all.add(node, records);
      const death = deaths.find((one) => one.node === node && one.life === life);
      if (death === undefined) continue;
      if (death.left !== 'done') all.takeBack(node);
      all.add(node, [death]);
    }
  }
  all.add(
    supervisor,
    supervised.filter((record) => record.type === 'fault'),
  );
  return all;
}

function dataOf({ exhibit, kills, network, untilHeight }: Start, homes: readonly JudgedHome[]): ScenarioData {
  const [first] = homes;
  const powers = Object.fromEntries(first?.config.validators.map(({ name, power }) => [name, power]) ?? []);
  const nodes = `${homes.length} real ${homes.length === 1 ? 'node' : 'nodes'}`;
  const attacks = [kills === 'random' ? 'killed at random' : '', network === 'random' ? 'over a random network' : ''];
  const named = [exhibit === null ? nodes : `${nodes} (${exhibit})`, ...attacks.filter((attack) => attack !== '')];
  return {
    ...scenario(named.join(', '), powers).data,
    attest: first?.config.attest ?? 'next',
    onCorrupt: first?.config.onCorrupt ?? 'halt',
    keepBlocks: keptBlocks,
    until: { height: untilHeight, round: 0 },
  };
}
