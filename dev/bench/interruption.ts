/** Ctrl-C, a closed terminal and a closed output: each stops the work by an abort signal, so that it can clean up. */
import { InterruptedError } from './errors.ts';

export function abortWhenInterrupted(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => controller.abort(new InterruptedError(signal));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.stdout.on('error', () => stop('SIGPIPE'));
  // Progress that cannot be written is no reason to stop.
  process.stderr.on('error', () => {});
  return controller.signal;
}
