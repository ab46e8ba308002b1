/**
 * Builds a world from the nodes and the environment of a scenario. Each node's log is created before time 0 (`init`), so that a run begins with
 * an ordinary boot.
 */

import { roles, withLiar } from '../actors/byzantine/index.ts';
import { createNode, honestHandshake, keyedHashSigner, type NodeParts, plannerOf } from '../actors/node/index.ts';
import {
  type Director,
  type DiskTiming,
  defaultTiming,
  type Listener,
  type NodeSpec,
  newWorld,
  type World,
} from '../actors/scheduler/index.ts';
import { seeded } from '../core/choice.ts';
import { mix, textDigest } from '../core/digest.ts';
import type { Property, Setting } from '../core/events.ts';
import { own } from '../core/own.ts';
import { Network, neighbours } from '../network-sim/index.ts';
import {
  appendFrame,
  applicationBirth,
  applyOperation,
  type BootStep,
  expandStep,
  initPlan,
  SimulatedDisk,
  signerBirth,
} from '../wal/index.ts';
import { withApplication } from './application.ts';
import { liesOf } from './lies.ts';
import { linkRule } from './links.ts';
import { castOf, type ScenarioData, signerOf, startsLater } from './model.ts';
import { monitorOf } from './own-protocol.ts';
import { protocolNamed, setsOf } from './protocols.ts';
import { guardOf } from './signers.ts';
import { isSyncOnly } from './sync-only.ts';
import { statusOf, usualStatusMs } from './timing.ts';

export type AnyParts = NodeParts<unknown, unknown, unknown, unknown, unknown>;

/** A node with one part replaced, as a museum's exhibit does it. */
export interface Alteration {
  readonly parts?: (parts: AnyParts) => AnyParts;
  readonly spec?: (spec: NodeSpec) => NodeSpec;
  readonly init?: (steps: readonly BootStep[]) => readonly BootStep[];
}

export interface WorldOptions {
  readonly seed: number;
  /** What is kept of the run. */
  readonly keeps: 'events' | 'hash' | 'nothing';
  readonly alteration?: Alteration;
  /** Wraps each node, also an altered one and one that lies. */
  readonly wrap?: ((spec: NodeSpec) => NodeSpec) | undefined;
  readonly director?: Director;
  readonly properties: readonly Property[];
  readonly listeners?: readonly Listener[];
}

const defaultKeepBlocks = 1000;
/** All nodes sign under this seed, in runs of every seed. */
const signingSeed = 0x5eed;
/** The timing of a run whose schedule is chosen: disk operations take no time. */
const timeless: DiskTiming = { sync: [0, 0], other: [0, 0] };

/** Builds the world at time 0. Its nodes are about to boot. */
export function buildWorld(data: ScenarioData, options: WorldOptions): World {
  const { seed, keeps, alteration, wrap = (spec) => spec, director, properties, listeners = [] } = options;
  const names = castOf(data);
  const protocol = protocolNamed(data.protocol);
  const configurations = new Map(names.map((name) => [name, protocol.configuration(data, name)]));
  const specs = names.map((name) => {
    const spec = wrap(nodeOf(data, name, configurations.get(name), seed, alteration));
    const change = own(data.reconfigured ?? {}, name);
    if (change === undefined) return spec;
    const other = protocol.configuration({ ...data, validators: change.validators, validatorSets: [] }, name);
    return { ...spec, later: { fromLife: change.life, actors: wrap(nodeOf(data, name, other, seed, alteration)).actors } };
  });
  const sets = setsOf(data);
  const powers: Setting['powers'] = (height) => sets.findLast(({ from }) => from <= height)?.powers ?? new Map();
  // A node without consensus forwards nothing, so it connects no others.
  const links = new Map(names.map((name) => [name, isSyncOnly(data, name) ? [] : neighboursOf(data, name, seed)]));
  const setting: Setting = {
    nodes: names,
    powers,
    configurations,
    network: slowestOf(data),
    keptBlocks: data.sync?.isOff === true ? 0 : (data.keepBlocks ?? defaultKeepBlocks),
    ...slowestStatus(data, names),
    ...(data.ownStore === undefined ? {} : { hasOwnStore: true }),
    ...(data.topology === 'mesh' ? {} : { links }),
    ...(data.syncOnly === undefined ? {} : { syncOnly: data.syncOnly }),
    ...(data.replayDelayMs === undefined ? {} : { replayDelayMs: data.replayDelayMs }),
    ...(data.voteExtensions === undefined ? {} : { isSignedBy: keyedHashSigner('', signingSeed).verify }),
    restartsHeights: (data.application ?? []).flatMap(({ does, nodes = names }) => (does === 'restarts-height' ? nodes : [])),
  };
  const world = newWorld({
    specs,
    disks: names.map((name) => preparedDisk(name, seed, data, alteration?.init)),
    network: new Network(networkPlan(data)),
    choices: seeded(seed),
    timing: data.schedule === undefined ? defaultTiming : timeless,
    monitors: properties.map((property) => monitorOf(property, setting)),
    ...(director === undefined ? {} : { director }),
    listeners,
    keeps,
  });
  for (const name of names) if (!startsLater(own(data.scripts, name))) world.start(name);
  for (const [name, lies] of Object.entries(data.byzantine)) {
    const says = liesOf(lies).map(({ role }) => roles[role].says);
    world.markFaulty(name, `it lies: ${[...new Set(says)].join('; ')}`);
  }
  for (const name of Object.keys(data.reconfigured ?? {})) world.markFaulty(name, 'it comes back with another configuration');
  // A node stops if its application fails or computes another state.
  for (const { does, nodes = names, byMs = 0 } of data.application ?? [])
    if (does === 'fails' || does === 'slow' || does === 'executes-otherwise')
      for (const name of nodes) world.noteFault(name, `application ${does}`, { microseconds: byMs * 1000 });
  return world;
}

function nodeOf(data: ScenarioData, name: string, config: unknown, seed: number, alteration: Alteration | undefined): NodeSpec {
  const protocol = protocolNamed(data.protocol);
  const { keepBlocks = defaultKeepBlocks } = data;
  const rule = own(data.signers ?? {}, name);
  const hasSigner = rule !== undefined;
  const { ownStore } = data;
  const hasApplication = ownStore !== undefined;
  const definition = protocol.definition(config);
  const application = protocol.application(data, signerFor(data, name).verify);
  const honest: AnyParts = {
    name,
    definition,
    config,
    application,
    signer: signerFor(data, name),
    ...(rule === undefined ? {} : { guard: guardOf(rule) }),
    peers: neighboursOf(data, name, seed),
    relays: data.topology !== 'mesh' && !isSyncOnly(data, name),
    ...(data.syncOnly === undefined ? {} : { isSyncOnly: isSyncOnly(data, name), syncOnlyPeers: data.syncOnly }),
    wal: {
      plan: plannerOf({
        definition,
        application,
        attest: data.attest,
        hasLog: !data.fullNodes.includes(name),
        onCorrupt: data.onCorrupt,
        keepBlocks,
        hasSigner,
        hasApplication,
      }),
      salt: (life, height) => mix(mix(textDigest(name), life * 1_000_003 + height), seed),
      attest: data.attest,
      hasSigner,
      hasApplication,
      ...(data.replayDelayMs === undefined ? {} : { replayDelayMs: data.replayDelayMs }),
    },
    ...statusParts(data, name),
    ...(data.sync?.isOff === true ? { servesNobody: true } : {}),
    ...(data.sync?.maxBytes === undefined ? {} : { servedBytes: data.sync.maxBytes }),
    keepBlocks,
    ...(ownStore === undefined ? {} : { ownStore: { flushEvery: ownStore.flushEvery, handshake: honestHandshake } }),
  };
  const parts = alteration?.parts?.(honest) ?? honest;
  const other = protocol.executingOtherwise?.(parts.application, name);
  const spec = withApplication(
    createNode(parts),
    data.application ?? [],
    other === undefined ? undefined : createNode({ ...parts, application: other }),
  );
  const lies = own(data.byzantine, name);
  if (lies !== undefined) {
    const { peers, signer, syncOnlyPeers } = honest;
    const deaf = syncOnlyPeers === undefined ? {} : { syncOnlyPeers: syncOnlyPeers.filter((peer) => peers.includes(peer)) };
    const liar = { name: signerOf(data, name), peers, ...deaf, sign: signer.sign, frames: writtenFrames };
    return withClock(withLiar(spec, liesOf(lies), liar), data, name);
  }
  return withClock(alteration?.spec?.(spec) ?? spec, data, name);
}

function withClock(spec: NodeSpec, { blockTime }: ScenarioData, name: string): NodeSpec {
  if (blockTime === undefined) return spec;
  const clock = own(blockTime.clocks, name);
  return { ...spec, wallClock: (life) => (clock === undefined || life < clock.life ? 0 : clock.byMs) };
}

/** Signs with the key that the node holds. A machine that asks or answers by its own name is known by its key too. */
function signerFor(data: ScenarioData, name: string): AnyParts['signer'] {
  const signer = keyedHashSigner(signerOf(data, name), signingSeed);
  if (data.standbys === undefined) return signer;
  return { ...signer, verify: (who, bytes, signature) => signer.verify(signerOf(data, who), bytes, signature) };
}

function statusParts({ timings }: ScenarioData, name: string): Pick<AnyParts, 'statusMs' | 'statusLater' | 'statusOnDecision'> {
  const { intervals, onDecision } = statusOf(timings, name);
  const [first, ...later] = intervals;
  return {
    statusMs: first?.ms ?? usualStatusMs,
    ...(later.length === 0 ? {} : { statusLater: later }),
    ...(onDecision ? { statusOnDecision: true } : {}),
  };
}

/** Frames as the first life of a node with salt 0 would write them, whole and with checksums that fit. */
const writtenFrames: Uint8Array = (() => {
  const start = { file: 'wal/1.0.wal', height: 1, life: 0, salt: 0, sequence: 0, baseSequence: 0, synced: 0, offset: 0 };
  const first = appendFrame(start, 'own', new Uint8Array(24));
  const second = appendFrame({ ...first.writer, synced: 1 }, 'input', first.bytes);
  return Uint8Array.from([...first.bytes, ...second.bytes]);
})();

function neighboursOf(data: ScenarioData, name: string, seed: number): readonly string[] {
  const cast = castOf(data);
  if (data.topology === 'mesh') return cast.filter((other) => other !== name);
  return neighbours(data.topology, cast, seeded(seed)).get(name) ?? [];
}

/** A disk on which `init` has run: the honest one, or what `altered` makes of it. */
function preparedDisk(
  name: string,
  seed: number,
  { attest, lostSectors, fullNodes, signers = {}, ownStore }: ScenarioData,
  altered: NonNullable<Alteration['init']> = (steps) => steps,
): SimulatedDisk {
  const disk = new SimulatedDisk(lostSectors, { folders: 'made' });
  const log = initPlan(new Map(), { attest, salt: mix(textDigest(name), seed), hasLog: !fullNodes.includes(name) });
  const beside = [
    ...(own(signers, name) === undefined ? [] : signerBirth()),
    ...(ownStore === undefined ? [] : applicationBirth()),
  ];
  for (const step of altered([...log, ...beside])) {
    for (const operation of expandStep(step, new Map())) applyOperation(disk, operation);
  }
  return disk;
}

/** The longest interval between two statuses from a height on, where some interval is longer than usual. */
function slowestStatus({ timings }: ScenarioData, names: readonly string[]): Pick<Setting, 'statusMs'> {
  const plans = names.map((name) => statusOf(timings, name).intervals);
  if (plans.every((intervals) => intervals.every(({ ms }) => ms <= usualStatusMs))) return {};
  const later = (height: number) =>
    plans.flatMap((intervals) =>
      intervals.slice(
        Math.max(
          0,
          intervals.findLastIndex(({ from }) => from <= height),
        ),
      ),
    );
  return { statusMs: (height) => Math.max(...later(height).map(({ ms }) => ms)) };
}

/** A message that is reordered is held back by up to four more delays. */
const mostDelays = 5;

/** The longest delay that a message may take, ms; after GST its bound. */
export function slowestOf({ network, gst, schedule }: ScenarioData): Setting['network'] & object {
  if (gst !== undefined) return { delayMs: gst.boundMs, gstMs: gst.timeMs };
  const links = [network, ...Object.values(network.links ?? {}).map((own) => ({ ...network, ...own }))];
  const delays = links.map((link) => {
    const { delay, reorderPerMille } = linkRule(link);
    return (Math.max(...delay) / 1000) * (reorderPerMille > 0 ? mostDelays : 1);
  });
  return { delayMs: schedule === undefined ? Math.max(...delays) : 0 };
}

function networkPlan({ network, gst }: ScenarioData): Network['plan'] {
  const link = linkRule(network);
  const links = Object.fromEntries(
    Object.entries(network.links ?? {}).map(([pair, model]) => [pair, linkRule({ ...network, ...model })]),
  );
  if (gst === undefined) return { link, links };
  return { link, links, gst: { time: gst.timeMs * 1000, bound: gst.boundMs * 1000 } };
}
