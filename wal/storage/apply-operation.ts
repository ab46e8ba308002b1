/** Executes one disk operation on any storage, at once. Real logs and tests use it to execute plans. */
import type { DiskOperation } from '../../core/effects.ts';
import type { Storage } from './storage.ts';

/** Executes an operation. `read` and `list` change nothing, and are skipped. Throws `StorageError` if the storage fails. */
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
