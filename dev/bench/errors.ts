/** Errors that the reader can do something about. Each has an exit code; any other error is a bug. */
import { constants } from 'node:os';

export abstract class BenchError extends Error {
  abstract readonly exitCode: number;
}

/** The command cannot be run as it was given. */
export class BenchUsageError extends BenchError {
  override readonly name = 'BenchUsageError';
  override readonly exitCode = 2;
}

/** The versions could not be measured or compared. */
export class NoVerdictError extends BenchError {
  override readonly name: string = 'NoVerdictError';
  override readonly exitCode = 3;
}

/** A command that measuring needs ended with an error. */
export class CommandError extends NoVerdictError {
  override readonly name = 'CommandError';
}

/** The command was stopped from outside. The exit code is 128 and the number of the signal, as in shells. */
export class InterruptedError extends BenchError {
  override readonly name = 'InterruptedError';
  override readonly exitCode: number;
  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}
