/** A file for each key of a cache. */
import { DiskStore } from 'cache-manager-fs-hash';

export function open(folder) {
  const store = new DiskStore({ path: `${folder}/cache` });
  return { set: (value) => store.set('value', value), get: () => store.get('value') };
}
