/**
 * Smaller scenarios: fewer faults, nodes, liars and heights, simpler networks, earlier times, plainer deaths. The largest steps come
 * first; each step gives a scenario that is smaller by a measure that cannot fall for ever.
 */
import type { Fault, PlannedFault } from './faults.ts';
import { nodesOf } from './faults.ts';
import type { ScenarioData } from './model.ts';

export function* smallerScenarios(data: ScenarioData): Generator<ScenarioData> {
  yield* fewerFaults(data);
  for (const name of Object.keys(data.byzantine)) {
    const { [name]: _gone, ...byzantine } = data.byzantine;
    yield { ...data, byzantine };
  }
  if (Object.keys(data.network).length > 0) yield { ...data, network: {} };
  if (data.topology !== 'mesh') yield { ...data, topology: 'mesh' };
  if (data.gst !== undefined) {
    const { gst: _gone, ...rest } = data;
    yield rest;
  }
  if (data.attest === 'strict') yield { ...data, attest: 'next' };
  if (data.onCorrupt === 'abstain') yield { ...data, onCorrupt: 'halt' };
  if (data.valueBytes > 16) yield { ...data, valueBytes: 16 };
  yield* fewerNodes(data);
  if (data.safetyMs !== undefined) {
    for (const safetyMs of [50, 100, 200, 400]) if (safetyMs < data.safetyMs) yield { ...data, safetyMs };
  }
  for (const [index, planned] of data.faults.entries())
    for (const simpler of simplerFaults(planned)) yield { ...data, faults: data.faults.with(index, simpler) };
}

/** Halves, quarters, ..., single faults are left out. */
function* fewerFaults(data: ScenarioData): Generator<ScenarioData> {
  const { faults } = data;
  for (let size = Math.ceil(faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < faults.length; from += size)
      yield { ...data, faults: [...faults.slice(0, from), ...faults.slice(from + size)] };
}

/** Nodes that nothing speaks of; four are left, as consensus wants them. */
function* fewerNodes(data: ScenarioData): Generator<ScenarioData> {
  const spoken = new Set([
    ...data.faults.flatMap(({ trigger, fault }) => [...nodesOf(fault), ...('node' in trigger ? [trigger.node] : [])]),
    ...data.faults.flatMap(({ fault }) => (fault.type === 'partition' ? fault.groups.flat() : [])),
    ...data.decides.flatMap(({ nodes = [] }) => nodes),
    ...Object.keys(data.scripts),
    ...Object.keys(data.byzantine),
    ...Object.values(data.proposers),
  ]);
  for (const name of data.fullNodes)
    if (!spoken.has(name)) yield { ...data, fullNodes: data.fullNodes.filter((other) => other !== name) };
  if (Object.keys(data.validators).length <= 4) return;
  for (const name of Object.keys(data.validators)) {
    if (spoken.has(name)) continue;
    const { [name]: _gone, ...validators } = data.validators;
    const validatorSets = data.validatorSets.map(({ from, powers }) => {
      const { [name]: _left, ...others } = powers;
      return { from, powers: others };
    });
    yield { ...data, validators, validatorSets };
  }
}

function* simplerFaults({ trigger, fault }: PlannedFault): Generator<PlannedFault> {
  if ('timeMs' in trigger)
    for (const timeMs of [0, 50, 100, 200]) if (timeMs < trigger.timeMs) yield { trigger: { timeMs }, fault };
  if ('nth' in trigger && trigger.nth !== undefined)
    for (const nth of [1, 2, 4, 8]) if (nth < trigger.nth) yield { trigger: { ...trigger, nth }, fault };
  for (const simpler of simplerFault(fault)) yield { trigger, fault: simpler };
}

function* simplerFault(fault: Fault): Generator<Fault> {
  if ('nodes' in fault && fault.nodes.length > 1)
    for (const node of fault.nodes) yield { ...fault, nodes: fault.nodes.filter((other) => other !== node) };
  if (fault.type === 'crash' && fault.image !== undefined && fault.image !== 'none') {
    yield { ...fault, image: 'none' };
    if (fault.image !== 'all') yield { ...fault, image: 'all' };
  }
  if ('restartMs' in fault && fault.restartMs !== undefined && fault.restartMs !== 100 && fault.restartMs > 100)
    yield { ...fault, restartMs: 100 };
  if ('forMs' in fault && fault.forMs !== undefined)
    for (const forMs of [20, 100]) if (forMs < fault.forMs) yield { ...fault, forMs };
  if (fault.type === 'partition' && fault.flapMs !== undefined) {
    const { flapMs: _gone, ...steady } = fault;
    yield steady;
  }
  if (fault.type === 'message') for (const nth of [1, 2, 4, 8]) if (nth < fault.nth) yield { ...fault, nth };
  if (fault.type === 'partition' && fault.oneWay) yield { ...fault, oneWay: false };
  if (fault.type === 'weather')
    for (const part of ['corrupt', 'duplicate', 'reorder', 'loss', 'delay'] as const) {
      const { [part]: gone, ...link } = fault.link;
      if (gone !== undefined && gone !== 0) yield { ...fault, link };
    }
}

/** How large a plan is, in the words of a report. */
export function sizeOf(data: ScenarioData): { readonly faults: number; readonly nodes: number } {
  return {
    faults: data.faults.length + Object.keys(data.byzantine).length,
    nodes: Object.keys(data.validators).length + data.fullNodes.length,
  };
}
