/**
 * Mistakes that a scenario in TypeScript makes. Normally each of them throws at once. While the command tries a file, mistakes are collected instead, so that
 * all of them are reported together. The place in the code of each part of the scenario is collected, too.
 */
import { ScenarioError } from './error.ts';

/** A mistake. `stack` shows the place in the code; its first line is not the message. */
export interface Noted {
  readonly message: string;
  readonly stack: string;
}

export interface Notes {
  readonly mistakes: Noted[];
  /** The stack at which each part was made. The key is the path of the part in YAML, joined by `/`; that of the scenario itself is ''. */
  readonly places: Map<string, string>;
}

let notes: Notes | undefined;
/** The stacks at which moments, steps and decisions were made, before they become parts of a scenario. */
const made = new WeakMap<object, string>();

/** From now on mistakes are collected in the returned object. */
export function noteMistakes(): Notes {
  notes = { mistakes: [], places: new Map() };
  return notes;
}

/** Throws `ScenarioError`. While mistakes are collected, it adds this one and returns. */
export function refuse(message: string): void {
  if (notes === undefined) throw new ScenarioError(message);
  notes.mistakes.push({ message, stack: here() });
}

/** Throws `ScenarioError`. While mistakes are collected it does nothing, because the check of the whole scenario will find this mistake again. */
export function refuseAtOnce(message: string): void {
  if (notes === undefined) throw new ScenarioError(message);
}

/** Returns the thing, and notes the stack at which it was made. */
export function remembered<Thing extends object>(thing: Thing): Thing {
  if (notes !== undefined) made.set(thing, here());
  return thing;
}

/** Notes where each part of the change was made: what the scenario had before keeps its place. */
export function notePlaces(before: object, change: object): void {
  if (notes === undefined) return;
  for (const [key, value] of Object.entries(change)) {
    notePart([partOf[key] ?? key], value, (before as Readonly<Record<string, unknown>>)[key]);
  }
}

function notePart(path: readonly string[], value: unknown, old: unknown): void {
  if (notes === undefined || value === old) return;
  const isObject = typeof value === 'object' && value !== null;
  notes.places.set(path.join('/'), (isObject ? made.get(value) : undefined) ?? here());
  if (!isObject || path.length > 2) return;
  const former = typeof old === 'object' && old !== null ? (old as Readonly<Record<string, unknown>>) : {};
  for (const [key, inner] of Object.entries(value)) notePart([...path, key], inner, former[key]);
}

/** What a written scenario calls the parts that have other names in code. */
const partOf: Readonly<Record<string, string>> = {
  name: '',
  scripts: 'nodes',
  safetyMs: 'safetyPhase',
  attest: 'wal',
  onCorrupt: 'wal',
  valueBytes: 'app',
  keepBlocks: 'app',
  ownStore: 'app',
  lostSectors: 'disk',
  timings: 'timeouts',
};

/** Where the part of a scenario was made to which a path leads. */
export function placeOfPart({ places }: Notes, path: readonly PropertyKey[]): string {
  for (let length = path.length; length > 0; length -= 1) {
    const place = places.get(path.slice(0, length).join('/'));
    if (place !== undefined) return place;
  }
  return places.get('') ?? '';
}

function here(): string {
  return new Error().stack ?? '';
}
