/** Errors of the log, typed, with a stable code, the file and the place in it, and what to do. */

export type RecoveryCode = 'CORRUPT' | 'FOREIGN' | 'GONE' | 'NOT_INITIALIZED' | 'ALREADY_INITIALIZED';

export interface DamagePlace {
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset?: number;
  /** The sequence of the frame that should stand there. */
  readonly sequence?: number;
}

/** The log cannot be trusted or used. Nothing was changed: the files are as they were. */
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
