/** One JSON file, rewritten in place. */
import JSONdb from 'simple-json-db';

export function open(folder) {
  const db = new JSONdb(`${folder}/storage.json`);
  return { set: (value) => db.set('value', value), get: () => db.get('value') };
}
