/** One JSON file, written beside it and renamed (steno). */
import { JSONFilePreset } from 'lowdb/node';

export async function open(folder) {
  const db = await JSONFilePreset(`${folder}/db.json`, {});
  return {
    set: (value) =>
      db.update((data) => {
        data.value = value;
      }),
    get: () => db.data.value,
  };
}
