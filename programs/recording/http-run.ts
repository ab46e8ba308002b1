/** Runs requests against a recorded server, through the proxy: by a command of the user, or by hand. Then the server is ended. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HttpAnswer, type HttpProxy, startHttpProxy } from './http-proxy.ts';
import { RecordingError } from './recording-error.ts';
import { graceMs, type StartedProgram, startProgram } from './start-program.ts';

export interface HttpRun {
  /** Where the server listens. */
  readonly port: number;
  /** Sends the requests: run by `sh -c`, with the address to send them to in LAZURITE_HTTP. */
  readonly drive?: string;
  /** Ends the run. */
  readonly stop?: AbortSignal;
  /** Gets the address for requests, once the server listens. */
  readonly onAddress?: (address: string) => void;
}

export interface HttpOutcome {
  readonly answers: readonly HttpAnswer[];
  /** How the command that sends requests ended; undefined if there is none. */
  readonly driveExit: number | undefined;
}

interface DriveStart {
  readonly cwd: string;
  readonly output: string;
  readonly shown: string;
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** How long a server may take until it listens. */
const listenMs = 60_000;

/** Throws if somebody else listens there, whose answers would prove nothing. */
export async function requireFreePort(port: number): Promise<void> {
  if ((await hostThatListens(port)) !== undefined)
    throw new RecordingError(
      `another program listens on port ${port} already; end it, or let the recorded server use another port`,
    );
}

export async function runRequests(server: StartedProgram, run: HttpRun, start: DriveStart): Promise<HttpOutcome> {
  let proxy: HttpProxy | undefined;
  try {
    const host = await Promise.race([listeningHost(run), server.ended.then((exit) => ({ exit }))]);
    if (typeof host === 'object')
      throw new RecordingError(`the program ended with ${host.exit} before it listened on port ${run.port}`);
    proxy = await startHttpProxy({ host, port: run.port });
    run.onAddress?.(proxy.address);
    const driveExit = run.drive === undefined ? undefined : await driven(run.drive, server, run, start, proxy);
    if (run.drive === undefined) await Promise.race([server.ended, aborted(run.stop)]);
    return { answers: proxy.answers, driveExit };
  } finally {
    proxy?.close();
    await server.end();
  }
}

async function driven(
  drive: string,
  server: StartedProgram,
  { stop }: HttpRun,
  start: DriveStart,
  proxy: HttpProxy,
): Promise<number> {
  const env = { ...process.env, LAZURITE_HTTP: proxy.address };
  const client = startProgram(['sh', '-c', drive], { ...start, env, hasOwnGroup: true });
  // Without a server its requests are refused; it is ended where it does not end by itself.
  const late = server.ended.then(() => sleep(graceMs, undefined, { ref: false }));
  await Promise.race([client.ended, late, aborted(stop)]);
  await client.end();
  return client.ended;
}

async function listeningHost({ port, stop }: HttpRun): Promise<string> {
  for (let waited = 0; waited < listenMs && stop?.aborted !== true; waited += 50) {
    const host = await hostThatListens(port);
    if (host !== undefined) return host;
    await sleep(50);
  }
  if (stop?.aborted === true) throw new RecordingError(`it was ended before the program listened on port ${port}`);
  throw new RecordingError(
    `the program did not listen on port ${port} within ${listenMs / 1000} s; --acknowledge-http names its port`,
  );
}

async function hostThatListens(port: number): Promise<string | undefined> {
  for (const host of ['127.0.0.1', '::1']) if (await accepts(host, port)) return host;
  return undefined;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
