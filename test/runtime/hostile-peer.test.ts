/** A hostile peer: mutated bytes, strangers, slow senders, many connections. The node goes on, and keeps no more than its limits. */
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { seeded } from '../../core/choice.ts';
import type { WireData } from '../../core/effects.ts';
import { signerOf } from '../../runtime/node/build-node.ts';
import { isBoundedCbor } from '../../runtime/wire/cbor-bounds.ts';
import { FrameReader, framed } from '../../runtime/wire/framing.ts';
import { type HandshakeParts, type Hello, helloFrame, newNonce, proofFrame, readHello } from '../../runtime/wire/handshake.ts';
import { PeerLink } from '../../runtime/wire/peer-link.ts';
import { PeerServer } from '../../runtime/wire/peer-server.ts';
import { decodeWire, encodeWire } from '../../runtime/wire/wire-data.ts';
import { type Keyed, nodeOnDisk, twoNodes } from './nodes.ts';

const text = 'v1.0-B.1';
const signature = new Uint8Array(64).fill(9);
const votes = [['B', signature]] as const;
const samples: readonly (WireData & Readonly<Record<string, unknown>>)[] = [
  { type: 'vote', voteType: 'prevote', height: 1, round: 0, value: null, validator: 'B', signature },
  { type: 'vote', voteType: 'precommit', height: 2, round: 1, value: text, validator: 'B', signature },
  { type: 'proposal', height: 1, round: 0, value: text, data: new Uint8Array(64), polRound: -1, proposer: 'B', signature },
  { type: 'polkaCertificate', height: 1, round: 0, value: text, votes },
  { type: 'commitCertificate', height: 1, round: 0, value: text, votes, data: new Uint8Array(8) },
  {
    type: 'roundCertificate',
    height: 1,
    round: 3,
    votes: [{ type: 'vote', voteType: 'precommit', height: 1, round: 2, value: null, validator: 'B', signature }],
  },
  { type: 'status', height: 3 },
  { type: 'sync.request', height: 1, count: 8 },
  { type: 'sync.response', blocks: [{ height: 1, round: 0, value: text, votes, data: new Uint8Array(8) }] },
  { type: 'height.request', asker: 'B', inquiry: 1, signature },
  { type: 'height.answer', asker: 'A', inquiry: 1, answerer: 'B', height: 1, proof: null, signature },
];

/** Bytes changed, cut, doubled and put in. */
function mutated(bytes: Uint8Array, choose: (below: number) => number): Uint8Array {
  const changed = [...bytes];
  for (let count = 1 + choose(4); count > 0; count -= 1) {
    const at = choose(changed.length + 1);
    const kind = choose(5);
    if (kind === 0) changed[at % changed.length] = choose(256);
    else if (kind === 1) changed.splice(at, 1 + choose(8));
    else if (kind === 2) changed.splice(at, 0, ...changed.slice(at, at + choose(16)));
    else if (kind === 3) changed.splice(at, 0, choose(256), choose(256));
    else changed[at % changed.length] = [0x1b, 0x3b, 0x5a, 0x7a, 0x9a, 0xba, 0xda, 0xff, 0x9f, 0x80][choose(10)] as number;
    if (changed.length === 0) changed.push(0);
  }
  return Uint8Array.from(changed);
}

const dice = (seed: number): ((below: number) => number) => {
  const { choose } = seeded(seed);
  let drawn = 0;
  return (below) => {
    drawn += 1;
    return choose(below, 'hostile', drawn);
  };
};

function serverFor({ config, key }: Keyed, receive: (data: WireData) => void = () => undefined) {
  const counts = new Map<string, number>();
  const signer = signerOf(config, key);
  const handshake: HandshakeParts = { chain: config.chain, name: config.name, signer };
  const server = new PeerServer({
    handshake,
    peers: new Set(['B']),
    limits: config.limits,
    receive,
    count: (reason) => counts.set(reason, (counts.get(reason) ?? 0) + 1),
  });
  return { server, counts };
}

const until = async (holds: () => boolean, ms = 5000): Promise<void> => {
  const end = Date.now() + ms;
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
};

let port = 0;
async function listening(server: PeerServer): Promise<void> {
  for (port = 40_000 + (process.pid % 20_000); ; port += 1)
    try {
      await server.listen('127.0.0.1', port);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
}

/** A connection of B that has identified itself. */
async function asB({ config, key }: Keyed): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  const handshake: HandshakeParts = { chain: config.chain, name: 'B', signer: signerOf(config, key) };
  const own: Hello = { name: 'B', nonce: newNonce() };
  const reader = new FrameReader(1024);
  socket.write(framed(helloFrame(handshake, own)));
  await new Promise<void>((resolve) => {
    let isGreeted = false;
    socket.on('data', (chunk: Uint8Array) => {
      for (const frame of reader.push(chunk)) {
        if (frame === 'too-long') throw new Error('the server says too much');
        if (isGreeted) return resolve();
        isGreeted = true;
        const hello = readHello(handshake, frame);
        if (typeof hello === 'string') throw new Error(hello);
        socket.write(framed(proofFrame(handshake, 'dialer', own, hello)));
      }
    });
  });
  return socket;
}

describe('a hostile peer', function () {
  this.timeout(600_000);

  it('sends each kind of message, and it arrives as it was', () => {
    for (const sample of samples) expect(decodeWire(encodeWire(sample))).to.deep.equal(sample);
  });

  it('sends 100,000 mutated byte streams: each is refused or has the right shape, and the node goes on', async () => {
    const [a] = twoNodes();
    const tested = nodeOnDisk(a);
    tested.node.boot();
    const choose = dice(1);
    const reasons = new Map<string, number>();
    for (let stream = 0; stream < 100_000; stream += 1) {
      const reader = new FrameReader(4096);
      const sample = samples[choose(samples.length)] as WireData;
      const bytes = choose(2) === 0 ? framed(mutated(encodeWire(sample), choose)) : mutated(framed(encodeWire(sample)), choose);
      for (const frame of reader.push(bytes)) {
        const data = frame === 'too-long' ? frame : decodeWire(frame);
        const reason = typeof data === 'string' ? data : 'right';
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        if (typeof data === 'string') break;
        tested.node.receive(data, 'B');
      }
      expect(reader.bufferedBytes).to.be.at.most(4096);
      if (stream % 1000 === 0) {
        tested.happenings.length = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect(tested.stopped).to.equal(undefined);
    expect([...reasons.keys()].sort()).to.deep.equal(['not-cbor', 'right', 'too-long', 'unknown-type', 'wrong-shape']);
    for (const [reason, count] of reasons) expect(count, reason).to.be.greaterThan(100);
    tested.happenings.length = 0;
    await until(() => tested.happenings.some((one) => one.type === 'effect' && one.effect.type === 'host.decide'));
    expect(tested.happenings.some((one) => one.type === 'effect' && one.effect.type === 'host.decide')).to.equal(true);
    tested.node.end();
  });

  it('announces lists that would take more memory than its bytes', () => {
    expect(isBoundedCbor(Uint8Array.from([0x9a, 0xff, 0xff, 0xff, 0xff]))).to.equal(false);
    expect(isBoundedCbor(Uint8Array.from([0x9b, 0, 0, 0, 1, 0, 0, 0, 0, 1]))).to.equal(false);
    expect(isBoundedCbor(new Uint8Array(100).fill(0x81))).to.equal(false);
    expect(isBoundedCbor(Uint8Array.from([0xc2, 0x41, 1]))).to.equal(false);
    expect(isBoundedCbor(Uint8Array.from([0x9f, 1, 0xff]))).to.equal(false);
    expect(isBoundedCbor(Uint8Array.from([0x82, 1, 2]))).to.equal(true);
    expect(isBoundedCbor(Uint8Array.from([0x82, 1, 2, 3]))).to.equal(false);
  });

  it('opens 1,000 connections: no more than the limit are kept, and each that is closed is counted', async () => {
    const [a, b] = twoNodes({ strangers: 20, connections: 40, patienceMs: 300 });
    const { server, counts } = serverFor(a);
    await listening(server);
    const sockets: Socket[] = [];
    let most = 0;
    for (let batch = 0; batch < 10; batch += 1) {
      for (let index = 0; index < 100; index += 1) {
        const socket = connect({ host: '127.0.0.1', port });
        socket.on('error', () => undefined);
        sockets.push(socket);
      }
      await until(() => (counts.get('too-many-connections') ?? 0) + (counts.get('accepted') ?? 0) >= sockets.length);
      most = Math.max(most, server.connections);
    }
    expect(most).to.be.at.most(20);
    expect((counts.get('too-many-connections') ?? 0) + (counts.get('accepted') ?? 0)).to.equal(1000);
    await until(() => server.connections === 0);
    expect(counts.get('handshake-too-slow')).to.equal(counts.get('accepted'));
    const peer = await asB(b);
    expect(counts.get('authenticated')).to.equal(1);
    peer.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('sends slowly: a frame that was begun must be whole in time, and no more than it sent is kept', async () => {
    const [a, b] = twoNodes({ patienceMs: 300 });
    const { server, counts } = serverFor(a);
    await listening(server);
    const peer = await asB(b);
    peer.write(Uint8Array.from([0, 15, 255, 255, 1, 2, 3]));
    const drip = setInterval(() => peer.write(Uint8Array.from([7])), 20);
    await until(() => server.bufferedBytes > 5);
    expect(server.bufferedBytes).to.be.lessThan(100);
    await until(() => counts.has('frame-too-slow'));
    clearInterval(drip);
    expect(counts.get('frame-too-slow')).to.equal(1);
    expect(server.bufferedBytes).to.equal(0);
    server.close();
  });

  it('is closed for a frame above the limit before a byte of it is kept, and for malformed bytes', async () => {
    const [a, b] = twoNodes();
    const { server, counts } = serverFor(a);
    await listening(server);
    const long = await asB(b);
    long.write(Uint8Array.from([255, 255, 255, 255]));
    await until(() => counts.has('frame-too-long'));
    const wrong = await asB(b);
    wrong.write(framed(encodeWire({ type: 'vote' })));
    await until(() => counts.has('wrong-shape'));
    expect([counts.get('frame-too-long'), counts.get('wrong-shape')]).to.deep.equal([1, 1]);
    server.close();
  });

  it('cannot come in without the key: another key, a replayed proof, another chain, an unknown name', async () => {
    const [a, b] = twoNodes();
    const [, stranger] = twoNodes();
    const { server, counts } = serverFor(a);
    await listening(server);
    const say = async (frames: readonly Uint8Array[], reason: string): Promise<void> => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.on('error', () => undefined);
      for (const frame of frames) socket.write(framed(frame));
      await until(() => counts.has(reason));
      expect(counts.get(reason), reason).to.equal(1);
      socket.destroy();
    };
    const parts = (chain: string, signing: Keyed): HandshakeParts => ({
      chain,
      name: 'B',
      signer: signerOf(signing.config, signing.key),
    });
    const own: Hello = { name: 'B', nonce: newNonce() };
    const guessed: Hello = { name: 'A', nonce: newNonce() };
    await say([helloFrame(parts('test', b), own), proofFrame(parts('test', b), 'dialer', own, guessed)], 'wrong-proof');
    counts.delete('wrong-proof');
    await say(
      [helloFrame(parts('test', stranger), own), proofFrame(parts('test', stranger), 'dialer', own, guessed)],
      'wrong-proof',
    );
    await say([helloFrame(parts('other', b), own)], 'other-chain');
    await say([helloFrame(parts('test', b), { ...own, name: 'Z' })], 'unknown-name');
    await say([Uint8Array.from([1, 2, 3])], 'malformed-hello');
    await say([new Uint8Array(5000)], 'handshake-too-long');
    expect(counts.get('authenticated')).to.equal(undefined);
    server.close();
  });

  it('is heard when it is honest, and its newer connection takes the place of the older', async () => {
    const [a, b] = twoNodes();
    const heard: WireData[] = [];
    const { server, counts } = serverFor(a, (data) => heard.push(data));
    await listening(server);
    const links = [1, 2].map(
      () =>
        new PeerLink({
          handshake: { chain: 'test', name: 'B', signer: signerOf(b.config, b.key) },
          peer: { name: 'A', host: '127.0.0.1', port },
          limits: b.config.limits,
          count: () => undefined,
        }),
    );
    for (const link of links) {
      link.send(encodeWire({ type: 'status', height: heard.length } as WireData));
      link.dial();
      const before = heard.length;
      await until(() => heard.length > before);
    }
    expect(heard.map(({ type }) => type)).to.deep.equal(['status', 'status']);
    expect(counts.get('replaced')).to.equal(1);
    for (const link of links) link.close();
    server.close();
  });
});
