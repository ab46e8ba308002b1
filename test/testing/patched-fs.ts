/** Node's `fs`, patched for the length of a call so that paths under /simulated lie on a storage: what a package from npm needs to be tried. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { RenamingStorage } from '../../testing/recover-from.ts';

const root = '/simulated/';

type Anything = (...args: readonly unknown[]) => unknown;

/** The synchronous calls that the packages in question make; a truncating write is a file made anew under the same name. */
export function withFs<Result>(storage: RenamingStorage, body: () => Result): Result {
  const open = new Map<number, string>();
  const nameOf = (path: unknown): string => String(path).slice(root.length);
  const isThere = (file: string): boolean => storage.list(directoryOf(file)).includes(file.slice(file.lastIndexOf('/') + 1));
  const missing = (file: string): Error => Object.assign(new Error(`ENOENT: ${file}`), { code: 'ENOENT' });
  const bytesOf = (data: unknown): Uint8Array =>
    typeof data === 'string' ? new TextEncoder().encode(data) : (data as Uint8Array);
  const makeNew = (file: string): void => {
    if (isThere(file)) storage.remove(file);
    storage.create(file);
  };
  const replaced: Readonly<Record<string, Anything>> = {
    openSync: (path) => {
      makeNew(nameOf(path));
      const fd = 1_000_000 + open.size;
      open.set(fd, nameOf(path));
      return fd;
    },
    writeSync: (fd, data) => {
      storage.append(open.get(fd as number) ?? '', bytesOf(data));
      return bytesOf(data).length;
    },
    fsyncSync: (fd) => storage.sync(open.get(fd as number) ?? ''),
    closeSync: (fd) => open.delete(fd as number),
    renameSync: (from, to) => storage.rename(nameOf(from), nameOf(to)),
    unlinkSync: (path) => storage.remove(nameOf(path)),
    writeFileSync: (path, data) => {
      makeNew(nameOf(path));
      storage.append(nameOf(path), bytesOf(data));
    },
    readFileSync: (path) => {
      if (!isThere(nameOf(path))) throw missing(nameOf(path));
      return new TextDecoder().decode(storage.read(nameOf(path)));
    },
    realpathSync: (path) => path,
    statSync: (path) => {
      throw missing(nameOf(path));
    },
    chmodSync: () => undefined,
    chownSync: () => undefined,
  };
  const target = fs as unknown as Record<string, Anything>;
  const kept = Object.keys(replaced).map((name): [string, Anything] => [name, target[name] as Anything]);
  for (const [name, original] of kept)
    target[name] = (...args) => {
      const isOurs = typeof args[0] === 'number' ? open.has(args[0]) : String(args[0]).startsWith(root);
      return isOurs ? replaced[name]?.(...args) : original.apply(fs, [...args]);
    };
  syncBuiltinESMExports();
  try {
    return body();
  } finally {
    for (const [name, original] of kept) target[name] = original;
    syncBuiltinESMExports();
  }
}

function directoryOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
