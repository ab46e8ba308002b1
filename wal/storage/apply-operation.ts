/** Carries out one disk operation that is data on any storage, at once: for plans that nobody interrupts. */
import type { DiskOperation } from '../../core/effects.ts';
import type { Storage } from './storage.ts';

/** Throws `StorageError`. Operations that only ask (`read`, `list`) change nothing and are skipped. */
export function applyOperation(storage: Storage, operation: DiskOperation): void {
  switch (operation.type) {
    case 'create':
      storage.create(operation.file);
      break;
    case 'append':
      storage.append(operation.file, operation.bytes);
      break;
    case 'writeAt':
      storage.writeAt(operation.file, operation.offset, operation.bytes);
      break;
    case 'sync':
      storage.sync(operation.file);
      break;
    case 'syncDirectory':
      storage.syncDirectory(operation.directory);
      break;
    case 'remove':
      storage.remove(operation.file);
      break;
    default:
      break;
  }
}
