/** A real node from its file to its end: files, sockets, timers, log and metrics put together. */
import { randomInt } from 'node:crypto';
import type { Phase, PointName } from '../../core/events.ts';
import { fileNamed } from '../../wal/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';
import { PeerLink } from '../wire/peer-link.ts';
import { PeerServer } from '../wire/peer-server.ts';
import { encodeWire } from '../wire/wire-data.ts';
import { buildNode, type RealAlteration, signerOf } from './build-node.ts';
import { EventFile } from './event-file.ts';
import { newMetrics, serveMetrics } from './metrics.ts';
import { type NodeConfig, readKey } from './node-config.ts';
import { type Happening, RealNode } from './real-node.ts';

/** A death that the process gives itself by SIGKILL: at the nth crash point of a site in this life. */
export interface ArmedEnd {
  readonly site: string;
  readonly phase: Phase;
  readonly nth: number;
  /** The part of a torn effect that is carried out, below 1. */
  readonly share: number;
}

export interface NodeOptions {
  /** Where to record what happens. */
  readonly record?: string | undefined;
  readonly dies?: ArmedEnd | undefined;
  readonly alteration?: RealAlteration | undefined;
  /** The number of this life; default: one more than the highest in the names of the log's files. */
  readonly life?: number | undefined;
}

/** Resolves with the exit code when the node has ended: 0 when it was asked to, 1 when it stopped by itself. */
export async function runNode(config: NodeConfig, options: NodeOptions = {}): Promise<number> {
  // Loaded only here, like the package `prom-client`: other commands start faster without them.
  const { pino } = await import('pino');
  const log = pino(
    {
      base: { node: config.name },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    pino.destination({ fd: 1, sync: true }),
  );
  const key = readKey(config);
  const salt = randomInt(2 ** 32);
  const storage = new RealFiles(config.folder);
  const life = options.life ?? 1 + highestLife(storage);
  const events = options.record === undefined ? undefined : new EventFile(options.record);
  events?.write({ type: 'boot', life, salt });
  const spec = buildNode(config, key, salt, options.alteration);
  const own = config.validators.find(({ name }) => name === config.name);
  const others = config.validators.filter(({ name }) => name !== config.name);
  const metrics = await newMetrics({
    bufferedBytes: () => server.bufferedBytes + links.reduce((sum, [, link]) => sum + link.bufferedBytes, 0),
    connections: () => server.connections,
  });
  const count = (reason: string): void => {
    metrics.network.inc({ reason });
    log.debug({ reason }, 'network');
  };
  const handshake = { chain: config.chain, name: config.name, signer: signerOf(config, key) };
  const links = others.map((peer) => [peer.name, new PeerLink({ handshake, peer, limits: config.limits, count })] as const);
  const linkOf = new Map(links);
  let finish: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const strike = deathAt(options.dies, (at) => events?.write({ type: 'dies', at }));
  const node = new RealNode({
    spec,
    life,
    storage,
    transmit: (to, data) => {
      metrics.messages.inc({ direction: 'out', type: data.type });
      linkOf.get(to)?.send(encodeWire(data));
    },
    record: (happening) => {
      events?.write(happening);
      observe(happening);
    },
    reached: strike,
    stopped: (reason, code) => {
      events?.write({ type: 'stopped', reason, code });
      log.fatal({ reason, code }, 'stopped');
      finish(1);
    },
  });
  const observe = (happening: Happening): void => {
    if (happening.type !== 'effect') return;
    const { effect, point } = happening;
    if (point !== undefined) {
      metrics.height.set(point.height);
      metrics.round.set(point.round);
    }
    if (effect.type === 'disk') metrics.disk.inc({ operation: effect.operation.type });
    if (effect.type === 'host.decide') {
      metrics.decided.inc();
      log.info({ height: effect.height }, 'decided');
    }
    if (effect.type === 'observe' && effect.event !== 'said') log.info({ event: effect.event, ...effect.detail }, effect.event);
  };
  const server = new PeerServer({
    handshake,
    peers: new Set(linkOf.keys()),
    limits: config.limits,
    count,
    receive: (data, from) => {
      metrics.messages.inc({ direction: 'in', type: data.type });
      if (!node.receive(data, from)) count('node-too-busy');
    },
  });
  await server.listen(own?.host ?? '127.0.0.1', own?.port ?? 0);
  const metricsServer = config.metricsPort === 0 ? undefined : serveMetrics(metrics, config.metricsPort);
  for (const [, link] of links) link.dial();
  const terminate = (): void => {
    events?.write({ type: 'ended' });
    log.info({}, 'ended');
    finish(0);
  };
  process.once('SIGTERM', terminate);
  process.once('SIGINT', terminate);
  log.info({ life, port: own?.port }, 'up');
  node.boot();
  const code = await ended;
  process.off('SIGTERM', terminate);
  process.off('SIGINT', terminate);
  node.end();
  server.close();
  for (const [, link] of links) link.close();
  metricsServer?.close();
  metricsServer?.closeAllConnections();
  storage.close();
  events?.close();
  return code;
}

function highestLife(storage: RealFiles): number {
  const files = ['wal', 'blocks'].flatMap((directory) =>
    storage.list(directory).map((name) => fileNamed(`${directory}/${name}`)),
  );
  return files.reduce((highest, named) => Math.max(highest, named?.life ?? 0), 0);
}

function deathAt(
  dies: ArmedEnd | undefined,
  note: (at: string) => void,
): (point: PointName, phase: Phase, tear: (share: number) => void) => void {
  let left = dies?.nth ?? 0;
  return ({ site }, phase, tear) => {
    if (dies === undefined || site !== dies.site || phase !== dies.phase) return;
    left -= 1;
    if (left !== 0) return;
    if (phase === 'torn') tear(dies.share);
    note(`${site}:${phase}`);
    process.kill(process.pid, 'SIGKILL');
    // The signal comes at once; nothing may happen in between.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
