/** The proxy between real nodes: frames are whole, in number as it says, the handshake always passes, and a node that is cut off is alone. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { NetworkProxy } from '../../runtime/cluster/network-proxy.ts';
import { FrameReader, framed } from '../../runtime/wire/framing.ts';

const frameOf = (value: number): Uint8Array => framed(Uint8Array.of(value >> 8, value & 255));
const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('the proxy between real nodes', () => {
  let server: Server;
  let proxy: NetworkProxy;
  let arrived: number[] = [];
  let visitors: Socket[] = [];
  beforeEach(async () => {
    [arrived, visitors] = [[], []];
    server = createServer((socket) => {
      visitors.push(socket);
      const reader = new FrameReader(1024);
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Uint8Array) => {
        for (const frame of reader.push(chunk))
          if (frame !== 'too-long') arrived.push((frame[0] as number) * 256 + (frame[1] as number));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    proxy.close();
    for (const socket of visitors) socket.destroy();
    server.close();
  });

  /** `choose`: 0 drops, doubles, or delays, as it is asked in this order. */
  const dialed = async (choose: (below: number) => number): Promise<Socket> => {
    proxy = new NetworkProxy(choose);
    const { port } = server.address() as { readonly port: number };
    const socket = connect({ host: '127.0.0.1', port: await proxy.open('A', 'B', port) });
    socket.on('error', () => undefined);
    await until(() => visitors.length === 1);
    return socket;
  };

  it('passes what it does not drop, each as often as it says', async () => {
    let state = 7;
    const socket = await dialed((below) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return (state >> 8) % below;
    });
    // In two halves: a frame may come in any pieces.
    const all = Buffer.concat(Array.from({ length: 1000 }, (_none, index) => frameOf(index)));
    socket.write(all.subarray(0, 2501));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write(all.subarray(2501));
    await until(() => arrived.length === proxy.counts.passed + proxy.counts.delayed + 2 && arrived.length > 900);
    const { passed, delayed, dropped, doubled, cuts } = proxy.counts;
    for (const count of [delayed, dropped, doubled]) expect(count).to.be.greaterThan(10);
    expect([passed + delayed, cuts]).to.deep.equal([998 - dropped + doubled, 0]);
    expect(arrived.length).to.equal(passed + delayed + 2);
    expect(new Set(arrived).size).to.equal(1000 - dropped);
    expect(arrived, 'delayed frames are overtaken').to.not.deep.equal([...arrived].sort((a, b) => a - b));
  });

  it('lets the handshake through, whatever is drawn', async () => {
    const socket = await dialed(() => 0);
    for (const value of [1, 2, 3, 4]) socket.write(frameOf(value));
    await until(() => proxy.counts.dropped === 2);
    expect(arrived).to.deep.equal([1, 2]);
    expect(proxy.counts).to.deep.equal({ passed: 0, delayed: 0, dropped: 2, doubled: 0, cuts: 0 });
  });

  it('cuts a node off: its connections end, new ones are refused, and later it is back', async () => {
    const socket = await dialed(() => 1);
    let isClosed = false;
    socket.on('close', () => {
      isClosed = true;
    });
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    expect(proxy.cut('B', 300, over)).to.equal(true);
    expect(proxy.cut('B', 1, over)).to.equal(false);
    await until(() => isClosed);
    const { port } = server.address() as { readonly port: number };
    const path = await proxy.open('A', 'B', port);
    const refused = connect({ host: '127.0.0.1', port: path });
    let isRefused = false;
    refused
      .on('error', () => undefined)
      .on('close', () => {
        isRefused = true;
      });
    await until(() => isRefused);
    expect([visitors.length, proxy.counts.cuts, isOver]).to.deep.equal([1, 1, false]);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const again = connect({ host: '127.0.0.1', port: path });
    await until(() => visitors.length === 2);
    expect([visitors.length, isOver]).to.deep.equal([2, true]);
    again.destroy();
  });
});
