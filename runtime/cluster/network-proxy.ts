/**
 * A proxy between the nodes of a cluster: each node dials the others through it. It reads frames, and delays, drops and doubles them; delayed frames are
 * overtaken by others. It cuts a node off: its connections close, and new ones are refused for a while. Bytes are never changed, and the proof of a peer's identity always passes.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { defaultLimits } from '../node/node-config.ts';
import { FrameReader, framed } from '../wire/framing.ts';

export interface NetworkCounts {
  readonly passed: number;
  readonly delayed: number;
  readonly dropped: number;
  readonly doubled: number;
  readonly cuts: number;
}

interface Line {
  readonly from: string;
  readonly to: string;
  readonly near: Socket;
  readonly far: Socket;
}

const host = '127.0.0.1';
/** Hello and proof of the dialer. */
const handshakeFrames = 2;
/** One frame in this number. */
const odds = { drop: 20, double: 20, delay: 5 } as const;
const maxDelayMs = 150;

export class NetworkProxy {
  readonly #choose: (below: number) => number;
  readonly #servers: Server[] = [];
  readonly #lines = new Set<Line>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #cutOff = new Set<string>();
  readonly #counts = { passed: 0, delayed: 0, dropped: 0, doubled: 0, cuts: 0 };

  constructor(choose: (below: number) => number) {
    this.#choose = choose;
  }

  get counts(): NetworkCounts {
    return { ...this.#counts };
  }

  /** The port at which `from` comes to `to`. */
  async open(from: string, to: string, port: number): Promise<number> {
    const server = createServer({ noDelay: true }, (near) => this.#accept(from, to, port, near));
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port: 0 }, resolve);
    });
    return (server.address() as { readonly port: number }).port;
  }

  /** For this time nobody comes to the node, and it comes to nobody. `onEnd` is called when it is over. False: the node is cut off already. */
  cut(node: string, ms: number, onEnd: () => void): boolean {
    if (this.#cutOff.has(node)) return false;
    this.#counts.cuts += 1;
    this.#cutOff.add(node);
    for (const line of this.#lines) if (line.from === node || line.to === node) this.#end(line);
    this.#after(ms, () => {
      this.#cutOff.delete(node);
      onEnd();
    });
    return true;
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const line of this.#lines) this.#end(line);
  }

  #accept(from: string, to: string, port: number, near: Socket): void {
    near.on('error', () => undefined);
    if (this.#cutOff.has(from) || this.#cutOff.has(to)) {
      near.destroy();
      return;
    }
    const far = connect({ host, port, noDelay: true });
    const line = { from, to, near, far };
    this.#lines.add(line);
    for (const socket of [near, far]) {
      socket.on('error', () => this.#end(line));
      socket.on('close', () => this.#end(line));
    }
    const reader = new FrameReader(defaultLimits.frameBytes);
    let frames = 0;
    near.on('data', (chunk: Uint8Array) => {
      for (const frame of reader.push(chunk)) {
        if (frame === 'too-long') return this.#end(line);
        frames += 1;
        if (frames <= handshakeFrames) far.write(framed(frame));
        else this.#carry(line, framed(frame));
      }
    });
    far.on('data', (chunk: Uint8Array) => near.write(chunk));
  }

  #carry({ far }: Line, frame: Uint8Array): void {
    if (this.#choose(odds.drop) === 0) {
      this.#counts.dropped += 1;
      return;
    }
    const isDoubled = this.#choose(odds.double) === 0;
    if (isDoubled) this.#counts.doubled += 1;
    for (let copies = isDoubled ? 2 : 1; copies > 0; copies -= 1) {
      if (this.#choose(odds.delay) > 0) {
        this.#counts.passed += 1;
        far.write(frame);
      } else {
        this.#counts.delayed += 1;
        this.#after(this.#choose(maxDelayMs), () => far.writable && far.write(frame));
      }
    }
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #end(line: Line): void {
    if (!this.#lines.delete(line)) return;
    line.near.destroy();
    line.far.destroy();
  }
}
