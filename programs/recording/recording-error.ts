/** The program cannot be recorded here. The message says what is missing and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly code = 'CANNOT_RECORD';
}
