/** A store with its content in one JSON file. */
import { createStore } from 'tinybase';
import { createFilePersister } from 'tinybase/persisters/persister-file';

export async function open(folder) {
  const store = createStore();
  const failures = [];
  const persister = createFilePersister(store, `${folder}/store.json`, (error) => failures.push(error));
  await persister.load();
  return {
    set: async (value) => {
      store.setValue('value', value);
      await persister.save();
    },
    get: () => store.getValue('value'),
    close: () => persister.destroy(),
  };
}
