/**
 * The reductions of a scenario, for shrinking: fewer faults and liars, an earlier end, fewer nodes, fewer steps in scripts, a simpler environment,
 * simpler faults and a smaller seed. Each lowers a measure that cannot fall for ever, so shrinking ends.
 */

import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { neverActsIn } from '../../scenarios/never-acts.ts';
import { fewerNodes } from './fewer-nodes.ts';
import { shorterScripts } from './shorter-scripts.ts';
import { simplerFaults } from './simpler-faults.ts';
import { fewerOf, shorterTimes, smallerNumbers, without } from './simpler-values.ts';

type Kind = (data: ScenarioData) => Iterable<ScenarioData>;

const kinds: readonly Kind[] = [
  fewerFaults,
  fewerLiars,
  earlierEnds,
  fewerNodes,
  shorterScripts,
  simplerEnvironments,
  simplerFault,
  smallerSeeds,
];

/** The kinds of reductions. Each yields its largest reductions first. None adds a fault that can do nothing. */
export const reductions: readonly Kind[] = kinds.map(
  (kind): Kind =>
    function* legal(data) {
      const before = neverActsIn(data).length;
      for (const smaller of kind(data)) if (neverActsIn(smaller).length <= before) yield smaller;
    },
);

function* fewerFaults(data: ScenarioData): Generator<ScenarioData> {
  for (const faults of fewerOf(data.faults)) yield { ...data, faults };
}

function* fewerLiars(data: ScenarioData): Generator<ScenarioData> {
  for (const [name, lies] of Object.entries(data.byzantine)) {
    yield { ...data, byzantine: without(data.byzantine, name) };
    if (typeof lies !== 'string')
      for (const fewer of fewerOf(lies)) if (fewer.length > 0) yield { ...data, byzantine: { ...data.byzantine, [name]: fewer } };
  }
}

/** Replaces one fault by a simpler one. */
function* simplerFault(data: ScenarioData): Generator<ScenarioData> {
  for (const [index, planned] of data.faults.entries())
    for (const simpler of simplerFaults(planned)) yield { ...data, faults: data.faults.with(index, simpler) };
}

function* smallerSeeds(data: ScenarioData): Generator<ScenarioData> {
  for (const seed of [0, 1, 2]) if (seed < data.seed) yield { ...data, seed };
}

/** Makes the run end earlier: fewer conditions for its end, an end at a time, or an earlier time or height. */
function* earlierEnds(data: ScenarioData): Generator<ScenarioData> {
  const { until, safetyMs } = data;
  for (const decides of fewerOf(data.decides)) yield { ...data, decides };
  for (const absences of fewerOf(data.absences ?? []))
    yield absences.length === 0 ? without(data, 'absences') : { ...data, absences };
  for (const variants of fewerOf(data.variants)) yield { ...data, variants };
  if (data.mustReach.length > 0) yield { ...data, mustReach: [] };
  if (until === undefined) {
    if (safetyMs !== undefined) for (const shorter of shorterTimes(safetyMs)) yield { ...data, safetyMs: shorter };
    const plain = without(data, 'safetyMs');
    for (const timeMs of shorterTimes(Number.POSITIVE_INFINITY)) yield { ...plain, until: { timeMs } };
  } else if ('timeMs' in until) for (const timeMs of shorterTimes(until.timeMs)) yield { ...data, until: { timeMs } };
  else {
    for (const height of smallerNumbers(until.height, 1)) yield { ...data, until: { height, round: until.round } };
    for (const round of smallerNumbers(until.round)) yield { ...data, until: { height: until.height, round } };
  }
}

/** Sets a part of the environment to its default: network, log, application or validators. */
function* simplerEnvironments(data: ScenarioData): Generator<ScenarioData> {
  const { network, topology, validatorSets, validators, proposers } = data;
  if (Object.keys(network).length > 0) yield { ...data, network: {} };
  for (const part of Object.keys(network) as (keyof typeof network)[]) yield { ...data, network: without(network, part) };
  if (topology !== 'mesh') yield { ...data, topology: 'mesh' };
  if (data.syncOnly !== undefined) yield without(data, 'syncOnly');
  if (data.raft !== undefined) yield without(data, 'raft');
  if (data.finalizationMs !== undefined) yield without(data, 'finalizationMs');
  if (data.blockTime !== undefined) yield without(data, 'blockTime');
  for (const name of Object.keys(data.blockTime?.clocks ?? {}))
    yield { ...data, blockTime: { clocks: without(data.blockTime?.clocks ?? {}, name) } };
  if (data.voteExtensions !== undefined) yield without(data, 'voteExtensions');
  if (data.gst !== undefined) yield without(data, 'gst');
  if (data.attest === 'strict') yield { ...data, attest: 'next' };
  if (data.signers !== undefined) yield without(data, 'signers');
  if (data.ownStore !== undefined) yield without(data, 'ownStore');
  if (data.ownStore !== undefined && data.ownStore.flushEvery > 1) yield { ...data, ownStore: { flushEvery: 1 } };
  if (data.replayDelayMs !== undefined) yield without(data, 'replayDelayMs');
  if (data.lostSectors !== undefined) yield without(data, 'lostSectors');
  if (data.application !== undefined) yield without(data, 'application');
  for (const application of fewerOf(data.application ?? [])) if (application.length > 0) yield { ...data, application };
  if (data.sync !== undefined) yield without(data, 'sync');
  if (data.timings !== undefined) yield without(data, 'timings');
  for (const timings of fewerOf(data.timings ?? [])) if (timings.length > 0) yield { ...data, timings };
  if (data.keepBlocks !== undefined) yield without(data, 'keepBlocks');
  if (data.onCorrupt === 'abstain') yield { ...data, onCorrupt: 'halt' };
  for (const valueBytes of smallerNumbers(data.valueBytes, 16)) yield { ...data, valueBytes };
  for (const fewer of fewerOf(validatorSets)) yield { ...data, validatorSets: fewer };
  for (const place of Object.keys(proposers)) yield { ...data, proposers: without(proposers, place) };
  if (Object.values(validators).some((power) => power > 1))
    yield {
      ...data,
      validators: Object.fromEntries(Object.entries(validators).map(([name, power]) => [name, power > 1 ? 1 : power])),
    };
}

/** The size of a scenario, as reports show it. Liars count as faults. */
export function sizeOf(data: ScenarioData): { readonly faults: number; readonly nodes: number } {
  return {
    faults: data.faults.length + Object.keys(data.byzantine).length,
    nodes: castOf(data).length,
  };
}
