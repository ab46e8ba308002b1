/** Classifies the environment of a run, for the counts of a report. It reads the scenario that was run, and not the drawing that made it. */
import { nodesOf } from '../../scenarios/faults.ts';
import { linkRule } from '../../scenarios/links.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { setsOf } from '../../scenarios/protocols.ts';

type Powers = ReadonlyMap<string, number>;

/** For each kind: whether an environment is of this kind. */
const kinds: Readonly<Record<string, (data: ScenarioData, sets: readonly Powers[]) => boolean>> = {
  '1 validator': ({ validators }) => sizeOf(validators) === 1,
  '2 to 3 validators': ({ validators }) => sizeOf(validators) === 2 || sizeOf(validators) === 3,
  '4 validators': ({ validators }) => sizeOf(validators) === 4,
  '5 to 7 validators': ({ validators }) => sizeOf(validators) >= 5 && sizeOf(validators) <= 7,
  '8 to 10 validators': ({ validators }) => sizeOf(validators) >= 8,
  'total divisible by three': (_data, sets) => sets.some((set) => totalOf(set) % 3 === 0),
  'one with a third': (_data, sets) => sets.some((set) => [...set.values()].some((power) => 3 * power === totalOf(set))),
  'one with two thirds': (_data, sets) => sets.some((set) => [...set.values()].some((power) => 3 * power === 2 * totalOf(set))),
  'sets that change': ({ validatorSets }) => validatorSets.length > 0,
  'full nodes': ({ fullNodes }) => fullNodes.length > 0,
  'nodes without consensus': ({ syncOnly = [] }) => syncOnly.length > 0,
  'delays around the timeouts': (data) => longestMs(data) > 40 && longestMs(data) <= 110,
  'delays above the timeouts': (data) => longestMs(data) > 110,
  'a ring': ({ topology }) => topology === 'ring',
  'a few neighbours': ({ topology }) => typeof topology === 'object',
  'stable after a time': ({ gst }) => gst !== undefined,
  'no value sync': ({ sync }) => sync?.isOff === true,
  'no re-broadcast': ({ timings = [] }) => timings.some(({ rebroadcastMs = 0 }) => rebroadcastMs > 60_000),
  'statuses that change': ({ timings = [] }) => timings.some(({ from = 1, statusMs }) => from > 1 && statusMs !== undefined),
  'a slow application': ({ application = [] }) => application.some(({ does }) => does === 'slow'),
  'an application that proposes nothing': ({ application = [] }) => application.some(({ does }) => does === 'proposes-nothing'),
  'an application that calls values invalid': ({ application = [] }) => application.some(({ does }) => does === 'calls-invalid'),
  'heights begun anew': ({ application = [] }) => application.some(({ does }) => does === 'restarts-height'),
  'signers with a file': ({ signers = {} }) => Object.keys(signers).length > 0,
  'small answers of value sync': ({ sync }) => sync?.maxBytes !== undefined,
  'large values': ({ valueBytes }) => valueBytes >= 400,
  'application with a store of its own': ({ ownStore }) => ownStore !== undefined,
  'that store seldom durable': ({ ownStore }) => ownStore !== undefined && ownStore.flushEvery > 1,
  'exactly a quorum up': isJustAQuorum,
  'strict attestation': ({ attest }) => attest === 'strict',
  'block times': ({ blockTime }) => blockTime !== undefined,
  'a finalization period': ({ finalizationMs }) => finalizationMs !== undefined,
  'extended votes': ({ voteExtensions }) => voteExtensions !== undefined,
  'a delayed replay': ({ replayDelayMs }) => replayDelayMs !== undefined,
  abstains: ({ onCorrupt }) => onCorrupt === 'abstain',
};

export function environmentKinds(data: ScenarioData): readonly string[] {
  const sets = setsOf(data).map(({ powers }) => powers);
  return Object.entries(kinds).flatMap(([name, isSo]) => (isSo(data, sets) ? [name] : []));
}

function sizeOf(validators: ScenarioData['validators']): number {
  return Object.keys(validators).length;
}

function totalOf(set: Powers): number {
  return sumOf(set, set.keys());
}

function sumOf(set: Powers, names: Iterable<string>): number {
  return [...names].reduce((total, name) => total + (set.get(name) ?? 0), 0);
}

function longestMs({ network }: ScenarioData): number {
  const links = [network, ...Object.values(network.links ?? {}).map((own) => ({ ...network, ...own }))];
  return Math.max(...links.flatMap((link) => linkRule(link).delay)) / 1000;
}

/** Whether nodes are down for good, and without any other validator the rest would be no quorum. */
function isJustAQuorum(data: ScenarioData, sets: readonly Powers[]): boolean {
  const down = data.faults.flatMap(({ fault }) => (fault.type === 'kill' && fault.restartMs === undefined ? nodesOf(fault) : []));
  const up = castOf(data).filter((name) => !down.includes(name));
  const isQuorum = (names: readonly string[]): boolean => sets.every((set) => 3 * sumOf(set, names) > 2 * totalOf(set));
  const voters = up.filter((name) => sets.some((set) => set.has(name)));
  return down.length > 0 && isQuorum(up) && voters.every((name) => !isQuorum(up.filter((other) => other !== name)));
}
