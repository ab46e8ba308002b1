/**
 * The listening side: takes connections, identifies the peers, and hands over what peers send. One connection a peer, the newest; bytes
 * that are malformed, too long or too slow close it, with a reason that is counted.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { WireData } from '../../core/effects.ts';
import type { Limits } from '../node/node-config.ts';
import { FrameReader, framed } from './framing.ts';
import {
  checkProof,
  type HandshakeParts,
  type Hello,
  handshakeFrameBytes,
  helloFrame,
  newNonce,
  proofFrame,
  readHello,
} from './handshake.ts';
import { decodeWire } from './wire-data.ts';

export interface PeerServerParts {
  readonly handshake: HandshakeParts;
  readonly peers: ReadonlySet<string>;
  readonly limits: Limits;
  readonly receive: (data: WireData, from: string) => void;
  /** A connection was closed for this reason, or one was taken (`accepted`, `authenticated`). */
  readonly count: (reason: string) => void;
}

interface Visitor {
  readonly socket: Socket;
  readonly reader: FrameReader;
  readonly own: Hello;
  /** The claimed name of the other end; proven when `isPeer`. */
  hello: Hello | undefined;
  isPeer: boolean;
  /** Ends the connection of one that says nothing, or that never ends a frame. */
  timer: NodeJS.Timeout | undefined;
}

export class PeerServer {
  readonly #parts: PeerServerParts;
  readonly #server: Server;
  readonly #visitors = new Set<Visitor>();
  readonly #peers = new Map<string, Visitor>();

  constructor(parts: PeerServerParts) {
    this.#parts = parts;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server.on('error', () => parts.count('listen-error'));
  }

  /** Connections that are open now, strangers among them. */
  get connections(): number {
    return this.#visitors.size;
  }

  /** Bytes that are kept for frames that are not whole. */
  get bufferedBytes(): number {
    let bytes = 0;
    for (const { reader } of this.#visitors) bytes += reader.bufferedBytes;
    return bytes;
  }

  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  close(): void {
    this.#server.close();
    for (const visitor of this.#visitors) this.#end(visitor, 'shut-down');
  }

  #accept(socket: Socket): void {
    const { limits, handshake, count } = this.#parts;
    const strangers = this.#visitors.size - this.#peers.size;
    if (this.#visitors.size >= limits.connections || strangers >= limits.strangers) {
      count('too-many-connections');
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    count('accepted');
    const own = { name: handshake.name, nonce: newNonce() };
    const reader = new FrameReader(Math.min(handshakeFrameBytes, limits.frameBytes));
    const visitor: Visitor = { socket, reader, own, hello: undefined, isPeer: false, timer: undefined };
    this.#visitors.add(visitor);
    this.#patience(visitor, 'handshake-too-slow');
    socket.on('data', (chunk) => this.#take(visitor, chunk));
    socket.on('error', () => this.#end(visitor, 'connection-error'));
    socket.on('close', () => this.#end(visitor, 'closed-by-peer'));
  }

  #patience(visitor: Visitor, reason: string): void {
    clearTimeout(visitor.timer);
    visitor.timer = setTimeout(() => this.#end(visitor, reason), this.#parts.limits.patienceMs);
  }

  #take(visitor: Visitor, chunk: Uint8Array): void {
    const { reader } = visitor;
    let hasEnded = false;
    for (const frame of reader.push(chunk)) {
      const fault = this.#takeFrame(visitor, frame);
      if (fault !== undefined) this.#end(visitor, fault);
      if (!this.#visitors.has(visitor)) return;
      hasEnded = true;
    }
    if (!visitor.isPeer) return;
    // A frame that was begun must be whole in time, however many bytes of it trickle in.
    if (!reader.isWithin || hasEnded) this.#calm(visitor);
    if (reader.isWithin && visitor.timer === undefined) this.#patience(visitor, 'frame-too-slow');
  }

  /** Undefined: all is well. */
  #takeFrame(visitor: Visitor, frame: Uint8Array | 'too-long'): string | undefined {
    if (frame === 'too-long') return visitor.isPeer ? 'frame-too-long' : 'handshake-too-long';
    return visitor.isPeer ? this.#deliver(visitor, frame) : this.#shakeHands(visitor, frame);
  }

  #calm(visitor: Visitor): void {
    clearTimeout(visitor.timer);
    visitor.timer = undefined;
  }

  #deliver({ hello }: Visitor, frame: Uint8Array): string | undefined {
    const data = decodeWire(frame);
    if (typeof data === 'string') return data;
    this.#parts.receive(data, (hello as Hello).name);
    return undefined;
  }

  #shakeHands(visitor: Visitor, frame: Uint8Array): string | undefined {
    const { handshake, peers, count } = this.#parts;
    if (visitor.hello === undefined) {
      const hello = readHello(handshake, frame);
      if (typeof hello === 'string') return hello;
      if (!peers.has(hello.name)) return 'unknown-name';
      visitor.hello = hello;
      visitor.socket.write(framed(helloFrame(handshake, visitor.own)));
      return undefined;
    }
    const fault = checkProof(handshake, frame, 'dialer', visitor.own, visitor.hello);
    if (fault !== undefined) return fault;
    const former = this.#peers.get(visitor.hello.name);
    if (former !== undefined) this.#end(former, 'replaced');
    visitor.isPeer = true;
    visitor.reader.limit = this.#parts.limits.frameBytes;
    this.#peers.set(visitor.hello.name, visitor);
    this.#calm(visitor);
    count('authenticated');
    visitor.socket.write(framed(proofFrame(handshake, 'listener', visitor.own, visitor.hello)));
    return undefined;
  }

  #end(visitor: Visitor, reason: string): void {
    if (!this.#visitors.delete(visitor)) return;
    const { hello, socket, timer } = visitor;
    clearTimeout(timer);
    if (hello !== undefined && this.#peers.get(hello.name) === visitor) this.#peers.delete(hello.name);
    this.#parts.count(reason);
    socket.destroy();
  }
}
