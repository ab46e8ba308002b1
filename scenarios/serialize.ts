/** Between the written spelling (YAML, JSON) and the model: both ways, so that a scenario survives the round trip. */

import type { Lie } from '../actors/byzantine/index.ts';
import type { LostSectors } from '../wal/index.ts';
import type { Conduct } from './application.ts';
import { type ApplicationScope, applicationRule, writtenApplication } from './application-rule.ts';
import { blockTimeOf, type WrittenClock, writtenBlockTime } from './block-time.ts';
import { type Duration, durationText, milliseconds, writtenDuration } from './duration.ts';
import type { PlannedFault, Trigger } from './faults.ts';
import type { Lies } from './lies.ts';
import type { LinkModel } from './links.ts';
import type { ScenarioData, Variant } from './model.ts';
import { ownStoreOf, type WrittenStore, writtenStore } from './own-store.ts';
import { protocolNamed } from './protocols.ts';
import {
  absenceOf,
  filled,
  optional,
  stepOf,
  type Time,
  type WrittenAbsence,
  type WrittenStep,
  writtenAbsence,
  writtenStep,
} from './serialize-steps.ts';
import { plainFullNodes, withSyncOnly } from './sync-only.ts';
import { type TimingScope, timingRule, type WrittenTiming, writtenTiming } from './timing.ts';

/** The contents of a file; schema.ts checks them. */
export interface WrittenScenario {
  readonly scenario: string;
  readonly describe?: string;
  readonly validators: Readonly<Record<string, number>>;
  readonly fullNodes?: readonly string[];
  readonly syncOnly?: readonly string[];
  readonly standbys?: ScenarioData['standbys'];
  readonly signers?: ScenarioData['signers'];
  readonly validatorSets?: ScenarioData['validatorSets'];
  readonly seed?: number;
  readonly proposers?: Readonly<Record<string, string>>;
  readonly network?: object;
  readonly protocol?: string;
  readonly raft?: ScenarioData['raft'];
  readonly topology?: ScenarioData['topology'];
  readonly timeouts?: readonly (WrittenTiming & TimingScope)[];
  readonly application?: readonly (ApplicationScope & { readonly does: Conduct })[];
  readonly reconfigured?: Readonly<
    Record<string, { readonly life?: number; readonly validators: Readonly<Record<string, number>> }>
  >;
  readonly blockTime?: { readonly clocks?: Readonly<Record<string, WrittenClock>> };
  readonly sync?: 'off' | { readonly batch?: number; readonly parallel?: number; readonly maxBytes?: number };
  readonly gst?: { readonly time: Time; readonly bound: Time };
  readonly app?: WrittenStore & { readonly valueBytes?: number; readonly keepBlocks?: number };
  readonly voteExtensions?: { readonly from?: number };
  readonly finalization?: Time;
  readonly disk?: { readonly lostSectors: LostSectors };
  readonly wal?: { readonly attest?: 'next' | 'strict'; readonly onCorrupt?: 'halt' | 'abstain'; readonly replayDelay?: Time };
  readonly byzantine?: Readonly<Record<string, string | Lie | readonly Lie[]>>;
  readonly nodes?: Readonly<Record<string, readonly WrittenStep[]>>;
  readonly faults?: readonly { readonly at: WrittenTrigger; readonly fault: object }[];
  readonly safetyPhase?: Time;
  readonly variants?: readonly object[];
  readonly mustReach?: readonly string[];
  /** Properties by name say what the scenario is about; all are judged. */
  readonly expect?: readonly (
    | string
    | { readonly decides: number; readonly within?: Time; readonly nodes?: readonly string[]; readonly as?: string }
    | WrittenAbsence
  )[];
  readonly until?: { readonly time: Time } | { readonly height: number; readonly round?: number };
  readonly schedule?: ScenarioData['schedule'];
}

type WrittenTrigger =
  | { readonly time: Time }
  | { readonly event: string; readonly where?: Readonly<Record<string, unknown>>; readonly node?: string; readonly nth?: number }
  | Exclude<Trigger, { readonly timeMs: number } | { readonly event: string }>;

const defaultSeed = 42;
const defaultValueBytes = 16;
const defaultWithinMs = 60_000;

export function fromWritten(written: WrittenScenario): ScenarioData {
  const { gst, until, app, wal, safetyPhase, expect = [] } = written;
  const about = expect.filter((one) => typeof one === 'string');
  const ms = (value: number | string): number => milliseconds(value as Duration);
  return {
    name: written.scenario,
    description: written.describe ?? '',
    validators: written.validators,
    validatorSets: written.validatorSets ?? [],
    fullNodes: withSyncOnly(written.fullNodes ?? [], written.syncOnly ?? [], Object.keys(written.validators)),
    ...optional({ syncOnly: filled(written.syncOnly ?? []), standbys: written.standbys, signers: written.signers }),
    proposers: written.proposers ?? {},
    seed: written.seed ?? defaultSeed,
    network: (written.network ?? {}) as ScenarioData['network'],
    ...(written.protocol === undefined ? {} : { protocol: protocolNamed(written.protocol).name }),
    ...(written.raft === undefined ? {} : { raft: written.raft }),
    topology: written.topology ?? 'mesh',
    ...(gst === undefined ? {} : { gst: { timeMs: ms(gst.time), boundMs: ms(gst.bound) } }),
    ...optional({
      timings: written.timeouts?.map(({ nodes, from, ...timing }) => timingRule(timing, optional({ nodes, from }))),
      reconfigured:
        written.reconfigured === undefined
          ? undefined
          : Object.fromEntries(Object.entries(written.reconfigured).map(([node, change]) => [node, { life: 1, ...change }])),
      sync: written.sync === 'off' ? { isOff: true } : written.sync,
      application: written.application?.map(({ does, ...scope }) => applicationRule(does, scope)),
    }),
    valueBytes: app?.valueBytes ?? defaultValueBytes,
    ...optional({ keepBlocks: app?.keepBlocks, ownStore: ownStoreOf(app ?? {}) }),
    ...(written.finalization === undefined ? {} : { finalizationMs: ms(written.finalization) }),
    ...(written.blockTime === undefined ? {} : { blockTime: blockTimeOf(written.blockTime.clocks ?? {}) }),
    ...(written.voteExtensions === undefined ? {} : { voteExtensions: { from: written.voteExtensions.from ?? 1 } }),
    ...(written.disk === undefined ? {} : { lostSectors: written.disk.lostSectors }),
    attest: wal?.attest ?? 'next',
    onCorrupt: wal?.onCorrupt ?? 'halt',
    ...(wal?.replayDelay === undefined ? {} : { replayDelayMs: ms(wal.replayDelay) }),
    scripts: Object.fromEntries(Object.entries(written.nodes ?? {}).map(([node, steps]) => [node, steps.map(stepOf)])),
    faults: (written.faults ?? []).map(
      ({ at, fault }): PlannedFault => ({ trigger: triggerOf(at), fault: fault as PlannedFault['fault'] }),
    ),
    byzantine: Object.fromEntries(Object.entries(written.byzantine ?? {}).map(([node, lies]) => [node, liesIn(lies)])),
    variants: (written.variants ?? []) as readonly Variant[],
    ...(about.length === 0 ? {} : { about }),
    ...optional({
      absences: filled(expect.flatMap((one) => (typeof one === 'string' || 'decides' in one ? [] : [absenceOf(one)]))),
    }),
    decides: expect.flatMap((one) =>
      typeof one === 'string' || !('decides' in one)
        ? []
        : [
            {
              height: one.decides,
              withinMs: one.within === undefined ? defaultWithinMs : ms(one.within),
              ...optional({ nodes: one.nodes, as: one.as }),
            },
          ],
    ),
    mustReach: written.mustReach ?? [],
    ...(until === undefined
      ? {}
      : { until: 'time' in until ? { timeMs: ms(until.time) } : { height: until.height, round: until.round ?? 0 } }),
    ...(safetyPhase === undefined ? {} : { safetyMs: ms(safetyPhase) }),
    ...(written.schedule === undefined ? {} : { schedule: written.schedule }),
  };
}

function liesIn(written: string | Lie | readonly Lie[]): Lies {
  if (typeof written === 'string') return written as Lies;
  return 'role' in written ? [written] : written;
}

/** A single lie needs no list. */
function writtenLies(lies: Lies): string | Lie | readonly Lie[] {
  const [only, second] = typeof lies === 'string' ? [] : lies;
  return only === undefined || second !== undefined ? lies : only;
}

function triggerOf(at: WrittenTrigger): Trigger {
  if ('time' in at) return { timeMs: milliseconds(at.time as Duration) };
  return 'event' in at ? ({ ...at, where: at.where ?? {} } as Trigger) : at;
}

/** Defaults are omitted. */
export function toWritten(data: ScenarioData): WrittenScenario {
  const { until, gst, safetyMs } = data;
  const wal = optional({
    attest: data.attest === 'next' ? undefined : data.attest,
    onCorrupt: data.onCorrupt === 'halt' ? undefined : data.onCorrupt,
    replayDelay: writtenDuration(data.replayDelayMs),
  });
  const written = optional({
    scenario: data.name,
    describe: data.description === '' ? undefined : data.description,
    validators: data.validators,
    fullNodes: filled(plainFullNodes(data)),
    syncOnly: filled(data.syncOnly ?? []),
    standbys: data.standbys,
    signers: data.signers,
    validatorSets: filled(data.validatorSets),
    seed: data.seed === defaultSeed ? undefined : data.seed,
    proposers: filled(data.proposers),
    network: filled(data.network as LinkModel & object),
    protocol: data.protocol,
    raft: data.raft,
    topology: data.topology === 'mesh' ? undefined : data.topology,
    gst: gst === undefined ? undefined : { time: durationText(gst.timeMs), bound: durationText(gst.boundMs) },
    timeouts: filled((data.timings ?? []).map(writtenTiming)),
    sync: data.sync?.isOff === true ? 'off' : data.sync,
    reconfigured: filled(data.reconfigured ?? {}),
    application: filled((data.application ?? []).map(writtenApplication)),
    app: filled(
      optional({
        valueBytes: data.valueBytes === defaultValueBytes ? undefined : data.valueBytes,
        keepBlocks: data.keepBlocks,
        ...writtenStore(data.ownStore),
      }),
    ),
    finalization: writtenDuration(data.finalizationMs),
    blockTime: data.blockTime === undefined ? undefined : writtenBlockTime(data.blockTime),
    voteExtensions:
      data.voteExtensions === undefined ? undefined : data.voteExtensions.from === 1 ? {} : { from: data.voteExtensions.from },
    wal: filled(wal),
    byzantine: filled(Object.fromEntries(Object.entries(data.byzantine).map(([node, lies]) => [node, writtenLies(lies)]))),
    nodes: filled(Object.fromEntries(Object.entries(data.scripts).map(([node, steps]) => [node, steps.map(writtenStep)]))),
    faults: filled(data.faults.map(({ trigger, fault }) => ({ at: writtenTrigger(trigger), fault }))),
    safetyPhase: writtenDuration(safetyMs),
    variants: filled(data.variants),
    mustReach: filled(data.mustReach),
    expect: filled([
      ...(data.about ?? []),
      ...data.decides.map(({ height, withinMs, nodes, as }) =>
        optional({ decides: height, within: withinMs === defaultWithinMs ? undefined : durationText(withinMs), nodes, as }),
      ),
      ...(data.absences ?? []).map(writtenAbsence),
    ]),
    until: until === undefined ? undefined : 'timeMs' in until ? { time: durationText(until.timeMs) } : until,
    disk: data.lostSectors === undefined ? undefined : { lostSectors: data.lostSectors },
    schedule: data.schedule,
  });
  return written as unknown as WrittenScenario;
}

function writtenTrigger(trigger: Trigger): object {
  if ('timeMs' in trigger) return { time: durationText(trigger.timeMs) };
  if (!('event' in trigger)) return trigger;
  const { where, ...rest } = trigger;
  return Object.keys(where).length === 0 ? rest : { ...rest, where };
}
