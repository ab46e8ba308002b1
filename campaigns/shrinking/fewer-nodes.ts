/** Generates scenarios with fewer nodes, for shrinking. A part that names a removed node is restricted to the other nodes, or removed as well. */
import { heardText, parseHeard } from '../../actors/scheduler/crash-point.ts';
import { parsePoint, pointText } from '../../actors/scheduler/index.ts';
import type { Fault, PlannedFault, Trigger } from '../../scenarios/faults.ts';
import type { Lies } from '../../scenarios/lies.ts';
import { castOf, type ScenarioData, type ScriptStep, type Standby } from '../../scenarios/model.ts';
import { membersAmong } from '../../scenarios/raft-members.ts';
import { tidyScripts } from './shorter-scripts.ts';
import { groupsWithout } from './simpler-faults.ts';
import { fewerOf, without } from './simpler-values.ts';

/** Removes halves, quarters and so on, down to single nodes. */
export function* fewerNodes(data: ScenarioData): Generator<ScenarioData> {
  const cast = castOf(data);
  for (const kept of fewerOf(cast)) {
    const gone = new Set(cast.filter((name) => !kept.includes(name)));
    const isAwaited = data.faults.some(({ trigger }) => 'event' in trigger && gone.has(trigger.node ?? ''));
    if (isAwaited) yield* withoutNodes(data, gone, 'anybody');
    yield* withoutNodes(data, gone, 'nobody');
  }
}

/**
 * Removes nodes. Faults that waited for an event of a removed node wait for that event at any node (`anybody`), or are removed (`nobody`). Yields nothing if
 * a validator set would have no power.
 */
function* withoutNodes(data: ScenarioData, gone: ReadonlySet<string>, waitFor: 'anybody' | 'nobody'): Generator<ScenarioData> {
  const left = <Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !gone.has(name)));
  const stays = (name: string): boolean => !gone.has(name);
  const validators = left(data.validators);
  const validatorSets = data.validatorSets.map(({ from, powers }) => ({ from, powers: left(powers) }));
  const hasVotes = (powers: Readonly<Record<string, number>>): boolean => Object.values(powers).some((power) => power > 0);
  if (![validators, ...validatorSets.map(({ powers }) => powers)].every(hasVotes)) return;
  const raft = data.raft === undefined ? undefined : membersAmong(data.raft, castOf(data).filter(stays));
  if (data.raft !== undefined && raft === undefined) return;
  const { links, ...network } = data.network;
  const otherLinks = Object.entries(links ?? {}).filter(([pair]) => pair.split('->').every(stays));
  yield {
    ...data,
    validators,
    validatorSets,
    fullNodes: data.fullNodes.filter(stays),
    ...(raft === undefined ? {} : { raft }),
    ...(data.blockTime === undefined ? {} : { blockTime: { clocks: left(data.blockTime.clocks) } }),
    ...(data.syncOnly === undefined ? {} : { syncOnly: data.syncOnly.filter(stays) }),
    ...(data.standbys === undefined ? {} : { standbys: standbysWithout(data.standbys, stays) }),
    ...(data.signers === undefined ? {} : { signers: left(data.signers) }),
    proposers: Object.fromEntries(Object.entries(data.proposers).filter(([, name]) => stays(name))),
    network: otherLinks.length === 0 ? network : { ...network, links: Object.fromEntries(otherLinks) },
    scripts: tidyScripts(scriptsWithout(left(data.scripts), gone)),
    byzantine: Object.fromEntries(Object.entries(left(data.byzantine)).flatMap(([name, lies]) => liesBefore(name, lies, stays))),
    faults: data.faults.flatMap((planned) => faultWithout(planned, castOf(data), gone, waitFor)),
    ...(data.timings === undefined ? {} : { timings: checksWithout(data.timings, stays) }),
    ...(data.application === undefined ? {} : { application: checksWithout(data.application, stays) }),
    ...(data.reconfigured === undefined ? {} : { reconfigured: changesWithout(left(data.reconfigured), stays) }),
    decides: checksWithout(data.decides, stays),
    ...(data.absences === undefined ? {} : { absences: checksWithout(data.absences, stays) }),
  };
}

/** Removes the standby nodes that are gone, and those whose key belongs to a removed node. */
function standbysWithout(standbys: Readonly<Record<string, Standby>>, stays: (name: string) => boolean): typeof standbys {
  return Object.fromEntries(Object.entries(standbys).filter(([name, { key }]) => stays(name) && stays(key)));
}

/** Removes the steps that name a removed node, such as a wait for its event or a start with its disk. */
function scriptsWithout(scripts: ScenarioData['scripts'], gone: ReadonlySet<string>): ScenarioData['scripts'] {
  const namedIn = (step: ScriptStep): readonly (string | undefined)[] => [
    'node' in step ? step.node : undefined,
    step.type === 'start' ? (step.diskOf ?? step.signerOf) : undefined,
  ];
  const stays = (step: ScriptStep): boolean => !namedIn(step).some((name) => name !== undefined && gone.has(name));
  return Object.fromEntries(Object.entries(scripts).map(([name, steps]) => [name, steps.filter(stays)]));
}

function changesWithout(
  changes: NonNullable<ScenarioData['reconfigured']>,
  stays: (name: string) => boolean,
): NonNullable<ScenarioData['reconfigured']> {
  const powersOf = (powers: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(powers).filter(([name]) => stays(name)));
  return Object.fromEntries(
    Object.entries(changes).map(([node, change]) => [node, { ...change, validators: powersOf(change.validators) }]),
  );
}

/** Restricts the receivers of lies to the nodes that stay. A lie without receivers is removed. */
function liesBefore(node: string, lies: Lies, stays: (name: string) => boolean): readonly (readonly [string, Lies])[] {
  if (typeof lies === 'string') return [[node, lies]];
  const left = lies.map((lie) => (lie.to === undefined ? lie : { ...lie, to: lie.to.filter(stays) }));
  const heard = left.filter(({ to }) => to?.length !== 0);
  return heard.length === 0 ? [] : [[node, heard]];
}

/** The rule without the removed nodes; undefined if its senders or its receivers are all removed. */
function ruleWithout(fault: Fault & { readonly type: 'rule' }, gone: ReadonlySet<string>): Fault | undefined {
  const stays = (name: string): boolean => !gone.has(name);
  const [from, to] = [fault.from?.filter(stays), fault.to?.filter(stays)];
  if (from?.length === 0 || to?.length === 0) return undefined;
  return { ...fault, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function checksWithout<Check extends { readonly nodes?: readonly string[] }>(
  checks: readonly Check[],
  stays: (name: string) => boolean,
): readonly Check[] {
  return checks.flatMap((check) => {
    const nodes = check.nodes?.filter(stays);
    return nodes === undefined ? [check] : nodes.length === 0 ? [] : [{ ...check, nodes }];
  });
}

function faultWithout(
  { trigger, fault }: PlannedFault,
  cast: readonly string[],
  gone: ReadonlySet<string>,
  waitFor: 'anybody' | 'nobody',
): readonly PlannedFault[] {
  const when = triggerWithout(trigger, cast, gone, waitFor);
  const what = struckWithout(fault, gone);
  return when === undefined || what === undefined ? [] : [{ trigger: when, fault: what }];
}

function triggerWithout(
  trigger: Trigger,
  cast: readonly string[],
  gone: ReadonlySet<string>,
  waitFor: 'anybody' | 'nobody',
): Trigger | undefined {
  if ('timeMs' in trigger) return trigger;
  if ('point' in trigger) return pointWithout(trigger.point, cast, gone);
  const { node } = trigger;
  if (node === undefined || !gone.has(node)) return trigger;
  return 'event' in trigger && waitFor === 'anybody' ? (without(trigger, 'node') as Trigger) : undefined;
}

/** The crash point without removed nodes. A torn message still reaches those of its receivers that stay. */
function pointWithout(point: string, cast: readonly string[], gone: ReadonlySet<string>): Trigger | undefined {
  const parsed = parsePoint(point);
  if (parsed === undefined) return { point };
  if (gone.has(parsed.point.node)) return undefined;
  const heard = /^heard=(.*)$/.exec(parsed.image ?? '')?.[1];
  if (heard === undefined) return { point };
  const isLeft = (name: string): boolean => !gone.has(name);
  const hearers = heardText(parseHeard(heard, cast).filter(isLeft), cast.filter(isLeft));
  return { point: `${pointText(parsed.point, parsed.phase)}/heard=${hearers}` };
}

/** The fault without the removed nodes; undefined if nothing of it is left. */
function struckWithout(fault: Fault, gone: ReadonlySet<string>): Fault | undefined {
  if ('nodes' in fault) {
    const nodes = fault.nodes.filter((name) => !gone.has(name));
    return nodes.length === 0 ? undefined : { ...fault, nodes };
  }
  if (fault.type === 'partition') {
    const groups = groupsWithout(fault.groups, gone);
    return groups.length < 2 ? undefined : { ...fault, groups };
  }
  if (fault.type === 'message') return gone.has(fault.from) || gone.has(fault.to) ? undefined : fault;
  if (fault.type === 'rule') return ruleWithout(fault, gone);
  return 'node' in fault && gone.has(fault.node) ? undefined : fault;
}
