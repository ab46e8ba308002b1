/** What each node of a cluster has: its file, key, empty log, and where its processes record. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { RealFiles } from '../../wal/storage/files.ts';
import { defaultTimeouts, initLog } from '../node/init-node.ts';
import { type KeyFile, newKey } from '../node/keys.ts';
import { defaultLimits, keyPath, type NodeConfig } from '../node/node-config.ts';
import { type FileBytes, filesOf } from './disk-model.ts';

/** What the judge knows of a node before it starts. */
export interface JudgedHome {
  readonly config: NodeConfig;
  readonly key: KeyFile;
  /** The files of its empty log. */
  readonly files: readonly FileBytes[];
}

export interface NodeHome extends JudgedHome {
  /** The node's file. */
  readonly file: string;
  /** The record of a life. */
  readonly recordOf: (life: number) => string;
}

const host = '127.0.0.1';

/** Where `from` dials `to`, which listens at `port`. */
export type RouteOf = (from: string, to: string, port: number) => Promise<number>;

/** Nodes A, B, C, ... of equal power, each with a folder of its own in `folder`. */
export async function makeHomes(
  folder: string,
  count: number,
  routeOf: RouteOf = async (_from, _to, port) => port,
): Promise<readonly NodeHome[]> {
  const names = Array.from({ length: count }, (_none, index) => nameOf(index));
  const keys = names.map(newKey);
  // They are held until the routes are made, which take ports too.
  const { ports, release } = await freePorts(count);
  const validators = names.map((name, index) => ({
    name,
    power: 1,
    key: (keys[index] as KeyFile).public,
    host,
    port: ports[index] as number,
  }));
  const routed = (from: string): Promise<NodeConfig['validators']> =>
    Promise.all(
      validators.map(async (one) => (one.name === from ? one : { ...one, port: await routeOf(from, one.name, one.port) })),
    );
  const homeOf = async (name: string, index: number): Promise<NodeHome> => {
    const key = keys[index] as KeyFile;
    const config: NodeConfig = {
      chain: 'cluster',
      name,
      folder: resolve(folder, name),
      validators: await routed(name),
      timeouts: defaultTimeouts,
      attest: 'next',
      onCorrupt: 'halt',
      metricsPort: 0,
      limits: defaultLimits,
    };
    const storage = new RealFiles(config.folder);
    initLog(storage, config.attest);
    const files = filesOf(storage);
    storage.close();
    const file = join(folder, `${name}.json`);
    // In the file it is relative to the file, so the folder can be moved.
    writeFileSync(file, JSON.stringify({ ...config, folder: name }));
    writeFileSync(keyPath(config), JSON.stringify(key), { mode: 0o600 });
    return { config, key, files, file, recordOf: (life) => recordPath(folder, name, life) };
  };
  mkdirSync(join(folder, 'records'), { recursive: true });
  const homes = await Promise.all(names.map(homeOf));
  await release();
  return homes;
}

/** Where a process records its life. */
export function recordPath(folder: string, node: string, life: number): string {
  return join(folder, 'records', `${node}.${life}.events`);
}

function nameOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}

/** Ports that nobody has. Once they are released another process may take one before a node does; the node then says so. */
async function freePorts(count: number): Promise<{ readonly ports: readonly number[]; release(): Promise<void> }> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen({ host, port: 0 }, () => resolve((server.address() as { readonly port: number }).port));
        }),
    ),
  );
  const release = async (): Promise<void> => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  };
  return { ports, release };
}
