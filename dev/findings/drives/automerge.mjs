/** Chunks of a document in files, as the repository's file storage keeps them. */
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';

export function open(folder) {
  const storage = new NodeFSStorageAdapter(`${folder}/repo`);
  const key = ['document', 'snapshot', 'one'];
  return {
    set: (value) => storage.save(key, new TextEncoder().encode(`value ${value}.`)),
    get: async () => {
      const bytes = await storage.load(key);
      return bytes === undefined ? undefined : Number(/^value (\d)\.$/.exec(Buffer.from(bytes).toString())[1]);
    },
  };
}
