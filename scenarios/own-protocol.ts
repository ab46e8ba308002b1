/** Checks a user's protocol before it runs, because a scenario file is loaded without type checks. */

import type { Application, NodeDefinition } from '../actors/node/index.ts';
import type { WireData } from '../core/effects.ts';
import type { Monitor, Property, Setting } from '../core/events.ts';
import { ScenarioError } from './error.ts';

/** What a user's protocol needs in addition to its definition. */
export interface Surroundings<Config, State, Input, AppState> {
  /** The application: it answers the requests of the node, and executes its decisions. */
  readonly host: Application<AppState, Input>;
  readonly configuration: (self: string, members: readonly string[]) => Config;
  /** Whether this data was signed by this node. */
  readonly isOwnMessage: (data: WireData, node: string) => boolean;
  /** How far a node is, from 1; needed only if this is not its height. */
  readonly progress?: (state: State) => number;
  /** Properties in addition to those of every durable node (default: none). */
  readonly properties?: readonly Property[];
  /** What the protocol survives, which limits drawn fault plans (default: a minority that crashes for good). */
  readonly tolerates?: 'byzantine' | 'crash' | 'restarts';
}

type Kind = 'function' | 'string' | 'list';
type AnyDefinition = NodeDefinition<unknown, unknown, unknown, unknown>;

const ofDefinition: Readonly<
  Record<Exclude<keyof AnyDefinition, 'signs' | 'syncOnly' | 'resume' | 'toSignToo' | 'secondSignatureOf'>, Kind>
> = {
  name: 'string',
  start: 'function',
  follower: 'function',
  begin: 'function',
  step: 'function',
  position: 'function',
  admit: 'function',
  elapsed: 'function',
  timerOf: 'function',
  answers: 'function',
  receive: 'function',
  needsJudgement: 'function',
  toSign: 'function',
  asInput: 'function',
  signatureOf: 'function',
  asWire: 'function',
  signedKind: 'function',
  encode: 'function',
  decode: 'function',
  encodeDecision: 'function',
  decodeDecision: 'function',
  proves: 'function',
  isQuorum: 'function',
  leftOut: 'list',
  summary: 'function',
};

const ofHost: Readonly<
  Record<Exclude<keyof Application<unknown, unknown>, 'refusal' | 'answersFromState' | 'isTooEarly'>, Kind>
> = {
  start: 'function',
  answer: 'function',
  judge: 'function',
  execute: 'function',
  digest: 'function',
};

const ofSurroundings: Readonly<Record<string, Kind>> = { configuration: 'function', isOwnMessage: 'function' };

type AnySurroundings = Surroundings<unknown, unknown, unknown, unknown>;
const tolerances: readonly AnySurroundings['tolerates'][] = [undefined, 'byzantine', 'crash', 'restarts'];

/** Throws `ScenarioError` if something is missing, and names it. */
export function refuseIncomplete(definition: object, surroundings: object): void {
  const { name } = definition as AnyDefinition;
  const { host, progress, tolerates, properties } = surroundings as AnySurroundings;
  const wrong = [
    ...missing('its definition', definition, ofDefinition),
    ...missing('its host', host, ofHost),
    ...missing('what stands around it', surroundings, ofSurroundings),
    ...(progress === undefined || typeof progress === 'function' ? [] : ['its progress is no function']),
    ...(properties === undefined || Array.isArray(properties) ? [] : ['its properties are no list']),
    ...(tolerances.includes(tolerates) ? [] : [`tolerates is '${String(tolerates)}'; it is 'byzantine', 'crash' or 'restarts'`]),
  ];
  if (wrong.length > 0) throw new ScenarioError(`protocol '${String(name)}': ${wrong.join('; ')}`);
}

const ofMonitor: Readonly<Record<string, Kind>> = { look: 'function', finish: 'function' };

/** The monitor of a property. Throws `ScenarioError` if it is no monitor, for example one of the form before 0.2, which changed itself. */
export function monitorOf(property: Property, setting: Setting): Monitor {
  const monitor: Partial<Monitor> | undefined = property.monitor(setting);
  const hasStart = monitor?.start !== undefined;
  const wrong = [
    ...missing('its monitor', monitor, ofMonitor),
    ...(hasStart ? [] : ['its monitor lacks start (the first memory)']),
  ];
  if (wrong.length === 0) return monitor as Monitor;
  const advice = '`look(memory, event, observer)` returns the next memory (docs/guide/your-own-protocol.md)';
  throw new ScenarioError(`property '${property.name}': ${wrong.join('; ')}; ${advice}`);
}

function missing(whose: string, given: unknown, wanted: Readonly<Record<string, Kind>>): readonly string[] {
  const has = typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
  const lacking = Object.entries(wanted).filter(([member, kind]) =>
    kind === 'list' ? !Array.isArray(has[member]) : typeof has[member] !== kind,
  );
  return lacking.length === 0 ? [] : [`${whose} lacks ${lacking.map(([member, kind]) => `${member} (a ${kind})`).join(', ')}`];
}

/** The properties in a definition of the form before 0.2. They are read until 1.0. */
export function formerProperties(definition: object): readonly Property[] {
  const { properties } = definition as { readonly properties?: unknown };
  return Array.isArray(properties) ? (properties as readonly Property[]) : [];
}
