/** A file for each key, written beside it and renamed (steno). */
import { FsDatastore } from 'datastore-fs';
import { Key } from 'interface-datastore';

export async function open(folder) {
  const store = new FsDatastore(`${folder}/data`);
  await store.open();
  const key = new Key('/value');
  return {
    set: (value) => store.put(key, new TextEncoder().encode(`value ${value}.`)),
    get: async () => {
      if (!(await store.has(key))) return undefined;
      return Number(/^value (\d)\.$/.exec(Buffer.from(await store.get(key)).toString())[1]);
    },
  };
}
