/** A file for each key, rewritten in place. */
import storage from 'node-persist';

export async function open(folder) {
  const store = storage.create();
  await store.init({ dir: `${folder}/persist` });
  return { set: (value) => store.setItem('value', value), get: () => store.getItem('value') };
}
