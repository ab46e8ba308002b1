/** The storages that are compared: the simulated disk, and real files in a fresh folder of a given file system. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SimulatedDisk } from '../../wal/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';
import type { Reopened } from './compare.ts';

/** A process that ends leaves the page cache: to the next one nothing has changed. */
export function simulated(disk: SimulatedDisk = new SimulatedDisk()): Reopened {
  return { storage: disk, reopen: () => simulated(disk), close: () => undefined };
}

/** A new folder within `parent`; `close` removes it. */
export function realFolder(parent: string): Reopened {
  const folder = mkdtempSync(join(parent, 'lazurite-parity-'));
  const open = (): Reopened => {
    const storage = new RealFiles(folder, { lock: 'none' });
    return {
      storage,
      reopen: () => {
        storage.close();
        return open();
      },
      close: () => {
        storage.close();
        rmSync(folder, { recursive: true });
      },
    };
  };
  return open();
}
