/**
 * Finds unknown names in a scenario before it runs. Without this check a script would wait for ever for an unknown event, and a death at an unknown site
 * would never happen.
 */
import { parsePoint } from '../actors/scheduler/index.ts';
import { ScenarioError } from './error.ts';
import type { PlannedFault } from './faults.ts';
import { areMarksKnown, hasOptionFor, marksOf } from './marks.ts';
import type { ScenarioData } from './model.ts';
import { type Moment, numberIn } from './moments.ts';
import { protocolNamed } from './protocols.ts';
import { didYouMean, nearest } from './spelling.ts';
import {
  eventsOfAnyNode,
  fieldsOfEvents,
  numberFields,
  raftEvents,
  type SiteName,
  sites,
  tendermintEvents,
  wordsOfFields,
} from './vocabulary.ts';

/** A name in no list, or a policy that the protocol does not have: its place in a written scenario, and the known names. */
export interface Misnamed {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** It is the key that is wrong. */
  readonly isKey?: boolean;
}

export function misnamedIn(data: ScenarioData): readonly Misnamed[] {
  const found: Misnamed[] = [];
  const moment = (named: Partial<Moment>, path: readonly PropertyKey[]): void => {
    for (const wrong of wrongIn(named, data.protocol)) found.push({ ...wrong, path: [...path, ...wrong.path] });
  };
  const site = (named: string | undefined, path: readonly PropertyKey[]): void => {
    const name = String(named);
    if (!(sites as readonly string[]).includes(name))
      found.push({ path, message: wordsOf({ what: 'site', name, names: sites }) });
  };
  for (const [node, steps] of Object.entries(data.scripts)) {
    for (const [index, step] of steps.entries()) {
      const path = ['nodes', node, index];
      if (step.type === 'start') {
        if (step.moment !== undefined) moment(step.moment, [...path, 'startsLate', 'at']);
      } else if ('moment' in step) moment(step.moment, [...path, step.type]);
      else if (step.type === 'death' && step.strike !== undefined)
        site(step.strike.site, [...path, step.kind === 'power' ? 'crash' : 'kill', step.strike.phase]);
    }
  }
  for (const [index, { trigger, fault }] of data.faults.entries()) {
    if ('event' in trigger) moment(trigger, ['faults', index, 'at']);
    if (fault.type === 'message' || fault.type === 'rule')
      for (const { path, message } of wrongMessageIn(fault.where, data.protocol))
        found.push({ path: ['faults', index, 'fault', ...path], message });
    const named = siteIn(trigger);
    if (named !== undefined) site(named, ['faults', index, 'at', 'site' in trigger ? 'site' : 'point']);
  }
  for (const [index, { moment: absent }] of (data.absences ?? []).entries())
    if (absent !== undefined) moment(absent, ['absences', index]);
  const { cannotAbstain, hasTimeouts = false } = protocolNamed(data.protocol);
  if (!hasTimeouts)
    for (const part of ['timings', 'sync'] as const)
      if (data[part] !== undefined)
        found.push({
          path: [part === 'timings' ? 'timeouts' : part],
          message: 'this protocol has timeouts and a sync of its own, which cannot be set',
        });
  const policy = (onCorrupt: ScenarioData['onCorrupt'] | undefined, path: readonly PropertyKey[]): void => {
    if (onCorrupt === 'abstain' && cannotAbstain !== undefined)
      found.push({ path: [...path, 'onCorrupt'], message: `'abstain' is not possible here: ${cannotAbstain}; use 'halt'` });
  };
  policy(data.onCorrupt, ['wal']);
  const marks = (given: readonly string[] = [], path: readonly PropertyKey[]): void => {
    for (const [index, name] of given.entries()) {
      const message = wrongMark(name, data.protocol);
      if (message !== undefined) found.push({ path: [...path, 'mustReach', index], message });
    }
  };
  marks(data.mustReach, []);
  for (const [index, { mustReach, onCorrupt }] of data.variants.entries()) {
    marks(mustReach, ['variants', index]);
    policy(onCorrupt, ['variants', index]);
  }
  return found;
}

/** Its event where nobody reports it, and what it asks for that the event never says. What comes from JavaScript may be no text at all. */
function wrongIn({ event, where = {} }: Partial<Moment>, protocol: string | undefined): readonly Misnamed[] {
  const { reports } = protocolNamed(protocol);
  const events: readonly string[] = [...eventsOfAnyNode, ...(reports ?? [])];
  const name = String(event);
  if (reports !== undefined && !events.includes(name)) {
    const meant = nearest(name, events);
    // What it asks for is wrong or right as it would be of the event that was meant.
    const others = meant === undefined ? [] : wrongIn({ event: meant, where }, protocol);
    return [{ path: ['event'], message: wordsOf({ what: 'event', name, names: events }) }, ...others];
  }
  const isKnown = (eventsOfAnyNode as readonly string[]).includes(name) || reports === tendermintEvents || reports === raftEvents;
  const fields = isKnown ? fieldsOfEvents[name] : undefined;
  if (fields === undefined) return [];
  const words = reports === tendermintEvents ? wordsOfFields[name] : undefined;
  return Object.entries(where).flatMap(([field, wanted]): readonly Misnamed[] => {
    const path = ['where', field];
    if (!fields.includes(field))
      return [{ path, message: wordsOf({ what: `field of ${name}`, name: field, names: fields }), isKey: true }];
    const names = words?.[field];
    if (names?.includes(String(wanted)) === false)
      return [{ path, message: wordsOf({ what: `${field} of ${name}`, name: String(wanted), names }) }];
    if (!numberFields.includes(field) || Number.isSafeInteger(numberIn(wanted))) return [];
    return [
      {
        path,
        message: `the ${field} of ${name} is a whole number, not ${typeof wanted === 'string' ? `'${wanted}'` : String(wanted)}`,
      },
    ];
  });
}

/** What a fault asks for of a message that no message says. */
function wrongMessageIn(where: Moment['where'] = {}, protocol: string | undefined): readonly Misnamed[] {
  const fields = fieldsOfEvents['publish'] ?? [];
  const isTendermint = protocolNamed(protocol).reports === tendermintEvents;
  const types = [...(wordsOfFields['publish']?.['type'] ?? []), ...unpublished];
  return Object.entries(where).flatMap(([field, wanted]): readonly Misnamed[] => {
    const path = ['where', field];
    if (isTendermint && !fields.includes(field))
      return [{ path, message: wordsOf({ what: 'field of a message', name: field, names: fields }) }];
    if (!isTendermint || field !== 'type' || types.includes(String(wanted))) return [];
    return [{ path, message: wordsOf({ what: 'type of a message', name: String(wanted), names: types }) }];
  });
}

/** Messages that are sent without being published. */
const unpublished: readonly string[] = ['status', 'sync.request', 'sync.response', 'height.request', 'height.answer'];

/**
 * Marks by their names, by what their names begin with (`wal`), or all. A group has only the marks whose options the scenario has, or all if the campaign
 * draws options (`isDrawn`). Throws `ScenarioError` if no run of this protocol reaches such a mark.
 */
export function marksNamed(names: readonly string[], data: ScenarioData, isDrawn: boolean): readonly string[] {
  const marks = marksOf(data.protocol);
  const reached = marks.filter((mark) => isDrawn || hasOptionFor(mark, data));
  return names.flatMap((name) => {
    if (marks.includes(name)) return [name];
    const named = name === 'all' ? reached : reached.filter((mark) => mark.startsWith(`${name}.`));
    if (named.length > 0) return named;
    throw new ScenarioError(wordsOf({ what: 'mark', name, names: ['all', ...marks] }));
  });
}

function wrongMark(name: string, protocol: string | undefined): string | undefined {
  const names = marksOf(protocol);
  return names.includes(name) || !areMarksKnown(protocol) ? undefined : wordsOf({ what: 'mark', name, names });
}

/** Why a moment never comes with this protocol, in words. */
export function wrongMoments(moment: Moment, protocol: string | undefined): readonly string[] {
  return wrongIn(moment, protocol).map(({ message }) => message);
}

/** Throws `ScenarioError` for a moment that never comes, as nobody reports it so. */
export function refuseUnknownMoment(moment: Moment): void {
  const [wrong] = wrongIn(moment, undefined);
  if (wrong !== undefined) throw new ScenarioError(wrong.message);
}

/** Throws `ScenarioError` for one that is no site. */
export function siteNamed(name: string): SiteName {
  const site = sites.find((known) => known === name);
  if (site === undefined) throw new ScenarioError(wordsOf({ what: 'site', name, names: sites }));
  return site;
}

/** Throws `ScenarioError` that lists all of them. */
export function refuseUnknownNames(data: ScenarioData): void {
  const told = misnamedIn(data).map(({ path, message }) => {
    return `scenario '${data.name}': ${placeIn(path)}: ${message}`;
  });
  if (told.length > 0) throw new ScenarioError(told.join('\n'));
}

function placeIn([part, which, index]: readonly PropertyKey[]): string {
  if (part === 'faults') return `fault ${Number(which) + 1}`;
  if (part === 'variants') return `variant ${Number(which) + 1}`;
  if (part === 'wal') return 'wal.onCorrupt';
  if (part === 'absences') return 'expect';
  if (part === 'timeouts' || part === 'sync') return part;
  return part === 'mustReach' ? part : `${String(which)}, step ${Number(index) + 1}`;
}

/** What is no name of a node, an event, and so on: with what may have been meant, or all that there are. */
export function wordsOf({
  what,
  name,
  names,
}: {
  readonly what: string;
  readonly name: string;
  readonly names: readonly string[];
}): string {
  return `no ${what} is called '${name}'${didYouMean(name, names) || `; there are ${names.join(', ') || 'none'}`}`;
}

function siteIn(trigger: PlannedFault['trigger']): string | undefined {
  if ('site' in trigger) return trigger.site;
  return 'point' in trigger ? parsePoint(trigger.point)?.point.site : undefined;
}
