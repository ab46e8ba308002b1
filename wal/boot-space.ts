/** Checks that a boot has enough disk space. It copies everything that it relies on before it removes anything. */
import { frameHeaderBytes } from './format.ts';
import { type Storage, StorageError } from './storage/storage.ts';
import type { BootStep } from './writer.ts';

/** The space of a file in addition to its bytes: the rest of its last block, and its entry in the folder. */
const fileBytes = 2 * 4096;

/** Throws `StorageError` (`ENOSPC`) if the steps need more space than is free; no file is changed then. A storage that does not know its free space passes. */
export function refuseFullDisk(storage: Storage, steps: readonly BootStep[]): void {
  const free = storage.freeBytes?.();
  if (free === undefined) return;
  const needed = bytesOf(steps);
  if (needed <= free) return;
  const remedy = 'free some space on its disk and start again; nothing was changed';
  throw new StorageError('ENOSPC', 'boot', '.', `${needed} bytes are written anew at boot, and ${free} are free: ${remedy}`);
}

function bytesOf(steps: readonly BootStep[]): number {
  let bytes = 0;
  for (const step of steps) {
    if ('copy' in step) for (const { length } of step.copy.frames) bytes += frameHeaderBytes + length;
    else if (step.operation.type === 'create') bytes += fileBytes;
    else if (step.operation.type === 'append' || step.operation.type === 'writeAt') bytes += step.operation.bytes.length;
  }
  return bytes;
}
