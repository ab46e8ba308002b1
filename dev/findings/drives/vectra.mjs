/** A vector index for agents: one JSON file. */
import { LocalIndex } from 'vectra';

export async function open(folder) {
  const index = new LocalIndex(`${folder}/index`);
  if (!(await index.isIndexCreated())) await index.createIndex({ version: 1 });
  return {
    set: (value) => index.upsertItem({ id: 'one', vector: [1, 0], metadata: { value } }),
    get: async () => (await index.getItem('one'))?.metadata.value,
  };
}
