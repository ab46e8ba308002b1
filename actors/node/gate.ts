/**
 * The output gate: what may leave a node, and when.
 *
 * An output leaves only when every input that led to it, and its own frame, are durable (after Malachite's ADR 007). Not here: the request
 * for the flush (consensus.ts) and the content of the output.
 */

import { assert } from '../../core/assert.ts';

/** Outputs in the order in which they were derived, each with the frame that must be durable before it leaves. */
export interface Gate<Held> {
  /** The life of the log file. An acknowledged flush of another life does not open this gate. */
  readonly life: number;
  /** The highest sequence known to be durable. */
  readonly durable: number;
  readonly held: readonly { readonly output: Held; readonly needs: number }[];
}

export interface Opening<Held> {
  readonly gate: Gate<Held>;
  readonly released: readonly Held[];
}

export function closedGate<Held>(life: number, durable: number): Gate<Held> {
  return { life, durable, held: [] };
}

/**
 * Holds `output` until the frame `needs` is durable, or releases it at once if that frame is durable already. `needs` must not be below that of an
 * older output, because sequences only grow.
 */
export function hold<Held>(gate: Gate<Held>, output: Held, needs: number): Opening<Held> {
  const newest = gate.held[gate.held.length - 1];
  assert(
    newest === undefined || newest.needs <= needs,
    'GATE_NEEDS_DECREASED',
    'an output needs an earlier frame than the output held before it; hold outputs in the order in which they were derived',
  );
  if (needs <= gate.durable) return { gate, released: [output] };
  const { life, durable } = gate;
  return { gate: { life, durable, held: [...gate.held, { output, needs }] }, released: [] };
}

/** Opens the gate after an acknowledged flush of the file of `life`, up to and including `sequence`. */
export function flushed<Held>(gate: Gate<Held>, life: number, sequence: number): Opening<Held> {
  if (life !== gate.life || sequence <= gate.durable) return { gate, released: [] };
  const firstHeld = gate.held.findIndex(({ needs }) => needs > sequence);
  const count = firstHeld === -1 ? gate.held.length : firstHeld;
  return {
    gate: { life, durable: sequence, held: gate.held.slice(count) },
    released: gate.held.slice(0, count).map(({ output }) => output),
  };
}
