/** Keyv on one JSON file. */
import { KeyvFile } from 'keyv-file';

export function open(folder) {
  const store = new KeyvFile({ filename: `${folder}/keyv.json`, writeDelay: 0 });
  return { set: (value) => store.set('value', value), get: () => store.get('value') };
}
