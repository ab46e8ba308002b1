/** Between the written spelling (YAML, JSON) and the model: both ways, so that a scenario survives the round trip. */
import type { RoleName } from '../actors/byzantine/index.ts';
import type { CrashImage } from '../core/events.ts';
import type { LostSectors } from '../wal/index.ts';
import { type Duration, milliseconds } from './duration.ts';
import type { PlannedFault, Trigger } from './faults.ts';
import type { LinkModel } from './links.ts';
import type { Absence, ScenarioData, ScriptStep, Variant } from './model.ts';
import { protocolNamed } from './protocols.ts';

type Time = number | string;
type Where = Readonly<Record<string, unknown>>;
type Strike = null | {
  readonly before?: string;
  readonly after?: string;
  readonly torn?: string;
  readonly nth?: number;
  readonly image?: unknown;
};

interface WrittenMoment {
  readonly event: string;
  readonly where?: Where;
  readonly node?: string;
}

/** Something that must not come: an event, or (`decidesNothing`) a decision. */
interface WrittenAbsence {
  readonly from?: Time;
  readonly until?: Time;
  readonly nodes?: readonly string[];
  readonly as?: string;
}

/** A step of a script: one key, the name of the method that the builder has for it. */
export type WrittenStep =
  | { readonly startsLate: { readonly after?: Time; readonly at?: WrittenMoment } }
  | { readonly neverStarts: null }
  | { readonly waitUntil: WrittenMoment & { readonly within?: Time; readonly as?: string } }
  | {
      readonly expect: WrittenMoment & {
        readonly within?: Time;
        readonly sameAs?: string;
        readonly differsFrom?: string;
        readonly as?: string;
      };
    }
  | { readonly never: WrittenMoment & { readonly for: Time; readonly as?: string } }
  | { readonly crash: Strike }
  | { readonly kill: Strike }
  | { readonly restart: { readonly after: Time } }
  | { readonly isolate: null | { readonly for: Time } }
  | { readonly flipBit: 'middle' | 'last' }
  | { readonly wipe: null }
  | { readonly failFsync: null }
  | { readonly stayDown: null };

/** What stands in a file; schema.ts checks it. */
export interface WrittenScenario {
  readonly scenario: string;
  readonly describe?: string;
  readonly validators: Readonly<Record<string, number>>;
  readonly fullNodes?: readonly string[];
  readonly validatorSets?: ScenarioData['validatorSets'];
  readonly seed?: number;
  readonly proposers?: Readonly<Record<string, string>>;
  readonly network?: object;
  readonly protocol?: string;
  readonly topology?: ScenarioData['topology'];
  readonly gst?: { readonly time: Time; readonly bound: Time };
  readonly app?: { readonly valueBytes?: number; readonly keepBlocks?: number };
  readonly disk?: { readonly lostSectors: LostSectors };
  readonly wal?: { readonly attest?: 'next' | 'strict'; readonly onCorrupt?: 'halt' | 'abstain' };
  readonly byzantine?: Readonly<Record<string, string>>;
  readonly nodes?: Readonly<Record<string, readonly WrittenStep[]>>;
  readonly faults?: readonly { readonly at: WrittenTrigger; readonly fault: object }[];
  readonly safetyPhase?: Time;
  readonly variants?: readonly object[];
  readonly mustReach?: readonly string[];
  /** Properties by name say what the scenario is about; all are judged. */
  readonly expect?: readonly (
    | string
    | { readonly decides: number; readonly within?: Time; readonly nodes?: readonly string[]; readonly as?: string }
    | { readonly never: WrittenAbsence & { readonly event: string; readonly where?: Where } }
    | { readonly decidesNothing: WrittenAbsence }
  )[];
  readonly until?: { readonly time: Time } | { readonly height: number; readonly round?: number };
  readonly schedule?: ScenarioData['schedule'];
}

type WrittenTrigger =
  | { readonly time: Time }
  | { readonly event: string; readonly where?: Where; readonly node?: string; readonly nth?: number }
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
    fullNodes: written.fullNodes ?? [],
    proposers: written.proposers ?? {},
    seed: written.seed ?? defaultSeed,
    network: (written.network ?? {}) as ScenarioData['network'],
    ...(written.protocol === undefined ? {} : { protocol: protocolNamed(written.protocol).name }),
    topology: written.topology ?? 'mesh',
    ...(gst === undefined ? {} : { gst: { timeMs: ms(gst.time), boundMs: ms(gst.bound) } }),
    valueBytes: app?.valueBytes ?? defaultValueBytes,
    ...optional({ keepBlocks: app?.keepBlocks }),
    ...(written.disk === undefined ? {} : { lostSectors: written.disk.lostSectors }),
    attest: wal?.attest ?? 'next',
    onCorrupt: wal?.onCorrupt ?? 'halt',
    scripts: Object.fromEntries(Object.entries(written.nodes ?? {}).map(([node, steps]) => [node, steps.map(stepOf)])),
    faults: (written.faults ?? []).map(
      ({ at, fault }): PlannedFault => ({ trigger: triggerOf(at), fault: fault as PlannedFault['fault'] }),
    ),
    byzantine: (written.byzantine ?? {}) as Readonly<Record<string, RoleName>>,
    variants: (written.variants ?? []) as readonly Variant[],
    ...(about.length === 0 ? {} : { about }),
    ...optional({ absences: filled(expect.flatMap((one) => absenceIn(one))) }),
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

function absenceIn(one: NonNullable<WrittenScenario['expect']>[number]): readonly Absence[] {
  if (typeof one === 'string' || 'decides' in one) return [];
  const ms = (value: Time | undefined): number | undefined => (value === undefined ? undefined : milliseconds(value as Duration));
  const moment = 'never' in one ? { event: one.never.event, where: one.never.where ?? {} } : undefined;
  const { from, until, nodes, as } = 'never' in one ? one.never : one.decidesNothing;
  return [optional({ moment, fromMs: ms(from), untilMs: ms(until), nodes, as })];
}

function triggerOf(at: WrittenTrigger): Trigger {
  if ('time' in at) return { timeMs: milliseconds(at.time as Duration) };
  return 'event' in at ? ({ ...at, where: at.where ?? {} } as Trigger) : at;
}

function stepOf(step: WrittenStep): ScriptStep {
  const ms = (value: number | string): number => milliseconds(value as Duration);
  if ('waitUntil' in step) {
    const { event, where = {}, within, ...names } = step.waitUntil;
    const withinMs = within === undefined ? undefined : ms(within);
    return { type: 'waitUntil', moment: { event, where }, ...optional({ withinMs, ...names }) };
  }
  if ('expect' in step) {
    const { event, where = {}, within, ...names } = step.expect;
    const withinMs = within === undefined ? undefined : ms(within);
    return { type: 'expect', moment: { event, where }, ...optional({ withinMs, ...names }) };
  }
  if ('never' in step) {
    const { event, where = {}, for: length, ...names } = step.never;
    return { type: 'never', moment: { event, where }, forMs: ms(length), ...optional(names) };
  }
  if ('neverStarts' in step) return { type: 'start' };
  if ('startsLate' in step) {
    const { after, at } = step.startsLate;
    const moment = at === undefined ? undefined : { event: at.event, where: at.where ?? {} };
    return { type: 'start', ...optional({ afterMs: after === undefined ? undefined : ms(after), moment, node: at?.node }) };
  }
  if ('crash' in step) return death('power', step.crash);
  if ('kill' in step) return death('kill', step.kill);
  if ('restart' in step) return { type: 'restart', afterMs: ms(step.restart.after) };
  if ('isolate' in step) return { type: 'isolate', ...(step.isolate === null ? {} : { forMs: ms(step.isolate.for) }) };
  if ('flipBit' in step) return { type: 'disk', fault: { type: 'flip', frame: step.flipBit } };
  if ('wipe' in step) return { type: 'disk', fault: { type: 'wipe' } };
  return 'failFsync' in step ? { type: 'disk', fault: { type: 'fail-fsync' } } : { type: 'stayDown' };
}

function death(kind: 'kill' | 'power', strike: Strike): ScriptStep {
  if (strike === null) return { type: 'death', kind, image: 'none' };
  const phase = strike.before !== undefined ? 'before' : strike.after !== undefined ? 'after' : 'torn';
  const site = strike[phase] ?? '';
  const image = (strike.image ?? 'none') as CrashImage;
  return { type: 'death', kind, strike: { site, phase, nth: strike.nth ?? 1 }, image };
}

/** What is as by default is left out. */
export function toWritten(data: ScenarioData): WrittenScenario {
  const { until, gst, safetyMs } = data;
  const wal = optional({
    attest: data.attest === 'next' ? undefined : data.attest,
    onCorrupt: data.onCorrupt === 'halt' ? undefined : data.onCorrupt,
  });
  const written = optional({
    scenario: data.name,
    describe: data.description === '' ? undefined : data.description,
    validators: data.validators,
    fullNodes: filled(data.fullNodes),
    validatorSets: filled(data.validatorSets),
    seed: data.seed === defaultSeed ? undefined : data.seed,
    proposers: filled(data.proposers),
    network: filled(data.network as LinkModel & object),
    protocol: data.protocol,
    topology: data.topology === 'mesh' ? undefined : data.topology,
    gst: gst === undefined ? undefined : { time: gst.timeMs, bound: gst.boundMs },
    app: filled(
      optional({
        valueBytes: data.valueBytes === defaultValueBytes ? undefined : data.valueBytes,
        keepBlocks: data.keepBlocks,
      }),
    ),
    wal: filled(wal),
    byzantine: filled(data.byzantine),
    nodes: filled(Object.fromEntries(Object.entries(data.scripts).map(([node, steps]) => [node, steps.map(writtenStep)]))),
    faults: filled(data.faults.map(({ trigger, fault }) => ({ at: writtenTrigger(trigger), fault }))),
    safetyPhase: safetyMs,
    variants: filled(data.variants),
    mustReach: filled(data.mustReach),
    expect: filled([
      ...(data.about ?? []),
      ...data.decides.map(({ height, withinMs, nodes, as }) =>
        optional({ decides: height, within: withinMs === defaultWithinMs ? undefined : withinMs, nodes, as }),
      ),
      ...(data.absences ?? []).map(writtenAbsence),
    ]),
    until: until === undefined ? undefined : 'timeMs' in until ? { time: until.timeMs } : until,
    disk: data.lostSectors === undefined ? undefined : { lostSectors: data.lostSectors },
    schedule: data.schedule,
  });
  return written as unknown as WrittenScenario;
}

function writtenAbsence({ moment, fromMs, untilMs, ...names }: Absence): object {
  const written = { from: fromMs, until: untilMs, ...names };
  if (moment === undefined) return { decidesNothing: optional(written) };
  return { never: optional({ event: moment.event, where: filled(moment.where), ...written }) };
}

function writtenTrigger(trigger: Trigger): object {
  if ('timeMs' in trigger) return { time: trigger.timeMs };
  if (!('event' in trigger)) return trigger;
  const { where, ...rest } = trigger;
  return Object.keys(where).length === 0 ? rest : { ...rest, where };
}

function writtenStep(step: ScriptStep): object {
  switch (step.type) {
    case 'waitUntil':
    case 'expect': {
      const { moment, withinMs, type, ...names } = step;
      return { [type]: optional({ event: moment.event, where: filled(moment.where), within: withinMs, ...names }) };
    }
    case 'never': {
      const { moment, forMs, type, ...names } = step;
      return { [type]: optional({ event: moment.event, where: filled(moment.where), for: forMs, ...names }) };
    }
    case 'start': {
      const { afterMs, moment, node } = step;
      if (moment !== undefined)
        return { startsLate: { at: optional({ event: moment.event, where: filled(moment.where), node }) } };
      return afterMs === undefined ? { neverStarts: null } : { startsLate: { after: afterMs } };
    }
    case 'death': {
      const { kind, strike, image } = step;
      const method = kind === 'power' ? 'crash' : 'kill';
      if (strike === undefined) return { [method]: null };
      const { site, phase, nth } = strike;
      return {
        [method]: optional({ [phase]: site, nth: nth === 1 ? undefined : nth, image: image === 'none' ? undefined : image }),
      };
    }
    case 'restart':
      return { restart: { after: step.afterMs } };
    case 'isolate':
      return { isolate: step.forMs === undefined ? null : { for: step.forMs } };
    case 'disk':
      if (step.fault.type === 'flip') return { flipBit: step.fault.frame };
      return step.fault.type === 'wipe' ? { wipe: null } : { failFsync: null };
    case 'stayDown':
      return { stayDown: null };
  }
}

function filled<Value extends object>(value: Value): Value | undefined {
  return (Array.isArray(value) ? value.length : Object.keys(value).length) === 0 ? undefined : value;
}

function optional<Fields extends Readonly<Record<string, unknown>>>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
