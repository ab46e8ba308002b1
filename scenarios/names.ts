/**
 * Names in a scenario that are in no list: an event that nobody reports is waited for in vain, a death at a site that is none never strikes. So
 * they are told before anything runs.
 */
import { parsePoint } from '../actors/scheduler/index.ts';
import type { PlannedFault } from './faults.ts';
import { type Moment, type ScenarioData, ScenarioError } from './model.ts';
import { protocolNamed } from './protocols.ts';
import { didYouMean } from './spelling.ts';
import { eventsOfAnyNode, fieldsOfEvents, raftEvents, type SiteName, sites, tendermintEvents } from './vocabulary.ts';

/** A name in no list, where it stands in a written scenario, and the names there are. */
export interface UnknownName {
  readonly path: readonly PropertyKey[];
  /** Such as `event`. */
  readonly what: string;
  readonly name: string;
  readonly names: readonly string[];
}

export function unknownNames(data: ScenarioData): readonly UnknownName[] {
  const found: UnknownName[] = [];
  const moment = (named: Partial<Moment>, path: readonly PropertyKey[]): void => {
    for (const unknown of unknownIn(named, data.protocol)) found.push({ ...unknown, path: [...path, ...unknown.path] });
  };
  const site = (named: string | undefined, path: readonly PropertyKey[]): void => {
    const name = String(named);
    if (!(sites as readonly string[]).includes(name)) found.push({ path, what: 'site', name, names: sites });
  };
  for (const [node, steps] of Object.entries(data.scripts)) {
    for (const [index, step] of steps.entries()) {
      const path = ['nodes', node, index];
      if (step.type === 'waitUntil' || step.type === 'expect') moment(step.moment, [...path, step.type]);
      else if (step.type === 'death' && step.strike !== undefined)
        site(step.strike.site, [...path, step.kind === 'power' ? 'crash' : 'kill', step.strike.phase]);
    }
  }
  for (const [index, { trigger }] of data.faults.entries()) {
    if ('event' in trigger) moment(trigger, ['faults', index, 'at']);
    const named = siteIn(trigger);
    if (named !== undefined) site(named, ['faults', index, 'at', 'site' in trigger ? 'site' : 'point']);
  }
  return found;
}

/** Its event where nobody reports it, and what it asks for that the event does not say. What comes from JavaScript may be no text at all. */
function unknownIn({ event, where = {} }: Partial<Moment>, protocol: string | undefined): readonly UnknownName[] {
  const { reports } = protocolNamed(protocol);
  const events: readonly string[] = [...eventsOfAnyNode, ...(reports ?? [])];
  const name = String(event);
  if (reports !== undefined && !events.includes(name)) return [{ path: ['event'], what: 'event', name, names: events }];
  const isKnown = (eventsOfAnyNode as readonly string[]).includes(name) || reports === tendermintEvents || reports === raftEvents;
  const fields = isKnown ? fieldsOfEvents[name] : undefined;
  const unknown = Object.keys(where).filter((field) => fields?.includes(field) === false);
  return unknown.map((field) => ({ path: ['where', field], what: `field of ${name}`, name: field, names: fields ?? [] }));
}

/** Throws `ScenarioError` for a moment that never comes, as nobody reports it so. */
export function refuseUnknownMoment(moment: Moment): void {
  const [unknown] = unknownIn(moment, undefined);
  if (unknown !== undefined) throw new ScenarioError(wordsOf(unknown));
}

/** Throws `ScenarioError` for one that is no site. */
export function siteNamed(name: string): SiteName {
  const site = sites.find((known) => known === name);
  if (site === undefined) throw new ScenarioError(wordsOf({ what: 'site', name, names: sites }));
  return site;
}

/** Throws `ScenarioError` that tells all of them. */
export function refuseUnknownNames(data: ScenarioData): void {
  const told = unknownNames(data).map(({ path, what, name, names }) => {
    const [part, which, index] = path;
    const where = part === 'faults' ? `fault ${Number(which) + 1}` : `${String(which)}, step ${Number(index) + 1}`;
    return `scenario '${data.name}': ${where}: ${wordsOf({ what, name, names })}`;
  });
  if (told.length > 0) throw new ScenarioError(told.join('\n'));
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
