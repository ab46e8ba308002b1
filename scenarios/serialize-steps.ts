/** Converts the steps of scripts, and absences, from their form in YAML to the model and back. */
import type { CrashImage } from '../core/events.ts';
import { type Duration, durationText, milliseconds, writtenDuration } from './duration.ts';
import type { Absence, ScriptStep } from './model.ts';

export type Time = number | string;
type Where = Readonly<Record<string, unknown>>;
/** The value of `crash` or `kill`: null means at once. A death at once has no image: nothing that was not synced survives it. */
type WrittenDeath = null | {
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

/** When, and at which nodes, something must not happen. */
interface AbsenceTimes {
  readonly from?: Time;
  readonly until?: Time;
  readonly nodes?: readonly string[];
  readonly as?: string;
}

/** Something that must not happen: an event, or a decision. */
export type WrittenAbsence =
  | { readonly never: AbsenceTimes & { readonly event: string; readonly where?: Where } }
  | { readonly decidesNothing: AbsenceTimes };

/** A step of a script in YAML: a map with one key, which is the name of the method in TypeScript. */
export type WrittenStep =
  | {
      readonly startsLate: {
        readonly after?: Time;
        readonly at?: WrittenMoment;
        readonly diskOf?: string;
        readonly signerOf?: string;
      };
    }
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
  | { readonly crash: WrittenDeath }
  | { readonly kill: WrittenDeath }
  | { readonly restart: { readonly after: Time } }
  | { readonly isolate: null | { readonly for: Time } }
  | { readonly flipBit: 'middle' | 'last' }
  | { readonly wipe: null }
  | { readonly failFsync: null }
  | { readonly stayDown: null };

export function stepOf(step: WrittenStep): ScriptStep {
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
    const { after, at, diskOf, signerOf } = step.startsLate;
    const moment = at === undefined ? undefined : { event: at.event, where: at.where ?? {} };
    return {
      type: 'start',
      ...optional({ afterMs: after === undefined ? undefined : ms(after), moment, node: at?.node, diskOf, signerOf }),
    };
  }
  if ('crash' in step) return death('power', step.crash);
  if ('kill' in step) return death('kill', step.kill);
  if ('restart' in step) return { type: 'restart', afterMs: ms(step.restart.after) };
  if ('isolate' in step) return { type: 'isolate', ...(step.isolate === null ? {} : { forMs: ms(step.isolate.for) }) };
  if ('flipBit' in step) return { type: 'disk', fault: { type: 'flip', frame: step.flipBit } };
  if ('wipe' in step) return { type: 'disk', fault: { type: 'wipe' } };
  return 'failFsync' in step ? { type: 'disk', fault: { type: 'fail-fsync' } } : { type: 'stayDown' };
}

function death(kind: 'kill' | 'power', strike: WrittenDeath): ScriptStep {
  if (strike === null) return { type: 'death', kind, image: 'none' };
  const phase = strike.before !== undefined ? 'before' : strike.after !== undefined ? 'after' : 'torn';
  const site = strike[phase] ?? '';
  const image = (strike.image ?? 'none') as CrashImage;
  return { type: 'death', kind, strike: { site, phase, nth: strike.nth ?? 1 }, image };
}

export function writtenStep(step: ScriptStep): object {
  switch (step.type) {
    case 'waitUntil':
    case 'expect': {
      const { moment, withinMs, type, ...names } = step;
      return {
        [type]: optional({ event: moment.event, where: filled(moment.where), within: writtenDuration(withinMs), ...names }),
      };
    }
    case 'never': {
      const { moment, forMs, type, ...names } = step;
      return { [type]: optional({ event: moment.event, where: filled(moment.where), for: durationText(forMs), ...names }) };
    }
    case 'start': {
      const { afterMs, moment, node, diskOf, signerOf } = step;
      const at = moment === undefined ? undefined : optional({ event: moment.event, where: filled(moment.where), node });
      if (at === undefined && afterMs === undefined) return { neverStarts: null };
      return { startsLate: optional({ after: writtenDuration(afterMs), at, diskOf, signerOf }) };
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
      return { restart: { after: durationText(step.afterMs) } };
    case 'isolate':
      return { isolate: step.forMs === undefined ? null : { for: durationText(step.forMs) } };
    case 'disk':
      if (step.fault.type === 'flip') return { flipBit: step.fault.frame };
      return step.fault.type === 'wipe' ? { wipe: null } : { failFsync: null };
    case 'stayDown':
      return { stayDown: null };
  }
}

export function absenceOf(one: WrittenAbsence): Absence {
  const ms = (value: Time | undefined): number | undefined => (value === undefined ? undefined : milliseconds(value as Duration));
  const moment = 'never' in one ? { event: one.never.event, where: one.never.where ?? {} } : undefined;
  const { from, until, nodes, as } = 'never' in one ? one.never : one.decidesNothing;
  return optional({ moment, fromMs: ms(from), untilMs: ms(until), nodes, as });
}

export function writtenAbsence({ moment, fromMs, untilMs, ...names }: Absence): object {
  const written = { from: writtenDuration(fromMs), until: writtenDuration(untilMs), ...names };
  if (moment === undefined) return { decidesNothing: optional(written) };
  return { never: optional({ event: moment.event, where: filled(moment.where), ...written }) };
}

/** The value itself; undefined if it is an empty list or map. */
export function filled<Value extends object>(value: Value): Value | undefined {
  return (Array.isArray(value) ? value.length : Object.keys(value).length) === 0 ? undefined : value;
}

/** A copy without the keys whose value is undefined. */
export function optional<Fields extends Readonly<Record<string, unknown>>>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
