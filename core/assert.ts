/**
 * Invariants: conditions on which the code relies, and which no input can break. A broken invariant is a bug of this project, or of code that calls it. It
 * ends the step at once: in a simulation the node stops, and the run reports that an actor threw.
 */

/** Stable names of the invariants. */
export type InvariantCode =
  | 'GATE_NEEDS_DECREASED'
  | 'SYNCED_ABOVE_SEQUENCE'
  | 'OFFSET_NOT_FILE_LENGTH'
  | 'ENTRY_ORDER_REPEATED'
  | 'TOO_MANY_ACTORS';

/** An invariant does not hold. `code` says which. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  readonly code: InvariantCode;

  constructor(code: InvariantCode, message?: string) {
    super(message === undefined ? code : `${message} (${code})`);
    this.code = code;
  }
}

/** Throws `InvariantError` unless `condition` is true. In hot paths `message` should be a constant, because it is evaluated on each call. */
export function assert(condition: boolean, code: InvariantCode, message?: string): asserts condition {
  if (!condition) throw new InvariantError(code, message);
}
