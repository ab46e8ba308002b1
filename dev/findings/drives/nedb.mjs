/** A file with a line for each change; `compacted` rewrites it after each. */
import Datastore from '@seald-io/nedb';

export async function open(folder, variant) {
  const db = new Datastore({ filename: `${folder}/db` });
  await db.loadDatabaseAsync();
  return {
    set: async (value) => {
      await db.updateAsync({ _id: 'one' }, { _id: 'one', value }, { upsert: true });
      if (variant === 'compacted') await db.compactDatafileAsync();
    },
    get: async () => (await db.findOneAsync({ _id: 'one' }))?.value,
  };
}
