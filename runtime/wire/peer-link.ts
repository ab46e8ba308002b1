/**
 * The dialling side: one connection to one peer, made again whenever it ends. What it cannot send is kept up to a bound, then dropped: nodes say again
 * what matters.
 */
import { connect, type Socket } from 'node:net';
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

export interface PeerLinkParts {
  readonly handshake: HandshakeParts;
  readonly peer: { readonly name: string; readonly host: string; readonly port: number };
  readonly limits: Limits;
  /** A frame was dropped, or a connection ended, for this reason. */
  readonly count: (reason: string) => void;
}

const firstRetryMs = 50;
const maxRetryMs = 1000;
/** Kept for a peer that is not there: its newest frames. */
const waitingBytes = 256 * 1024;

export class PeerLink {
  readonly #parts: PeerLinkParts;
  #socket: Socket | undefined;
  #isOpen = false;
  #isClosed = false;
  #retryMs = firstRetryMs;
  #timer: NodeJS.Timeout | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(parts: PeerLinkParts) {
    this.#parts = parts;
  }

  /** Bytes that wait for this peer. */
  get bufferedBytes(): number {
    return this.#waitingBytes + (this.#socket?.writableLength ?? 0);
  }

  send(payload: Uint8Array): void {
    const frame = framed(payload);
    if (this.#isOpen && this.#socket !== undefined) {
      if (this.#socket.writableLength + frame.length > this.#parts.limits.sendBytes) this.#parts.count('peer-too-slow');
      else this.#socket.write(frame);
      return;
    }
    this.#waiting.push(frame);
    this.#waitingBytes += frame.length;
    while (this.#waitingBytes > waitingBytes) {
      this.#waitingBytes -= this.#waiting.shift()?.length ?? 0;
      this.#parts.count('peer-away');
    }
  }

  dial(): void {
    if (this.#isClosed) return;
    const { handshake, peer, limits } = this.#parts;
    const socket = connect({ host: peer.host, port: peer.port, noDelay: true });
    const own: Hello = { name: handshake.name, nonce: newNonce() };
    const reader = new FrameReader(handshakeFrameBytes);
    let hello: Hello | undefined;
    this.#socket = socket;
    socket.setTimeout(limits.patienceMs, () => this.#end(socket, 'dial-too-slow'));
    socket.on('connect', () => socket.write(framed(helloFrame(handshake, own))));
    socket.on('error', () => this.#end(socket, undefined));
    socket.on('close', () => this.#end(socket, undefined));
    socket.on('data', (chunk: Uint8Array) => {
      for (const frame of reader.push(chunk)) {
        if (frame === 'too-long' || this.#isOpen) return this.#end(socket, 'listener-says-too-much');
        if (hello === undefined) {
          const read = readHello(handshake, frame);
          if (typeof read === 'string') return this.#end(socket, read);
          if (read.name !== peer.name) return this.#end(socket, 'wrong-name');
          hello = read;
          socket.write(framed(proofFrame(handshake, 'dialer', own, hello)));
        } else {
          const fault = checkProof(handshake, frame, 'listener', own, hello);
          if (fault !== undefined) return this.#end(socket, fault);
          this.#open(socket);
        }
      }
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #open(socket: Socket): void {
    socket.setTimeout(0);
    this.#isOpen = true;
    this.#retryMs = firstRetryMs;
    for (const frame of this.#waiting) socket.write(frame);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #end(socket: Socket, reason: string | undefined): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#isOpen = false;
    if (reason !== undefined) this.#parts.count(reason);
    socket.destroy();
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.dial(), this.#retryMs);
    this.#retryMs = Math.min(maxRetryMs, 2 * this.#retryMs);
  }
}
