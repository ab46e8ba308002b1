/** The errors of the log. Each has a stable code, the file with the place in it, and what to do. */

export type RecoveryCode =
  | 'CORRUPT'
  | 'FOREIGN'
  | 'GONE'
  | 'NOT_INITIALIZED'
  | 'ALREADY_INITIALIZED'
  /** The application with a store of its own has executed blocks that the block store does not hold. */
  | 'APPLICATION_AHEAD'
  /** It has not executed all blocks, and one that it needs is not kept any more. */
  | 'APPLICATION_BEHIND_PRUNED';

/** Nothing of the log is lost, and a node that followed without voting would meet the same error. So it stops under every policy. */
const alwaysHalts: readonly RecoveryCode[] = ['FOREIGN', 'APPLICATION_AHEAD', 'APPLICATION_BEHIND_PRUNED'];

export interface DamagePlace {
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset?: number;
  /** The sequence of the frame that should be there. */
  readonly sequence?: number;
}

/** The log cannot be trusted or used. No file was changed. */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';
  readonly code: RecoveryCode;
  readonly place: DamagePlace;

  constructor(code: RecoveryCode, place: DamagePlace, found: string, remedy: string) {
    const offset = place.offset === undefined ? '' : ` at byte ${place.offset}`;
    const sequence = place.sequence === undefined ? '' : ` (frame ${place.sequence})`;
    super(`${place.file}${offset}${sequence}: ${found}. ${remedy}`);
    this.code = code;
    this.place = place;
  }
}

/** The error of a recovery after which a node may follow without voting; anything else is thrown again. */
export function damageIn(thrown: unknown): RecoveryError {
  if (!(thrown instanceof RecoveryError) || alwaysHalts.includes(thrown.code)) throw thrown;
  return thrown;
}

/** A write to the log failed, and it is not known how much is durable. Every later call fails in the same way; the next boot reads what is there. */
export class LogFailedError extends Error {
  override readonly name = 'LogFailedError';
  readonly code = 'LOG_FAILED';
  override readonly cause: unknown;

  constructor(file: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `${file}: a write has failed (${reason}), and what is durable since is not known. Nothing more is written; open the log again once the cause is gone.`,
    );
    this.cause = cause;
  }
}
