/**
 * The connection to the server of a queue: Redis, used through BullMQ. Both packages are optional, and only this file loads them, when a queue is used
 * (docs/decisions/0025). If the server goes away later, the connection waits for it. If it is not there at first, that is an error.
 */
import { isIP } from 'node:net';
import type { Redis } from 'ioredis';
import { ScenarioError } from '../../scenarios/index.ts';
import type { QueueAddress } from './queue-address.ts';

export type Engine = typeof import('bullmq');

export interface QueueServer {
  readonly engine: Engine;
  readonly redis: Redis;
  readonly address: QueueAddress;
  close(): Promise<void>;
}

const tested = 'bullmq@6.7.0 ioredis@6.0.0';
const connectMs = 5000;
const longestRetryMs = 2000;

/** Connects to the server. Throws `ScenarioError` if the packages or the server are missing, or if the server could lose units. */
export async function openServer(address: QueueAddress, say: (text: string) => void): Promise<QueueServer> {
  const { engine, Redis: Client } = await loadEngine();
  let isReady = false;
  let fault: Error | undefined;
  const redis = new Client({
    host: address.host,
    port: address.port,
    db: address.database,
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.isEncrypted ? { tls: isIP(address.host) === 0 ? { servername: address.host } : {} } : {}),
    lazyConnect: true,
    connectTimeout: connectMs,
    // Commands wait until the server is there again.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isReady ? Math.min(100 * times, longestRetryMs) : null),
  });
  redis.on('error', (error: Error) => {
    fault = error;
  });
  try {
    await redis.connect();
    await refuseForgetful(redis, address, say);
  } catch (error) {
    redis.disconnect();
    if (error instanceof ScenarioError) throw error;
    // Only the message of an error is shown: other fields of it hold the password.
    const { message } = fault ?? (error as Error);
    const isPassword = /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH)/.test(message);
    const remedy = isPassword ? 'give the right name and password' : 'is it the address of a Redis server?';
    throw new ScenarioError(`${address.shown}: ${message === '' ? 'no server answers there' : message}; ${remedy}`);
  }
  isReady = true;
  let isAway = false;
  redis.on('close', () => {
    if (!isAway && isReady) say(`${address.shown} is away; trying again`);
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) say(`${address.shown} is back`);
    isAway = false;
  });
  const close = async (): Promise<void> => {
    isReady = false;
    redis.disconnect();
  };
  return { engine, redis, address, close };
}

async function loadEngine(): Promise<{ readonly engine: Engine; readonly Redis: typeof Redis }> {
  try {
    const [engine, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { engine, Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ScenarioError(`--queue needs two packages that do not come with lazurite; \`npm install ${tested}\``);
  }
}

/** Checks the settings of the server. If it evicted keys, units would be lost without notice. If it kept nothing on disk, the campaign would end with its process. */
async function refuseForgetful(redis: Redis, address: QueueAddress, say: (text: string) => void): Promise<void> {
  const info = await redis.info();
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const policy = field('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction')
    throw new ScenarioError(
      `${address.shown}: its maxmemory-policy is '${policy}', so it may drop a campaign when memory is short; set it to 'noeviction'`,
    );
  if (field('aof_enabled') === '0')
    say(`${address.shown} keeps no log of its own (appendonly no): a campaign may be lost with its process`);
}
