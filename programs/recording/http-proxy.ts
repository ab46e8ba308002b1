/**
 * Passes HTTP requests on to the recorded server, each over a connection of its own, and keeps what was answered. When an answer left the server is not known
 * here: the recorder of the server sees that (answer-marks.ts). Not passed on: TLS, upgrades of a connection, trailers.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A complete answer. */
export interface HttpAnswer {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  readonly body: KeptText;
  readonly answer: KeptText;
  /** The proxy's port of the connection, which names it at the server. */
  readonly connection: number;
  /** Bytes that the server had sent on it when the answer was complete. */
  readonly sentBytes: number;
}

export interface KeptText {
  readonly text: string;
  /** How long it was; `text` holds the first `keptBytes` of it. */
  readonly bytes: number;
}

export interface HttpProxy {
  /** Such as `http://127.0.0.1:40123`. */
  readonly address: string;
  /** Complete answers so far. */
  readonly answers: readonly HttpAnswer[];
  close(): void;
}

export const keptBytes = 65_536;

/** Headers that concern one connection alone. The proxy itself answers `Expect`. */
const ofOneConnection = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te', 'expect']);

export async function startHttpProxy(server: { readonly host: string; readonly port: number }): Promise<HttpProxy> {
  const answers: HttpAnswer[] = [];
  const proxy = createServer((incoming, outgoing) => passOn(incoming, outgoing, server, (answer) => answers.push(answer)));
  // A server may take its time: nothing here gives up before it does.
  proxy.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const { port } = proxy.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    answers,
    close: () => {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}

function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  server: { readonly host: string; readonly port: number },
  onAnswer: (answer: HttpAnswer) => void,
): void {
  const { method = 'GET', url: path = '/' } = incoming;
  const body = new FlowingText(incoming);
  const isChunked = incoming.headers['transfer-encoding'] !== undefined;
  const headers = [...passedOn(incoming.rawHeaders), ...(isChunked ? ['Transfer-Encoding', 'chunked'] : [])];
  let connection: Socket | undefined;
  // Without an agent each request has its own connection, which the server is asked to close.
  const onward = request({ ...server, method, path, headers: [...headers, 'Connection', 'close'], agent: false });
  onward.on('socket', (socket) => {
    connection = socket;
  });
  onward.on('error', ({ message }) => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502, { 'Content-Type': 'text/plain' }).end(`the recorded server gave no answer: ${message}\n`);
  });
  onward.on('response', (answered) => {
    const { statusCode: status = 0, statusMessage, rawHeaders } = answered;
    const answer = new FlowingText(answered);
    // A connection that has closed no longer knows it.
    const port = connection?.localPort;
    const declared = Number(answered.headers['content-length'] ?? Number.NaN);
    let isKept = false;
    const keep = (): void => {
      if (isKept || connection === undefined || port === undefined) return;
      isKept = true;
      onAnswer({
        method,
        path,
        status,
        body: body.kept(),
        answer: answer.kept(),
        connection: port,
        sentBytes: connection.bytesRead,
      });
    };
    // A client knows by the length that all is there, and may go before the end is seen here.
    answered.on('data', () => {
      if (answer.bytes === declared) keep();
    });
    answered.on('end', () => {
      if (answered.complete) keep();
    });
    answered.on('error', () => outgoing.destroy());
    outgoing.writeHead(status, statusMessage, passedOn(rawHeaders));
    answered.pipe(outgoing);
  });
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) onward.destroy();
  });
  incoming.pipe(onward);
}

/** Names and values in turn, as Node gives them. */
function passedOn(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => !ofOneConnection.has((rawHeaders[index - (index % 2)] as string).toLowerCase()));
}

/** Keeps the beginning of what flows by. */
class FlowingText {
  bytes = 0;
  readonly #chunks: Buffer[] = [];

  constructor(stream: IncomingMessage) {
    stream.on('data', (chunk: Buffer) => {
      if (this.bytes < keptBytes) this.#chunks.push(chunk.subarray(0, keptBytes - this.bytes));
      this.bytes += chunk.length;
    });
  }

  kept(): KeptText {
    return { text: Buffer.concat(this.#chunks).toString(), bytes: this.bytes };
  }
}
