/** Disk effects on real files, at once: the answer, or undefined if an effect answers only when it fails. */
import type { DiskAnswer, DiskEffect } from '../../core/effects.ts';
import { type Storage, StorageError } from '../../wal/index.ts';

/** `pretended`: a sync is acknowledged and not carried out (a fault, not a feature). */
export function carryOutDisk({ operation, site, tag }: DiskEffect, storage: Storage, pretended: boolean): DiskAnswer | undefined {
  const answer: DiskAnswer = { type: 'disk.answer', site, tag, operation };
  try {
    switch (operation.type) {
      case 'append':
        storage.append(operation.file, operation.bytes);
        return undefined;
      case 'writeAt':
        storage.writeAt(operation.file, operation.offset, operation.bytes);
        return undefined;
      case 'create':
        storage.create(operation.file);
        return answer;
      case 'remove':
        storage.remove(operation.file);
        return answer;
      case 'sync':
        if (!pretended) storage.sync(operation.file);
        return answer;
      case 'syncDirectory':
        if (!pretended) storage.syncDirectory(operation.directory);
        return answer;
      case 'list':
        return { ...answer, names: storage.list(operation.directory) };
      case 'read':
        return { ...answer, bytes: storage.read(operation.file, operation.offset, operation.length) };
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { ...answer, error: { code: error.code, message: error.message } };
  }
}
