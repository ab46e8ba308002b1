/**
 * The door through which Node sends bytes over TCP: the writing functions of `process.binding('tcp_wrap')`. They hand the bytes to the system before they
 * return, so that what is called after `response.end()` comes later.
 */
import { unwatched } from './fs-binding.ts';

/** A write to a client of the server that listens on one port. */
export interface TcpWrite {
  /** The port of the client. */
  readonly connection: number;
  readonly bytes: number;
}

interface TcpHandle {
  readonly bytesWritten: number;
  getsockname(out: { port?: number }): number;
  getpeername(out: { port?: number }): number;
}

type Write = (this: TcpHandle, ...args: unknown[]) => unknown;

const writers = ['writeBuffer', 'writev', 'writeUtf8String', 'writeAsciiString', 'writeLatin1String', 'writeUcs2String'];

/** `onWrite` is called before each write. What it returns is called with the bytes that the system took. */
export function watchTcp(port: number, onWrite: () => (write: TcpWrite) => void): void {
  const { prototype } = (process as unknown as { binding(name: string): { TCP: { prototype: Record<string, Write> } } }).binding(
    'tcp_wrap',
  ).TCP;
  /** The client of each connection; undefined for connections that are not of that server. */
  const clients = new WeakMap<TcpHandle, number | undefined>();
  const clientOf = (handle: TcpHandle): number | undefined => {
    if (!clients.has(handle)) clients.set(handle, peerAt(handle, port));
    return clients.get(handle);
  };
  for (const name of writers) {
    const original = prototype[name];
    if (original === undefined) continue;
    prototype[name] = function (this: TcpHandle, ...args: unknown[]): unknown {
      const connection = clientOf(this);
      if (connection === undefined) return Reflect.apply(original, this, args);
      const before = this.bytesWritten;
      const end = unwatched(() => onWrite());
      const result = Reflect.apply(original, this, args);
      const bytes = this.bytesWritten - before;
      if (bytes > 0) unwatched(() => end({ connection, bytes }));
      return result;
    };
  }
}

function peerAt(handle: TcpHandle, port: number): number | undefined {
  const [local, peer]: { port?: number }[] = [{}, {}];
  if (local === undefined || peer === undefined) return undefined;
  handle.getsockname(local);
  handle.getpeername(peer);
  return local.port === port ? peer.port : undefined;
}
