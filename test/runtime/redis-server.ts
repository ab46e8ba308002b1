/** A Redis server of the test's own: on loopback, with a password, append-only, and gone with the test. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** If a server must be there, its lack is a failure. */
const isRequired = process.env['LAZURITE_REDIS'] === 'required';

/** For `before` of a suite: pending if no server is installed. */
export function needsRedis(suite: Mocha.Context): void {
  if (spawnSync('redis-server', ['--version']).status === 0) return;
  if (isRequired) throw new Error('redis-server is not installed, and LAZURITE_REDIS=required');
  console.log('      redis-server is not installed: campaigns in a queue are not tested');
  suite.skip();
}

export interface TestServer {
  readonly address: string;
  readonly port: number;
  /** With the password that it wants. */
  readonly password: string;
  readonly folder: string;
  /** Ends the process at once and starts another over the same files. */
  restart(): Promise<void>;
  stop(): void;
}

/** `lines`: more lines of its configuration. */
export async function startRedis({
  lines = [],
  isEncrypted = false,
}: {
  readonly lines?: readonly string[];
  readonly isEncrypted?: boolean;
} = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-redis-'));
  const port = await freePort();
  const password = 'p@ss:word';
  const tls = isEncrypted ? ['port 0', `tls-port ${port}`, ...certificate(folder)] : [`port ${port}`];
  const own = [
    'bind 127.0.0.1',
    ...tls,
    `requirepass ${password}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    `dir ${folder}`,
  ];
  writeFileSync(join(folder, 'redis.conf'), [...own, ...lines, ''].join('\n'));
  let child: ChildProcess;
  const begin = async (): Promise<void> => {
    child = spawn('redis-server', [join(folder, 'redis.conf')], { stdio: 'ignore' });
    await answering(port);
  };
  await begin();
  return {
    address: `${isEncrypted ? 'rediss' : 'redis'}://:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    port,
    password,
    folder,
    restart: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      await begin();
    },
    stop: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A certificate that signs itself, as `certificate.pem` in the folder. */
function certificate(folder: string): readonly string[] {
  const [key, pem] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const what = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const whom = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', pem];
  execFileSync('openssl', [...what, ...whom], { stdio: 'ignore' });
  return [`tls-cert-file ${pem}`, `tls-key-file ${key}`, `tls-ca-cert-file ${pem}`, 'tls-auth-clients no'];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server on port ${port} does not answer`);
}
