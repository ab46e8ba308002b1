/** What a node counts, in the Prometheus text format, over HTTP on loopback. */
import { createServer, type Server } from 'node:http';
import type { Counter, Gauge, Registry } from 'prom-client';

export interface NodeMetrics {
  readonly registry: Registry;
  /** Events of connections and frames, by reason. */
  readonly network: Counter<'reason'>;
  readonly messages: Counter<'direction' | 'type'>;
  readonly disk: Counter<'operation'>;
  readonly height: Gauge;
  readonly round: Gauge;
  readonly decided: Counter;
  readonly buffered: Gauge;
  readonly connections: Gauge;
}

export async function newMetrics(read: {
  readonly bufferedBytes: () => number;
  readonly connections: () => number;
}): Promise<NodeMetrics> {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    network: new Counter({
      name: 'lazurite_network_total',
      help: 'Connections that were accepted, authenticated or closed, and frames that were dropped, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    messages: new Counter({
      name: 'lazurite_messages_total',
      help: 'Messages to and from peers, by type.',
      labelNames: ['direction', 'type'],
      registers,
    }),
    disk: new Counter({ name: 'lazurite_disk_operations_total', help: 'Disk operations.', labelNames: ['operation'], registers }),
    height: new Gauge({ name: 'lazurite_height', help: 'The height at which the node is.', registers }),
    round: new Gauge({ name: 'lazurite_round', help: 'The round at which the node is.', registers }),
    decided: new Counter({ name: 'lazurite_decided_total', help: 'Heights decided in this life.', registers }),
    buffered: new Gauge({
      name: 'lazurite_buffered_bytes',
      help: 'Bytes kept for frames that are not whole, and for peers that are slow.',
      registers,
      collect() {
        this.set(read.bufferedBytes());
      },
    }),
    connections: new Gauge({
      name: 'lazurite_connections',
      help: 'Open connections from others.',
      registers,
      collect() {
        this.set(read.connections());
      },
    }),
  };
}

export function serveMetrics({ registry }: NodeMetrics, port: number): Server {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end('the metrics are at /metrics\n');
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = 16;
  server.listen({ host: '127.0.0.1', port });
  return server;
}
