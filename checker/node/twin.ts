/**
 * The twin of a node: the state of a node that never crashes, computed from the frames of the log with the protocol's own `step`. From the judged
 * definition it uses only pure functions that decode, step and describe inputs; all other code is the checker's own.
 */
import type { NodeDefinition } from '../../actors/node/definition.ts';
import { deepEqual } from '../deep-equal.ts';
import { frameKind, type LogFrame } from './frames.ts';

export type AnyDefinition = NodeDefinition<unknown, unknown, unknown, unknown>;

export interface Twin {
  readonly state: unknown;
  /** Armed timers by name, with their delay in ms. */
  readonly timers: ReadonlyMap<string, number>;
  /** Requests to the host that no input has answered yet, by key. */
  readonly requests: ReadonlyMap<string, unknown>;
}

/** Applies the frames of one height in order, and keeps track of timers and requests. */
export function twinOf(definition: AnyDefinition, config: unknown, frames: readonly LogFrame[]): Twin {
  let state = definition.start(config);
  const timers = new Map<string, number>();
  const requests = new Map<string, unknown>();
  for (const { kind, payload } of frames) {
    if (kind === frameKind.decided) continue;
    const input = definition.decode(payload);
    const elapsed = definition.timerOf(input);
    if (elapsed !== undefined) timers.delete(elapsed);
    const answered = definition.answers(input);
    if (answered !== undefined) requests.delete(answered);
    const next = definition.step(state, input);
    state = next.state;
    for (const output of next.outputs) {
      if (output.type === 'setTimer') timers.set(output.timer, output.delay);
      else if (output.type === 'cancelTimer') timers.delete(output.timer);
      else if (output.type === 'ask') requests.set(output.key, output.request);
    }
  }
  return { state, timers, requests };
}

/** The own messages in these frames, in the form in which they are sent. */
export function saidIn(definition: AnyDefinition, frames: readonly LogFrame[]): readonly unknown[] {
  const own = frames.filter(({ kind }) => kind === frameKind.own);
  return own.map(({ payload }) => definition.asWire(definition.decode(payload)));
}

/** The outputs that must not depend on fields that need not survive a crash (`leftOut`). */
const owed: readonly string[] = ['say', 'announce', 'finish', 'setTimer', 'ask'];

/**
 * Applies the frames twice. The second time each field in `leftOut` is reset to its start value before each step. Returns the frame at which the
 * outputs differ: there a field in `leftOut` decides what the node owes, so it must not be in `leftOut`. Undefined if the outputs never differ.
 */
export function leftOutMatters(definition: AnyDefinition, config: unknown, frames: readonly LogFrame[]): string | undefined {
  const start = definition.start(config);
  if (definition.leftOut.length === 0 || typeof start !== 'object' || start === null) return undefined;
  let [state, reset]: [unknown, unknown] = [start, start];
  for (const { kind, sequence, payload } of frames) {
    if (kind === frameKind.decided) continue;
    const input = definition.decode(payload);
    const next = definition.step(state, input);
    const again = definition.step(withStart(reset, start, definition.leftOut), input);
    const [outputs, others] = [next.outputs, again.outputs].map((all) => all.filter(({ type }) => owed.includes(type)));
    if (!deepEqual(outputs, others)) return `frame ${sequence}`;
    state = next.state;
    reset = again.state;
  }
  return undefined;
}

function withStart(state: unknown, start: object, names: readonly string[]): unknown {
  const values = names.map((name) => [name, (start as Readonly<Record<string, unknown>>)[name]]);
  return { ...(state as object), ...Object.fromEntries(values) };
}

/** The definition of a node cannot be judged. The message says why. */
export class DefinitionRefused extends Error {
  override readonly name = 'DefinitionRefused';
  readonly code = 'DEFINITION_REFUSED';
}
