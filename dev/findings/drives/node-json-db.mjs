/** One JSON file, written beside it and renamed; `syncOnSave` also syncs it. */
import { Config, JsonDB } from 'node-json-db';

export function open(folder, variant) {
  const config = new Config(`${folder}/db`, true, false, '/', variant === 'syncOnSave');
  const db = new JsonDB(config);
  return {
    set: (value) => db.push('/value', value),
    get: async () => ((await db.exists('/value')) ? db.getData('/value') : undefined),
  };
}
