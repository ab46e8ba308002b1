/**
 * A writer on real files that is to be killed: `kills-writer.ts FOLDER ATTEST [no-fsync]`. It opens the log (and makes it where there is none), writes frames
 * of many sizes, and says on standard output what it acknowledges: `frame HEIGHT ID` and `height HEIGHT`. Every change of the disk goes to descriptor 3
 * before and after, so that the parent knows what was under way. A folder that another writes to: exit 75.
 */
import { writeSync } from 'node:fs';
import { type BootOptions, Log, type Storage } from '../../wal/index.ts';
import { FolderLockedError, RealFiles } from '../../wal/storage/files.ts';

const [folder = '', attest = 'next', broken] = process.argv.slice(2);
const refused = 75;

export const idBytes = 16;

export function payloadOf(height: number, id: number, size: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(idBytes, size)).fill(id % 251);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, height);
  view.setFloat64(8, id);
  return bytes;
}

export function bootOptions(salt: number, policy: BootOptions['attest']): BootOptions {
  return {
    attest: policy,
    salt,
    keepBlocks: 2,
    heightOf: (block) => new DataView(block.buffer, block.byteOffset).getFloat64(0),
    blockAfter: (_last, height) => payloadOf(height, 0, idBytes),
  };
}

/** One draw in 0 .. below-1. */
const drawn = (below: number): number => Math.floor(Math.random() * below);
const salt = (): number => drawn(2 ** 32);
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

/** The same storage; each change is reported before and after it. `no-fsync`: nothing is synced. */
function told(files: RealFiles): Storage {
  const changes = ['create', 'append', 'writeAt', 'sync', 'syncDirectory', 'remove'];
  return new Proxy(files as Storage, {
    get: (target, name) => {
      const own = target[name as keyof Storage];
      if (typeof own !== 'function') return own;
      if (!changes.includes(String(name))) return own.bind(target);
      return (...values: readonly unknown[]): unknown => {
        const isSkipped = broken === 'no-fsync' && name === 'sync';
        const words = values.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value));
        writeSync(3, `${JSON.stringify([name, ...words])}\n`);
        const result = isSkipped ? undefined : Reflect.apply(own as (...all: readonly unknown[]) => unknown, target, values);
        writeSync(3, isSkipped ? 'skipped\n' : 'done\n');
        return result;
      };
    },
  });
}

function writeForEver(storage: Storage): never {
  const policy = attest === 'strict' ? 'strict' : 'next';
  if (
    storage.list('wal').every((name) => !/\.[1-9]\d*\.wal$/.test(name)) &&
    storage.list('blocks').every((name) => name === 'blocks.0.wal')
  )
    Log.init(storage, salt(), { attest: policy });
  const log = Log.open(storage, bootOptions(salt(), policy));
  say('open');
  for (let id = drawn(2 ** 40); ; id += 1) {
    const batch = 1 + drawn(4);
    for (let frame = 0; frame < batch; frame += 1) log.append('input', payloadOf(log.height, id + frame, 16 + drawn(900)));
    log.flush();
    for (let frame = 0; frame < batch; frame += 1) say(`frame ${log.height} ${id + frame}`);
    id += batch;
    if (drawn(12) > 0) continue;
    const { height } = log;
    log.advance(payloadOf(height, 0, idBytes), salt());
    say(`height ${height}`);
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    writeForEver(told(new RealFiles(folder)));
  } catch (error) {
    if (!(error instanceof FolderLockedError)) throw error;
    process.exitCode = refused;
  }
}
