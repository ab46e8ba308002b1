/** LMDB; `flushed` says when a write is durable. Without `safeRestore` it trusts unflushed pages as long as the machine has not started anew. */
import { open as openLmdb } from 'lmdb';

export function open(folder) {
  const db = openLmdb({ path: `${folder}/lmdb`, safeRestore: true });
  return {
    set: async (value) => {
      await db.put('value', value);
      await db.flushed;
    },
    get: () => db.get('value'),
    close: () => db.close(),
  };
}
