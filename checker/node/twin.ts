/**
 * A twin of a node: the frames of its log, folded through the protocol's own step function by a node that never crashes. The twin needs `step`,
 * `decode` and `asWire` of the judged definition; everything else is the checker's own.
 */
import type { NodeDefinition } from '../../actors/node/definition.ts';
import { deepEqual } from '../deep-equal.ts';
import { frameKind, type LogFrame } from './frames.ts';

export type AnyDefinition = NodeDefinition<unknown, unknown, unknown, unknown>;

export interface Twin {
  readonly state: unknown;
  /** Armed timers by name, with their delay in ms. */
  readonly timers: ReadonlyMap<string, number>;
  /** Requests to the host that no input has answered, by key. */
  readonly requests: ReadonlyMap<string, unknown>;
}

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

/** The own messages in these frames, as they go over the wire. */
export function saidIn(definition: AnyDefinition, frames: readonly LogFrame[]): readonly unknown[] {
  const own = frames.filter(({ kind }) => kind === frameKind.own);
  return own.map(({ payload }) => definition.asWire(definition.decode(payload)));
}

/** What must come out the same whatever the fields hold that need not survive a crash. */
const owed: readonly string[] = ['say', 'announce', 'finish', 'setTimer', 'ask'];

/**
 * Folds the frames twice, the second time with the fields in `leftOut` at their start value before each step. Says at which frame the outputs
 * differ: then a field that is left out decides what the node owes, and it must not be left out.
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

/** A definition that cannot be judged, with the reason. */
export class DefinitionRefused extends Error {
  override readonly name = 'DefinitionRefused';
  readonly code = 'DEFINITION_REFUSED';
}
